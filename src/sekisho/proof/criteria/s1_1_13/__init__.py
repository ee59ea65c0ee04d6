"""S1.1-13: unneeded interfaces are off, and a vulnerability check is done."""

from sekisho.proof.criteria.s1_1_13.judge import judge

__all__ = ["judge"]
