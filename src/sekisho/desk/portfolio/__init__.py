"""Many sites at once: read from a table, surveyed over years, and how much hangs on one maker."""
