"""The page: sessions."""
