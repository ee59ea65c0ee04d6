"""The products as labelled: lists, their history, what changed, and which label a device has."""
