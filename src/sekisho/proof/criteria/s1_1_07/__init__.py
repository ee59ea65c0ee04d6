"""S1.1-07: the procedure for updates is shown."""

from sekisho.proof.criteria.s1_1_07.judge import judge

__all__ = ["judge"]
