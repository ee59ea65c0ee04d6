"""SII-1: storage subsidy, call of September 2026."""

from sekisho.desk.rules.sii_1.judge import judge

__all__ = ["judge"]
