"""DRVPP-1: DR and VPP subsidies with ERAB compliance as a condition."""

from sekisho.desk.rules.drvpp_1.judge import judge

__all__ = ["judge"]
