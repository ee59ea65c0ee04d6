"""GC-4: grid code, fuel cells with a PCS."""

from sekisho.desk.rules.gc_4.judge import judge

__all__ = ["judge"]
