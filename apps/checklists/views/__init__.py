"""Pages of checklists for the units, one module a subject."""
