"""S1.1-03: authentication values can be changed."""

from sekisho.proof.criteria.s1_1_03.judge import judge

__all__ = ["judge"]
