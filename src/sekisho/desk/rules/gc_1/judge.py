"""GC-1: ★1 for IP devices of the control system, by the day of the contract application.

Open before `grace_until` (parameter): high voltage with self-consumption of 500 kW or less, and PCS of
the low-voltage type under high voltage, for which the makers' association asked for more time; the
outcome was not found. A label settles it in either case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.desk.answers import NO_DEVICE
from sekisho.desk.grid_code import asks, starts
from sekisho.site.model import PcsClass, Voltage
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Case, Demand
    from sekisho.site.model import Device

SMALL_SELF_CONSUMPTION = Text(
    "高圧・自家消費500kW以下には業界団体が2027年10月までの猶予を求めており、結果が確認できていません。",
    "For high voltage with self-consumption of 500 kW or less the makers' association asked for"
    " grace until October 2027; the outcome was not found.",
)
LOW_VOLTAGE_PCS = Text(
    "高圧受電下の低圧用PCSには業界団体が2027年10月までの猶予を求めており、結果が確認できていません。",
    "For a low-voltage type PCS under high voltage the makers' association asked for grace until"
    " October 2027; the outcome was not found.",
)


def judge(case: Case) -> Demand:
    """What the rule asks of one device."""
    if case.device is None:
        return NO_DEVICE
    return starts(case) or asks(case, case.device, _doubt(case, case.device))


def _doubt(case: Case, device: Device) -> Text | None:
    if case.site.voltage is not Voltage.HIGH:
        return None
    if not case.precedes("grace_until"):
        return None
    limit = case.value("grace_kw")
    small = isinstance(limit, float) and case.site.rated_kw <= limit
    if small and case.site.self_consumption is not False:
        return SMALL_SELF_CONSUMPTION
    return LOW_VOLTAGE_PCS if device.pcs_class is PcsClass.LV else None
