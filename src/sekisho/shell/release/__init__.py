"""The maker's side of updates: keys, what they sign, and what is published. Never runs at a site."""
