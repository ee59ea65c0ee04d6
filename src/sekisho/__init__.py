"""Sekisho (関所): the checkpoint for grid-scale batteries."""

__version__ = "0.1.0"
