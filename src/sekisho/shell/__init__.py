"""The edge: files, clocks, databases, package data, typesetting; `shell.cli` composes."""
