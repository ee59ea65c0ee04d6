"""GC-0: grid code, the cyber clauses of 2020."""

from sekisho.desk.rules.gc_0.judge import judge

__all__ = ["judge"]
