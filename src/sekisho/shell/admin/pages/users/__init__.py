"""The page: users."""
