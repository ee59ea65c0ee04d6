"""The page: asset."""
