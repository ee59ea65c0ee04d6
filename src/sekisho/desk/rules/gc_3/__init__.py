"""GC-3: grid code, wind."""

from sekisho.desk.rules.gc_3.judge import judge

__all__ = ["judge"]
