"""S1.1-08: an update's integrity is checked."""

from sekisho.proof.criteria.s1_1_08.judge import judge

__all__ = ["judge"]
