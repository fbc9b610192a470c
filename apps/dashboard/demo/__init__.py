"""Demo data: an invented city of three units, made by the same verbs that people use."""
