"""The logic of the gate's own pages and programming interface: who may do what, and who is who.

Pure: it is told the time, the randomness, and whether a hash fits; `shell.admin` asks and keeps.
"""
