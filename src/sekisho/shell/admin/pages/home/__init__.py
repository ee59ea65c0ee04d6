"""The page: home."""
