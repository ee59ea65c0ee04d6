"""Programs for those who work on sekisho: generated files, figures, the demonstration."""
