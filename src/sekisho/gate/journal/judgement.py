"""What a check of a journal means: the verdict, and the sentences that say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, assert_never

from sekisho.evidence.chain import (
    BadCheckpoint,
    BrokenLink,
    CutTail,
    Missing,
    OutOfOrder,
    Rechained,
    Source,
)
from sekisho.terms.texts import Text
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.evidence.chain import Checked, Finding
    from sekisho.gate.journal.document import FindingDoc

_SOURCES = {
    Source.OWN: Text("ジャーナルと一緒に保管されたチェックポイント", "a checkpoint kept beside it"),
    Source.WITNESS: Text("証人", "the witness"),
}
_WHY = {
    "form": Text("チェックポイントの形式ではありません", "it is no checkpoint"),
    "signature": Text("署名が合いません", "its signature does not verify"),
    "payload": Text("中身がチェックポイントではありません", "its content is no checkpoint"),
}
_NO_WITNESS = Text(
    "証人(--witness)と比べていません。ゲートの鍵を盗んだ者なら、すべてを書き直せます。",
    "It was not compared with checkpoints kept elsewhere (--witness): a thief of the gate's key could "
    "have rewritten all of it.",
)
_NO_KEY = Text(
    "ゲートの公開鍵が分からないため、署名を確かめていません(--public)。",
    "Without the gate's public key the signatures were not looked at (--public).",
)
_LOOSE = Text(
    "この抜粋がゲートのものであることを、署名も証人も示していません。--public か --witness を"
    "指定してください。",
    "Neither a signature nor a witness ties this extract to the gate: give --public or --witness.",
)
_UNSIGNED = Text(
    "{n} 番より後の記録は、まだ署名されていません。", "Entries after {n} are not signed yet."
)
_UNWITNESSED = Text(
    "{n} 番より後の記録は、証人より新しく、比べられません。",
    "Entries after {n} are newer than the witness and cannot be compared with it.",
)
_SIGNED_TO = Text("{n} 番までゲートが署名しています。", "Signed by the gate up to {n}.")
_WITNESSED_TO = Text("{n} 番まで証人と一致します。", "The same as the witness saw up to {n}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A check, and what it means."""

    name: str
    """The file."""
    checked: Checked
    last: int
    """The last entry that stands there itself, not by its hash alone."""
    whole: bool
    """A journal, not an extract."""
    key: bool
    """The gate's public key was known."""
    witness: bool
    """There was a witness."""

    @property
    def verdict(self) -> Verdict:
        """Met: it holds; broken: it was changed; undetermined: nothing ties it to the gate."""
        if self.checked.findings:
            return Verdict.BROKEN
        if self.whole:
            return Verdict.MET if self.key or self.witness else Verdict.UNDETERMINED
        return Verdict.MET if self.covered >= self.last else Verdict.UNDETERMINED

    @property
    def covered(self) -> int:
        """The last entry that a verified signature or a witness covers."""
        signed = self.checked.signed_to if self.key else 0
        return max(signed, self.checked.witnessed_to)


WORDS: Mapping[Verdict, Literal["verified", "tampered", "undetermined"]] = {
    Verdict.MET: "verified",
    Verdict.BROKEN: "tampered",
    Verdict.UNDETERMINED: "undetermined",
}
"""The published word of each verdict."""


def headline(judged: Judgement) -> Text:
    """The one sentence to see first."""
    match judged.verdict:
        case Verdict.BROKEN:
            return Text("ジャーナルが書き換えられています。", "It was changed.")
        case Verdict.UNDETERMINED:
            return Text("確かめられません。", "It cannot be said.")
        case _:
            return Text("ジャーナルの鎖は切れていません。", "It holds.")


def remarks(judged: Judgement) -> list[Text]:
    """How far the check reached, and what it cannot say."""
    checked = judged.checked
    told = [_SIGNED_TO.fill(n=checked.signed_to)] if judged.key and checked.signed_to else []
    if checked.witnessed_to:
        told.append(_WITNESSED_TO.fill(n=checked.witnessed_to))
    if judged.key and checked.signed_to < judged.last:
        told.append(_UNSIGNED.fill(n=checked.signed_to))
    if not judged.key:
        told.append(_NO_KEY)
    if not judged.witness:
        told.append(_NO_WITNESS)
    elif checked.witnessed_to < judged.last:
        told.append(_UNWITNESSED.fill(n=checked.witnessed_to))
    if judged.verdict is Verdict.UNDETERMINED and not judged.whole and not judged.covered:
        told.append(_LOOSE)
    return told


def finding_text(finding: Finding) -> Text:
    """A finding as a sentence."""
    match finding:
        case BrokenLink(number=number):
            return Text(
                "{n} 番の記録、またはその直前とのつながりが書き換えられています。",
                "Entry {n}, or its link to the one before, was changed.",
            ).fill(n=number)
        case Missing(first=first, last=last) if first == last:
            return Text("{n} 番の記録がありません。", "Entry {n} is missing.").fill(n=first)
        case Missing(first=first, last=last):
            return Text(
                "{first} 番から {last} 番の記録がありません。",
                "Entries {first} to {last} are missing.",
            ).fill(first=first, last=last)
        case OutOfOrder(number=number):
            return Text("{n} 番の記録の順番が違います。", "Entry {n} is out of order.").fill(
                n=number
            )
        case CutTail(last=last, count=count, source=source):
            return Text(
                "終わりが切り取られています。{last} 番で終わりますが、{source}では {count} 番まで"
                "ありました。",
                "The end was cut off: it ends at {last}, and {source} saw {count} entries.",
            ).fill(last=last, count=count, source=_SOURCES[source])
        case Rechained(count=count, source=source):
            return Text(
                "{count} 番までの記録が、{source}のときと違います。つなぎ直されています。",
                "Up to entry {count} it is not what {source} saw: it was chained anew.",
            ).fill(count=count, source=_SOURCES[source])
        case BadCheckpoint(place=place, source=source, why=why):
            return Text(
                "{source}のうち {place} 番目は信じられません({why})。",
                "Number {place} of those of {source} cannot be believed: {why}.",
            ).fill(place=place, source=_SOURCES[source], why=_WHY.get(why, why))
        case _:
            assert_never(finding)


def finding_data(finding: Finding) -> FindingDoc:
    """A finding as published."""
    match finding:
        case BrokenLink(number=number):
            return {"what": "broken-link", "number": number}
        case Missing(first=first, last=last):
            return {"what": "missing", "first": first, "last": last}
        case OutOfOrder(number=number):
            return {"what": "out-of-order", "number": number}
        case CutTail(last=last, count=count, source=source):
            return {"what": "cut-tail", "last": last, "count": count, "source": str(source)}
        case Rechained(count=count, source=source):
            return {"what": "rechained", "count": count, "source": str(source)}
        case BadCheckpoint(place=place, source=source, why=why):
            return {"what": "bad-checkpoint", "place": place, "source": str(source), "why": why}
        case _:
            assert_never(finding)
