"""The page: verify."""
