"""Asking a live device: politely, within what was agreed, and writing down what was seen."""
