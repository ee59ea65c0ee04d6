"""Parsers that face an enemy, fed with bytes that coverage guides: one module each."""
