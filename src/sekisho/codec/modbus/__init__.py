"""Modbus as bytes: PDUs, the two framings, one transaction at a time, and the planning of reads.

Nothing here opens a socket or reads a clock. `shell.modbus` moves the bytes.
"""
