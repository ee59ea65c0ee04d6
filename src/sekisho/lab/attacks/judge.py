"""Verdicts from what the plant did and what the journal shows."""

from __future__ import annotations

from sekisho.lab.attacks.finding import Finding, Verdict
from sekisho.terms.texts import Text

_STAYED = Text(
    "拒否され、出力は {before} kW のまま変わりませんでした。",
    "It was refused; the plant stayed at {before} kW.",
)
_MOVED = Text("出力が {off} kW 変わりました。", "The plant moved by {off} kW.")
_UNSEEN = Text(
    "何も変わりませんでしたが、記録に残っていません。",
    "Nothing changed, but the journal does not show it.",
)


def unmoved(tried: Text, off: float, before: float, entries: tuple[int, ...]) -> Finding:
    """Refused where nothing moved and the journal shows it; succeeded otherwise.

    Args:
        tried: what the attacker did.
        off: by how much the plant moved, W; 0: not at all.
        before: what it did before, W.
        entries: journal entries that show the refusal.
    """
    if off:
        did, verdict = _MOVED.fill(off=kilowatts(off)), Verdict.SUCCEEDED
    elif not entries:
        did, verdict = _UNSEEN, Verdict.SUCCEEDED
    else:
        did, verdict = _STAYED.fill(before=kilowatts(before)), Verdict.REFUSED
    return Finding(tried=tried, did=did, verdict=verdict, entries=entries)


def kilowatts(power: float) -> str:
    """A power for people, without its unit."""
    return f"{power / 1000:,.0f}"
