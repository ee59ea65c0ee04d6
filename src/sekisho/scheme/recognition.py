"""Mutual recognition as dated facts. None of it is itself a label on the Japanese list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.scheme.sources import IPA_PSTI, SCIENCEX, SINGAPORE, UK_RULES
from sekisho.terms.ids import CriterionId
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.terms.citation import Citation


class Effect(StrEnum):
    """What a foreign mark does for an application in Japan."""

    WAIVES = "waives-criteria"
    SIMPLIFIES = "simplified-application"
    NONE = "none"


EFFECT_TEXTS = {
    Effect.WAIVES: Text("一部の適合基準の確認を省略できる", "some criteria need not be shown"),
    Effect.SIMPLIFIES: Text("申請が簡略になる", "the application is simplified"),
    Effect.NONE: Text("承認なし", "no recognition"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """One partner scheme, as far as it helps an application in Japan."""

    key: str
    partner: Text
    since: date | None
    """First day of the effect; None where there is none."""
    effect: Effect
    waived: tuple[CriterionId, ...]
    note: Text
    sources: tuple[Citation, ...]

    def is_label(self) -> bool:
        """Whether the foreign mark stands in for a label: never. An application is still needed."""
        return False


RECOGNITIONS: tuple[Recognition, ...] = (
    Recognition(
        key="uk-psti",
        partner=Text("英国 PSTI法", "United Kingdom, PSTI Act"),
        since=date(2026, 1, 1),
        effect=Effect.WAIVES,
        waived=(CriterionId("S1.1-02"), CriterionId("S1.1-05"), CriterionId("S1.1-16")),
        note=Text(
            "PSTI適合製品はチェックリストの3基準を省略できますが、専用の申請が必要で、それ自体はラベルではありません。"
            "逆方向では、英国の規則(2025-12-04施行)が有効な★1ラベルを認め、JST-CR-01-01-2024R1に固定しています",
            "a PSTI-conforming product need not show three criteria of the checklist; an application"
            " is still made, and the conformity is not itself a label. The other way round, UK rules"
            " (in force 2025-12-04) accept a current ★1 label, pinned to JST-CR-01-01-2024R1",
        ),
        sources=(IPA_PSTI, UK_RULES),
    ),
    Recognition(
        key="singapore-cls",
        partner=Text("シンガポール CLS", "Singapore, CLS"),
        since=date(2026, 6, 1),
        effect=Effect.SIMPLIFIES,
        waived=(),
        note=Text(
            "CLSレベル1と★1を基礎とする簡略な申請で、自動的なラベルではありません。"
            "省略される基準は確認できていません",
            "a simplified application on the base of CLS level 1 and ★1, not an automatic label;"
            " which criteria it spares was not found",
        ),
        sources=(SCIENCEX, SINGAPORE),
    ),
    Recognition(
        key="us-cyber-trust-mark",
        partner=Text("米国 Cyber Trust Mark", "United States, Cyber Trust Mark"),
        since=None,
        effect=Effect.NONE,
        waived=(),
        note=Text("協議のみが伝えられています", "talks only, as reported"),
        sources=(SCIENCEX,),
    ),
    Recognition(
        key="eu-cra",
        partner=Text("EU サイバーレジリエンス法(CRA)", "European Union, Cyber Resilience Act"),
        since=None,
        effect=Effect.NONE,
        waived=(),
        note=Text(
            "承認はありません。CRA自体の報告義務は2026-09-11、全面適用は2027-12-11からです",
            "no recognition; the act's own reporting duty starts 2026-09-11, its full application"
            " 2027-12-11",
        ),
        sources=(SCIENCEX,),
    ),
)
