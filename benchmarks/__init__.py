"""Benchmarks that ship their own baseline: every goal is a ratio taken in one run."""
