"""The page: logout."""
