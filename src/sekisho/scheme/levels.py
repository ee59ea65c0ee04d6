"""★1 to ★4 as data: who evaluates, and for which products a level exists today.

A programme wants a level "of n or higher" (`at_least`). Above ★1 a level exists per product type,
and may be missing for one: then a higher wish cannot be fulfilled by anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.scheme.sources import (
    IPA_APPLICATION,
    IPA_LEVEL_3,
    IPA_PSTI,
    LEVEL_3_DRAFT,
    METI_START,
    SCIENCEX,
    UNITIS,
)
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.terms.citation import Citation


class ProductType(StrEnum):
    """Kinds of product for which the scheme makes criteria of their own."""

    ANY = "any"
    COMMUNICATION = "communication-equipment"
    CAMERA = "network-camera"
    PCS = "pcs"


class State(StrEnum):
    """How far a level has come for a product type."""

    OPEN = "open"
    """Labels are issued."""
    CRITERIA = "criteria-published"
    """Requirements are published; the evaluation guide was not seen yet."""
    DRAFT = "draft"
    STUDIED = "under-study"
    NOTHING_SEEN = "nothing-seen"


PRODUCT_TEXTS = {
    ProductType.ANY: Text("IoT製品全般", "any IoT product"),
    ProductType.COMMUNICATION: Text("通信機器", "communication equipment"),
    ProductType.CAMERA: Text("ネットワークカメラ", "network cameras"),
    ProductType.PCS: Text("PCS(パワーコンディショナ)", "PCS"),
}

STATE_TEXTS = {
    State.OPEN: Text("ラベル発行中", "labels are issued"),
    State.CRITERIA: Text(
        "要件公表済(評価ガイドは準備中と伝えられる)",
        "requirements published (evaluation guide said to be in preparation)",
    ),
    State.DRAFT: Text("案", "draft"),
    State.STUDIED: Text("検討中と伝えられる", "said to be under study"),
    State.NOTHING_SEEN: Text("確認できず", "nothing seen"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How far a level had come for a product type, by one source."""

    product: ProductType
    state: State
    reached: date | None
    """None where the source gives no day."""
    source: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of the scheme."""

    stars: int
    evaluator: Text
    """Who evaluates."""
    evaluator_source: Citation
    steps: tuple[Step, ...]
    """What is known of it, oldest first."""

    def state(self, product: ProductType, known_at: date) -> State:
        """How far the level was for a product type, as known on a day."""
        known = [
            step.state
            for step in self.steps
            if step.product in {product, ProductType.ANY} and step.source.learned <= known_at
        ]
        return known[-1] if known else State.NOTHING_SEEN


_SELF = Text(
    "ベンダーの自己適合宣言(検証事業者に委ねることもできる)。IPAは発行時に適合そのものを確かめません",
    "the vendor's own declaration (a verification business may do the work); IPA does not check the"
    " conformance itself when it issues the label",
)
_BODY = Text(
    "第三者(JC-STAR評価機関)が評価し、IPAが認証します",
    "a third party (JC-STAR evaluation body) evaluates, IPA certifies",
)


LEVELS: tuple[Level, ...] = (
    Level(
        stars=1,
        evaluator=_SELF,
        evaluator_source=IPA_APPLICATION,
        steps=(
            Step(
                product=ProductType.ANY,
                state=State.OPEN,
                reached=date(2025, 3, 25),
                source=METI_START,
            ),
        ),
    ),
    Level(
        stars=2,
        evaluator=_SELF,
        evaluator_source=IPA_APPLICATION,
        steps=(
            Step(
                product=ProductType.ANY,
                state=State.NOTHING_SEEN,
                reached=None,
                source=IPA_PSTI,
            ),
            Step(product=ProductType.PCS, state=State.STUDIED, reached=None, source=SCIENCEX),
            Step(
                product=ProductType.COMMUNICATION,
                state=State.STUDIED,
                reached=None,
                source=UNITIS,
            ),
        ),
    ),
    Level(
        stars=3,
        evaluator=_BODY,
        evaluator_source=IPA_APPLICATION,
        steps=(
            Step(
                product=ProductType.COMMUNICATION,
                state=State.DRAFT,
                reached=date(2025, 11, 27),
                source=LEVEL_3_DRAFT,
            ),
            Step(
                product=ProductType.CAMERA,
                state=State.DRAFT,
                reached=date(2025, 11, 27),
                source=LEVEL_3_DRAFT,
            ),
            Step(
                product=ProductType.COMMUNICATION,
                state=State.CRITERIA,
                reached=date(2026, 6, 12),
                source=IPA_LEVEL_3,
            ),
            Step(
                product=ProductType.CAMERA,
                state=State.CRITERIA,
                reached=date(2026, 6, 12),
                source=IPA_LEVEL_3,
            ),
        ),
    ),
    Level(stars=4, evaluator=_BODY, evaluator_source=IPA_APPLICATION, steps=()),
)


def at_least(held: int | None, wanted: int) -> bool | None:
    """Whether a label of `held` stars fulfils a wish for `wanted` or more; None where not known."""
    return None if held is None else held >= wanted
