"""GOV-1: government bodies put ★1 or higher into their selection criteria within FY2025."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.desk.answers import IP_UNSAID, NO_DEVICE
from sekisho.rulebook.demand import Out, WantsLabel
from sekisho.site.model import Owner, Place, Programme
from sekisho.terms.texts import Text
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Case, Demand

_PRIVATE = Out(
    Text(
        "政府機関等の調達ではないため対象外です。",
        "It is not a procurement by a government body.",
    ),
    on_every_day=True,
)
_BEFORE = Out(
    Text(
        "調達が2025年度より前のため対象外です。",
        "The procurement comes before FY2025.",
    )
)
_SERIAL = Out(
    Text(
        "IP通信をしないため、ラベルの対象となるIoT製品ではありません。",
        "It does not communicate over IP, so it is no IoT product that could carry a label.",
    )
)
_CRITERIA = Text(
    "政府機関等のガイドライン4.3.1(1)は、選定基準に★1以上を含めるよう求めています。",
    "Guideline 4.3.1(1) has government bodies put ★1 or higher into their selection criteria.",
)
_DURING = Text(
    "2025年度中に選定基準へ入れるとされた時期で、その機関の基準が改められていたか分かりません。",
    "The criteria were to be changed within FY2025; whether that body's had been by then is"
    " not known.",
)
_CLOUD = Text(
    "クラウド上の機能で、製品としてのラベルを求められるか定まっていません。",
    "It is a function in a cloud; whether a label is asked for as of a product is open.",
)


def judge(case: Case) -> Demand:
    """What the rule asks of one device."""
    device = case.device
    if device is None:
        return NO_DEVICE
    joins = Programme.GOVERNMENT_PROCUREMENT in case.site.joins
    if case.site.owner is not Owner.GOVERNMENT and not joins:
        return _PRIVATE
    if case.precedes("opening"):
        return _BEFORE
    speaks_ip = case.topology.speaks_ip(device)
    if speaks_ip is None:
        return IP_UNSAID
    if not speaks_ip:
        return _SERIAL
    if case.precedes("from"):
        return WantsLabel((device.id,), _CRITERIA, Verdict.UNDETERMINED, _DURING)
    if device.place is Place.CLOUD:
        return WantsLabel((device.id,), _CRITERIA, Verdict.UNDETERMINED, _CLOUD)
    return WantsLabel((device.id,), _CRITERIA, Verdict.BROKEN)
