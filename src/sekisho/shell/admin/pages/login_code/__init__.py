"""The page: login code."""
