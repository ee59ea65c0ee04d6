"""Bytes and values: commands, signed documents, Modbus, SunSpec, device profiles."""
