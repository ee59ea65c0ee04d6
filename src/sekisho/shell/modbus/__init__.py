"""Modbus over sockets and serial lines."""
