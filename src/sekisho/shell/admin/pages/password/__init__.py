"""The page: password."""
