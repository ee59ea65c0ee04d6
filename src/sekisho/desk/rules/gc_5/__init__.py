"""GC-5: grid code, renewal of equipment at an existing plant."""

from sekisho.desk.rules.gc_5.judge import judge

__all__ = ["judge"]
