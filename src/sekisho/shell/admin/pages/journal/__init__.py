"""The page: journal."""
