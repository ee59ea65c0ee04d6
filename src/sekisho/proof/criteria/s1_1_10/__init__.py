"""S1.1-10: the model can be recognised."""

from sekisho.proof.criteria.s1_1_10.judge import judge

__all__ = ["judge"]
