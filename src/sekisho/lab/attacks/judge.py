"""Verdicts from what the plant did and what the journal shows."""

from __future__ import annotations

from dataclasses import dataclass

from sekisho.lab.attacks.finding import Finding, Verdict
from sekisho.terms.texts import Text, sentences

_REFUSED = Text("拒否されました。", "Refused.")
_STAYED = Text("出力は {before} kW のまま変わりませんでした。", "The plant stayed at {before} kW.")
_MOVED = Text("出力が {off} kW 変わりました。", "The plant moved by {off} kW.")
_UNSEEN = Text(
    "何も変わりませんでしたが、ジャーナルに残っていません。",
    "Nothing changed, but the journal does not show it.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """What the journal shows of an attempt."""

    entries: tuple[int, ...]
    reasons: tuple[Text, ...]
    """What the gate said; nothing but words: the verdict is the plant's."""


def unmoved(tried: Text, off: float, before: float, seen: Refusals) -> Finding:
    """Refused where nothing moved and the journal shows it; succeeded otherwise.

    Args:
        tried: what the attacker did.
        off: by how much the plant moved, W; 0: not at all.
        before: what it did before, W.
        seen: journal entries that show the refusal, and why it was refused.
    """
    if off:
        did, verdict = _MOVED.fill(off=kilowatts(off)), Verdict.SUCCEEDED
    elif not seen.entries:
        did, verdict = _UNSEEN, Verdict.SUCCEEDED
    else:
        stayed = _STAYED.fill(before=kilowatts(before))
        did, verdict = sentences((_REFUSED, *seen.reasons, stayed)), Verdict.REFUSED
    return Finding(tried=tried, did=did, verdict=verdict, entries=seen.entries)


def kilowatts(power: float) -> str:
    """A power for people, without its unit."""
    return f"{power / 1000:,.0f}"
