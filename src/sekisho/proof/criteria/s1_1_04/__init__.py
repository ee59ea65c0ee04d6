"""S1.1-04: guessing is made hard."""

from sekisho.proof.criteria.s1_1_04.judge import judge

__all__ = ["judge"]
