"""DRVPP-1: ERAB compliance as a grant condition; how strongly differs from call to call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.desk.answers import NO_DEVICE
from sekisho.rulebook.demand import Out, Unsettled
from sekisho.site.model import Role
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Case, Demand

_ASIDE = frozenset({Role.ROUTER, Role.FIREWALL, Role.METER, Role.CAMERA, Role.CELL_PACK})
_NOT_MEANT = Out(
    Text(
        "ERABガイドラインのインタフェースに当たらない機器です。",
        "The device does not stand on an interface of the ERAB guideline.",
    )
)
_SERIAL = Out(
    Text(
        "IP通信をしないため、機器単体としてはラベルの対象外です。",
        "It does not communicate over IP, so no label is asked for as a device.",
    )
)
_OPEN = Unsettled(
    Text(
        "ERABガイドラインへの準拠が交付条件とされますが、必須か加点かは公募ごとに異なり未確認です。",
        "Compliance with the ERAB guideline is a grant condition; whether it is mandatory or scored"
        " differs from call to call and was not confirmed.",
    ),
    Text(
        "公募要領の該当箇所(必須・加点の別、ラベルの要否)を執行団体に確認してください。",
        "Ask the body that runs the call: mandatory or scored, and whether labels are asked for.",
    ),
)


def judge(case: Case) -> Demand:
    """What the rule asks of one device."""
    device = case.device
    if device is None:
        return NO_DEVICE
    if device.role in _ASIDE:
        return _NOT_MEANT
    return _SERIAL if case.topology.speaks_ip(device) is False else _OPEN
