"""GC-3: wind; the gateway firewall or an equivalent defence device first, other devices later.

When "later" is was not said, so a missing label on another device leaves the rule undetermined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.desk.answers import IP_UNSAID, NO_DEVICE
from sekisho.desk.grid_code import asks, starts
from sekisho.rulebook.demand import Out, WantsLabel
from sekisho.site.model import Place, Role
from sekisho.terms.texts import Text
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Case, Demand

_DEFENCE_ROLES = frozenset({Role.GATEWAY, Role.FIREWALL})
_DEFENCE = Text(
    "風力ではゲートウェイのファイアウォール(または同等の防御機器)が先行して対象になります。",
    "For wind the gateway firewall, or an equivalent defence device, is in scope first.",
)
_LATER = Text(
    "風力ではゲートウェイの防御機器以外は後日とされ、その時期が示されていません。",
    "For wind, devices other than the gateway's defence come later, and no date was given.",
)
_CLOUD = Text(
    "クラウド上の防御機能で、機器としてのラベルを求められるか定まっていません。",
    "The defence is a function in a cloud; whether a label is asked for as of a device is open.",
)
_SERIAL = Out(
    Text(
        "IP通信をしないため機器単体としては対象外です。",
        "It does not communicate over IP, so it is out of scope as a device.",
    )
)


def judge(case: Case) -> Demand:
    """What the rule asks of one device."""
    device = case.device
    if device is None:
        return NO_DEVICE
    early = starts(case)
    if early is not None:
        return early
    if device.role not in _DEFENCE_ROLES:
        return asks(case, device, _LATER)
    speaks_ip = case.topology.speaks_ip(device)
    if speaks_ip is None:
        return IP_UNSAID
    if not speaks_ip:
        return _SERIAL
    if device.place is Place.CLOUD:
        return WantsLabel((device.id,), _DEFENCE, Verdict.UNDETERMINED, _CLOUD)
    return WantsLabel((device.id,), _DEFENCE, Verdict.BROKEN)
