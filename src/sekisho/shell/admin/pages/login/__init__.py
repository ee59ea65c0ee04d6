"""The page: login."""
