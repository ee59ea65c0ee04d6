"""The page: update."""
