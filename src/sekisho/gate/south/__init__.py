"""What the devices say, put together."""
