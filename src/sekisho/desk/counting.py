"""Which findings enter a site's verdict: the table status × force × kind × verdict.

Rules that are decided, promulgated or in force count; reported ones are shown. Mandatory and
勧告 count; a broken 推奨 is advice. A force that is not known cannot break a site, nor clear it.
Duties are listed as open duties and enter only with `--strict`. The table is written out in
`docs/reference/exit-codes.md`, from this function, and is the test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from sekisho.rulebook.statement import Force, Kind, Status
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable


def contribution(
    kind: Kind, status: Status, force: Force, verdict: Verdict, *, strict: bool
) -> Verdict | None:
    """What one rule's verdict contributes to the site's; None: it is shown and does not count."""
    if kind is Kind.DUTY and not strict:
        return None
    match status:
        case Status.REPORTED:
            return None
        case Status.DECIDED | Status.PROMULGATED | Status.IN_FORCE:
            pass
        case _ as never:
            assert_never(never)
    match force:
        case Force.MANDATORY | Force.KANKOKU:
            return verdict
        case Force.SUISHO:
            return None
        case Force.UNKNOWN:
            return Verdict.UNDETERMINED if verdict is Verdict.BROKEN else verdict
        case _ as nothing:
            assert_never(nothing)


def site_verdict(contributions: Iterable[Verdict | None]) -> Verdict:
    """The site's verdict from what its rules contribute.

    Where no counted rule asks anything, the answer is `not-applicable` and never `met`.
    """
    counted = {c for c in contributions if c is not None}
    for verdict in (Verdict.BROKEN, Verdict.UNDETERMINED, Verdict.MET):
        if verdict in counted:
            return verdict
    return Verdict.NOT_APPLICABLE
