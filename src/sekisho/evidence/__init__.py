"""What was seen: nameplates, and the chain that keeps entries in their order."""
