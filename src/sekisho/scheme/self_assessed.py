"""What is said of this program's own gate wherever a criterion is spoken of."""

from __future__ import annotations

from typing import Final

from sekisho.scheme.criteria import STAR_1
from sekisho.terms.texts import Text

SELF_ASSESSED: Final = Text(
    "{document} に照らして自己評価したものです。ラベルは取得しておらず、申請の表明もしていません。",
    "Self-assessed against {document}, not labelled, no application stated.",
).fill(document=STAR_1.document)
"""Stands on every page about our own gate."""
