"""The page: withdraw."""
