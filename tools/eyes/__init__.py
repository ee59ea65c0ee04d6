"""What tools of others see of the running product, held against our own tables: `make eyes`."""
