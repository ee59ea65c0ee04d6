"""GC-0: agree to the three cyber items of 2020 and name a security manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.rulebook.demand import Out, WantsAttestation
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Case, Demand

_BEFORE = Out(
    Text(
        "申込みが2020年10月1日より前のため対象外です。",
        "The application comes before 2020-10-01.",
    )
)
_AGREE = WantsAttestation(
    key="security_manager",
    reason=Text(
        "連系の申込者は、外部ネットワークの影響の最小化、マルウェア侵入の防止、"
        "セキュリティ管理責任者の通知の3項目に同意する必要があります。",
        "An applicant agrees to three items: keep effects from outside networks to a minimum,"
        " prevent the entry of malware, and notify a security manager.",
    ),
    remedy=Text(
        "セキュリティ管理責任者を定めて連絡先を届け出、"
        "[attestations] security_manager に日付と書類を書いてください。",
        "Name a security manager with contact details, and write date and document under"
        " [attestations] security_manager.",
    ),
)


def judge(case: Case) -> Demand:
    """What the rule asks of the site."""
    if case.precedes("from"):
        return _BEFORE
    return _AGREE
