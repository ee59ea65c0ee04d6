"""S1.1-06: software can be updated."""

from sekisho.proof.criteria.s1_1_06.judge import judge

__all__ = ["judge"]
