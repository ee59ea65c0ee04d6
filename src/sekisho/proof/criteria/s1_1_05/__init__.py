"""S1.1-05: a disclosure policy is published."""

from sekisho.proof.criteria.s1_1_05.judge import judge

__all__ = ["judge"]
