"""SunSpec information models: definitions as data, discovery, typed points, device maps."""
