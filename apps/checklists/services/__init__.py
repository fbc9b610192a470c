"""Verbs on lists, tasks and reports, one module a subject."""
