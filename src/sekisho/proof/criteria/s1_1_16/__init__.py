"""S1.1-16: users are told about the product."""

from sekisho.proof.criteria.s1_1_16.judge import judge

__all__ = ["judge"]
