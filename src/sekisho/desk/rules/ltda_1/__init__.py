"""LTDA-1: long-term decarbonisation auction, round of FY2026."""

from sekisho.desk.rules.ltda_1.judge import judge

__all__ = ["judge"]
