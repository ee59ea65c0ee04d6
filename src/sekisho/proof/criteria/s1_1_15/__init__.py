"""S1.1-15: stored data can be deleted."""

from sekisho.proof.criteria.s1_1_15.judge import judge

__all__ = ["judge"]
