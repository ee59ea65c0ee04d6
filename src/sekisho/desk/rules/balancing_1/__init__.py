"""BALANCING-1: primary control from 10 MW, a dedicated line."""

from sekisho.desk.rules.balancing_1.judge import judge

__all__ = ["judge"]
