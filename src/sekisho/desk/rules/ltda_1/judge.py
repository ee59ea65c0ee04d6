"""LTDA-1: form 4 (様式4) §2 and §6 of the FY2026 auction name BMS, PCS and EMS "and so on"."""

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
        "登録日が2026年度の募集要綱(2026-09-02)より前です。前回も★1が条件でしたが要綱は未確認です。",
        "The registration comes before the guidelines of this round (2026-09-02); the round before"
        " had ★1 as a condition too, its text was not read.",
    ),
    Text(
        "auction_registration の日付と応札年度を確認してください。",
        "Check the date auction_registration and the round.",
    ),
)
_WORDING = Wording(
    named=Text(
        "様式4 §6(1)は、制御システムを構成する主要製品(BMS・PCS・EMS等)すべてに★1を求めています。",
        "Form 4 §6(1) asks for ★1 on all main products that make up the control system"
        " (BMS, PCS, EMS and so on).",
    ),
    and_so_on=Text(
        "様式4 §6(1)の「等」にこの機器が含まれるかは明示されていません。",
        'Whether "and so on" of form 4 §6(1) includes this device is not stated.',
    ),
    serial=Unsettled(
        Text(
            "IP通信をしない機器の扱いは様式4 §6(2)に記載して審査を受けるもので、結果は定まりません。",
            "A device without IP is described under form 4 §6(2) (treatment of non-IP devices) and"
            " reviewed; the outcome cannot be said.",
        ),
        Text(
            "様式4 §6(2)に非IP機器の扱いを、§6(3)の構成図に接続先を記載してください。",
            "Describe its treatment under form 4 §6(2), and its connection in the diagram of §6(3).",
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
