"""S1.1-09: the policy for security updates, by document.

Nothing was read about it but its subject; see the certainty of its item.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.proof.absence import unless_absent
from sekisho.proof.paper import attested

if TYPE_CHECKING:
    from sekisho.proof.evidence import Case
    from sekisho.proof.finding import Finding


def judge(case: Case) -> tuple[Finding, ...]:
    """Each item by the documents that count for it."""
    return tuple(unless_absent(case, item, attested) for item in case.statement.items)
