"""Pages that need every app, one module a subject."""
