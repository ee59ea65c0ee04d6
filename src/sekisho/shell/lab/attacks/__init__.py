"""Attacks against a gate that runs, through its real interfaces."""
