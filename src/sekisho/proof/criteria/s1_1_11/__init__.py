"""S1.1-11: stored assets are protected."""

from sekisho.proof.criteria.s1_1_11.judge import judge

__all__ = ["judge"]
