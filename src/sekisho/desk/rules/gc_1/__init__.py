"""GC-1: grid code, solar and battery at high and extra-high voltage."""

from sekisho.desk.rules.gc_1.judge import judge

__all__ = ["judge"]
