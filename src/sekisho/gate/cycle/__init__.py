"""The cycle: what the plant is told at each tick, from one image and one memory."""
