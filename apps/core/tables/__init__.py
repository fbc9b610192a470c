"""Excel and CSV in: read in a process of its own, as cells of text, number or day.

Knows no domain word. `read.read` gives the cells, `values` makes words and days of them. This
file imports nothing, because the child passes through it.
"""
