"""The page: documents."""
