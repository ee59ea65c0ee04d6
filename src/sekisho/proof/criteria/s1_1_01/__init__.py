"""S1.1-01: access over IP is under access control."""

from sekisho.proof.criteria.s1_1_01.judge import judge

__all__ = ["judge"]
