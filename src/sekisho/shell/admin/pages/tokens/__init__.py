"""The page: tokens."""
