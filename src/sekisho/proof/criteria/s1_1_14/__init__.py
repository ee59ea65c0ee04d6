"""S1.1-14: authentication values and updates survive a cut."""

from sekisho.proof.criteria.s1_1_14.judge import judge

__all__ = ["judge"]
