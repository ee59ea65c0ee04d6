"""The process of the gate's own pages and programming interface, under a user of its own.

It can move nothing: what it wants of the gate it asks through a Unix socket with a closed set of
questions (`gate.admin.messages`). Its death or load leaves the cycle as it is.
"""
