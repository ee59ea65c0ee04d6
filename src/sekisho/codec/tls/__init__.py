"""TLS as far as its first words: what a client may ask, and what a server answers to it."""
