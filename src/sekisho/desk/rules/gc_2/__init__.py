"""GC-2: grid code, solar and battery at low voltage."""

from sekisho.desk.rules.gc_2.judge import judge

__all__ = ["judge"]
