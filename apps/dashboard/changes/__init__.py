"""What the pages of 任职和变动 share: frames, forms, people found, what will follow."""
