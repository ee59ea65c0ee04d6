"""How sure a statement is. Certainty is carried from the source to the report, never sharpened."""

from __future__ import annotations

from enum import StrEnum

from sekisho.terms.texts import Text


class Certainty(StrEnum):
    """How a statement reached us, strongest first."""

    PRIMARY = "primary"
    """Read in the text of the authority's own page."""
    SECONDARY = "secondary"
    """Read in another source that quotes or cites the authority's document."""
    INFERRED = "inferred"
    """Our inference from statements read."""
    UNCONFIRMED = "unconfirmed"
    """General knowledge without a source; a default to be confirmed."""


CERTAINTY_TEXTS = {
    Certainty.PRIMARY: Text("一次資料で確認", "read in the authority's own text"),
    Certainty.SECONDARY: Text(
        "二次資料で確認(一次資料は未読)", "read second-hand; the authority's text was not read"
    ),
    Certainty.INFERRED: Text("資料からの推論", "inferred from what was read"),
    Certainty.UNCONFIRMED: Text("未確認", "unconfirmed"),
}
