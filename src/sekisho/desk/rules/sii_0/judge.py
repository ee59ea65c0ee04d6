"""SII-0: the earlier FY2025 call; a serial device and a labelled protocol converter are one.

That call accepts a device without IP in one configuration with a converter that holds a label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.desk.answers import NO_DEVICE
from sekisho.desk.named import Wording, asks
from sekisho.rulebook.demand import Unsettled, WantsLabel
from sekisho.site.topology import MAIN_ROLES
from sekisho.terms.texts import Text
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Case, Demand

_AS_ONE = Text(
    "IP通信をしない機器は、ラベルを持つプロトコル変換装置との一つの構成として★1を満たせます。",
    "A device without IP can meet ★1 as one configuration with a protocol converter that holds"
    " a label.",
)
_WORDING = Wording(
    named=Text(
        "この公募は、制御システムの主要機器(BMS・PCS・EMS等)に★1を求めています。",
        "The call asks for ★1 on the main devices of the control system (BMS, PCS, EMS and so on).",
    ),
    and_so_on=Text(
        "「等」にこの機器が含まれるかは明示されていません。",
        'Whether "and so on" includes this device is not stated.',
    ),
    serial=Unsettled(
        Text(
            "IP通信をしない機器で、つながるプロトコル変換装置が申告されていません。",
            "It does not communicate over IP, and no protocol converter is declared next to it.",
        ),
        Text(
            "ラベルを持つプロトコル変換装置を介する構成なら、その機器と [[link]] を書いてください。",
            "If a labelled protocol converter stands next to it, declare it and the [[link]].",
        ),
    ),
)


def judge(case: Case) -> Demand:
    """What the rule asks of one device."""
    device = case.device
    if device is None:
        return NO_DEVICE
    if device.role in MAIN_ROLES and case.topology.speaks_ip(device) is False:
        converters = case.topology.converters_of(device)
        if converters:
            return WantsLabel(converters, _AS_ONE, Verdict.BROKEN)
    return asks(case, device, _WORDING)
