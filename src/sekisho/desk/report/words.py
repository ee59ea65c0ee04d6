"""Words that reports use for values which the list, the register and the rules name in codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sekisho.register.model import How, LabelStatus
from sekisho.rulebook.statement import Kind, Trigger
from sekisho.site.model import Milestone
from sekisho.site.words import MILESTONE_TEXTS
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

STATUS_WORDS: Final[Mapping[LabelStatus, Text]] = {
    LabelStatus.VALID: Text("有効", "valid (有効)"),
    LabelStatus.EXTENSION_PENDING: Text(
        "失効猶予（延長申請中）", "in grace, extension applied for (失効猶予)"
    ),
    LabelStatus.EXPIRED: Text("失効（有効期限切れ）", "expired (失効)"),
    LabelStatus.WITHDRAWN: Text("失効（自主取下げ）", "withdrawn by the holder (自主取下げ)"),
    LabelStatus.REVOKED: Text("取消し", "revoked (取消し)"),
    LabelStatus.UNKNOWN: Text("状態の記載なし・不明", "status not printed or unknown"),
}

HOW_WORDS: Final[Mapping[How, Text]] = {
    How.NUMBER_AND_MODEL: Text("登録番号と型番が一致", "number and model agree"),
    How.NUMBER_ALONE: Text(
        "登録番号だけで照合(型番の記載なし)", "by number alone (no model is stated)"
    ),
    How.MODEL: Text("メーカーと型番が一致", "maker and model agree"),
    How.SERIES: Text("シリーズ全体を対象とするラベル", "the label covers the whole series"),
}

KIND_WORDS: Final[Mapping[Kind, Text]] = {
    Kind.LABEL: Text("ラベル", "label"),
    Kind.DUTY: Text("義務(書面)", "duty (document)"),
}

_TRIGGERS: Final[Mapping[str, Text]] = {
    **{name.value: MILESTONE_TEXTS[name] for name in Milestone},
    Trigger.INTRODUCED.value: Text("機器の導入日", "the device's introduction"),
    Trigger.TODAY.value: Text("常時", "at all times"),
}


def trigger_words(name: str) -> Text:
    """The name of a trigger date as a person reads it."""
    return _TRIGGERS.get(name, Text(name, name))
