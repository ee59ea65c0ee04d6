"""S1.1-02: no common default password."""

from sekisho.proof.criteria.s1_1_02.judge import judge

__all__ = ["judge"]
