"""The page: first use."""
