"""The page: account."""
