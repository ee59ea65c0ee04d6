"""LAW-1: business electrical works (事業用電気工作物) secure the computers that run them.

Which text applies depends on the operator: a generation business JESC Z0004, else the guideline for
private facilities (自家用). The dividing line (parameter `generation_kw`) is a total of more than
10 MW; whether the owner is a generation business is not in the site file, so the reason says it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.rulebook.demand import Out, Unsettled, WantsAttestation
from sekisho.site.model import Voltage, WorksClass
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Case, Demand

KEY = "security_plan"

_GENERAL = Out(
    Text(
        "一般用電気工作物のため対象外です。",
        "The works are general-use works (一般用電気工作物).",
    )
)
_SMALL = Unsettled(
    Text(
        "低圧の事業用電気工作物は小規模事業用(対象外)の可能性があり、区分が書かれていません。",
        "Low-voltage business works may be small-scale ones, which are excluded;"
        " the class is not stated.",
    ),
    Text(
        "小規模事業用電気工作物に当たるかを電気主任技術者または保安監督部に確認してください。",
        "Ask the chief electrical engineer or the safety office whether they are small-scale works.",
    ),
)
_REMEDY = Text(
    "セキュリティ対策と保安規程の条項を定め、"
    "[attestations] security_plan に日付と書類を書いてください。",
    "Set down the measures and the clause of the safety regulations (保安規程), and write date and"
    " document under [attestations] security_plan.",
)
_JESC = WantsAttestation(
    key=KEY,
    reason=Text(
        "電技省令15条の2。合計10MW超で発電事業に当たる場合はJESC Z0004(2025)"
        "(当たらない場合は自家用ガイドライン)に従います。",
        "Ministerial Ordinance art. 15-2; above 10 MW in total, a generation business follows"
        " JESC Z0004 (2025), any other the guideline for private facilities.",
    ),
    remedy=_REMEDY,
)
_PRIVATE = WantsAttestation(
    key=KEY,
    reason=Text(
        "電技省令15条の2。自家用電気工作物サイバーセキュリティガイドラインに従います。",
        "Ministerial Ordinance art. 15-2; the guideline for private facilities"
        " (自家用電気工作物) applies.",
    ),
    remedy=_REMEDY,
)


def judge(case: Case) -> Demand:
    """What the rule asks of the site."""
    if case.site.works_class is WorksClass.GENERAL:
        return _GENERAL
    if case.site.voltage is Voltage.LOW:
        return _SMALL
    limit = case.value("generation_kw")
    generation = isinstance(limit, float) and case.site.rated_kw > limit
    return _JESC if generation else _PRIVATE
