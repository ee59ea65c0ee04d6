"""The page: reset."""
