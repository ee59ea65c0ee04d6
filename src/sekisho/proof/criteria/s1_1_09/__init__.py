"""S1.1-09: a policy for security updates."""

from sekisho.proof.criteria.s1_1_09.judge import judge

__all__ = ["judge"]
