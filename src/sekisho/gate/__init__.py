"""The road: what may pass between the cloud and the plant. Pure; shell runs it."""
