"""The page: propose."""
