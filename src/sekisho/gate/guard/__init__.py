"""The guard: may this command change what the plant does? The first "no" is the answer."""
