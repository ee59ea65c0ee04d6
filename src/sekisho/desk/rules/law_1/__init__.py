"""LAW-1: cybersecurity of electrical works by law."""

from sekisho.desk.rules.law_1.judge import judge

__all__ = ["judge"]
