"""ERAB-2 at R5: gateway to energy device."""

from sekisho.desk.rules.erab_r5.judge import judge

__all__ = ["judge"]
