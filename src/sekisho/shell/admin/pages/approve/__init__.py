"""The page: approve."""
