"""Pages on which posts and organisations change, in front for organ committees, in the admin
for the committee."""
