"""Modbus over sockets and serial lines: the client of the gate, the server of simulated devices."""
