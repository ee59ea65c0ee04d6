"""SII-0: storage subsidy, earlier FY2025 call."""

from sekisho.desk.rules.sii_0.judge import judge

__all__ = ["judge"]
