"""One module per kind of generated file; each has `files()`: path → content."""
