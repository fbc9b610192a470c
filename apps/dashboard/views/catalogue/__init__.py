"""Pages on which the committee drafts, compares and applies versions of the catalogue."""
