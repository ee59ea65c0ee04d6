"""The page: language."""
