"""S1.1-07: the way to update, by document.

One of four ways is enough: automatic, through a companion service, through the product, by download.
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
