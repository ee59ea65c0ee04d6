"""SII-1: clause 1-6 ⑨ of the call of September 2026 names BMS, PCS and EMS "and so on".

The earlier call (`sii_0`) says how a serial device is treated; this one was not seen to say it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.desk.answers import NO_DEVICE
from sekisho.desk.named import Wording, asks
from sekisho.rulebook.demand import Unsettled
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Case, Demand

_EARLIER = Unsettled(
    Text(
        "申請日がこの公募(2026年9月)より前で、どの公募への申請か分かりません。",
        "The application comes before this call (September 2026); which call it is for is unclear.",
    ),
    Text(
        "subsidy_application の日付と joins の公募名を確認してください。",
        "Check the date subsidy_application and the call named under joins.",
    ),
)
_WORDING = Wording(
    named=Text(
        "公募要領1-6⑨は、BMS・PCS・EMS等に★1を求めています(加点ではなく要件)。",
        "Clause 1-6 ⑨ asks for ★1 on BMS, PCS, EMS and so on (a condition, not a score).",
    ),
    and_so_on=Text(
        "公募要領1-6⑨の「等」にこの機器が含まれるかは明示されていません。",
        'Whether "and so on" of clause 1-6 ⑨ includes this device is not stated.',
    ),
    serial=Unsettled(
        Text(
            "IP通信をしない機器の扱いは1-6⑨の構成図で示して審査を受けるもので、結果は定まりません。",
            "A device without IP is shown in the diagram of clause 1-6 ⑨ and reviewed;"
            " the outcome cannot be said.",
        ),
        Text(
            "1-6⑨の構成図に接続先とセキュリティ対策を記載し、扱いをSIIに照会してください。",
            "Show its connection and the measures in the diagram of clause 1-6 ⑨, and ask SII how"
            " it is treated.",
        ),
    ),
)


def judge(case: Case) -> Demand:
    """What the rule asks of one device."""
    if case.device is None:
        return NO_DEVICE
    if case.precedes("from"):
        return _EARLIER
    return asks(case, case.device, _WORDING)
