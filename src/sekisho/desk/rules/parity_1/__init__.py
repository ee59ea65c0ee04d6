"""PARITY-1: storage-parity subsidy of FY2026."""

from sekisho.desk.rules.parity_1.judge import judge

__all__ = ["judge"]
