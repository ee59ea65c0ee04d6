"""ERAB-1 at R4: aggregator to gateway."""

from sekisho.desk.rules.erab_r4.judge import judge

__all__ = ["judge"]
