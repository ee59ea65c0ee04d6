"""The running gate: its tasks, its store, its clocks."""
