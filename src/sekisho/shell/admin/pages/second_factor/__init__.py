"""The page: second factor."""
