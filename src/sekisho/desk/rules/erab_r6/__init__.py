"""ERAB-1 at R6: aggregator to energy device without a gateway."""

from sekisho.desk.rules.erab_r6.judge import judge

__all__ = ["judge"]
