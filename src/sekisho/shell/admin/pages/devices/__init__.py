"""The page: devices."""
