"""The plant as declared: the site file's words, its strict reader, its topology."""
