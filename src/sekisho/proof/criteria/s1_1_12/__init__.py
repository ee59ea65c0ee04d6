"""S1.1-12: transmitted assets are protected."""

from sekisho.proof.criteria.s1_1_12.judge import judge

__all__ = ["judge"]
