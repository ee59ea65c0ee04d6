"""Evidence of a device judged against the sixteen ★1 criteria; nothing here asks a device anything."""
