"""The updater: a process of its own, under a user of its own, that alone may write versions."""
