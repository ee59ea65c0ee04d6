"""The page: decisions."""
