"""Simulated plants, head-ends and attackers. Nothing that runs at a site imports it."""
