"""The live device beside the register: whether it is the labelled one.

A nameplate and a register meet only here: neither room knows the other. The device's own words are
looked up, not the site file's; from the site file comes the registration number that it claims.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from sekisho.evidence.nameplate import Differs, Incomparable, Outcome, PlateField, compare
from sekisho.register.match import match
from sekisho.register.model import (
    Accepted,
    Candidates,
    Conflict,
    Gone,
    How,
    Label,
    Unlisted,
    Unnamed,
)
from sekisho.site.model import Identity
from sekisho.terms.texts import Text, sentences
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from sekisho.evidence.nameplate import Comparison, Nameplate
    from sekisho.register.index import Index
    from sekisho.register.model import Match

FIELDS = {
    PlateField.MAKER: Text("メーカー", "maker"),
    PlateField.MODEL: Text("型番", "model"),
    PlateField.VERSION: Text("バージョン", "version"),
    PlateField.SERIAL: Text("製造番号", "serial number"),
    PlateField.OPTIONS: Text("オプション", "options"),
}
_IS = Text(
    "実機はラベルのある製品です({numbers}、リスト上の状態: {status})。",
    "The live device is the labelled product ({numbers}, status on the list: {status}).",
)
_MAKER_UNCOMPARED = Text(
    "メーカー名「{stated}」と「{live}」は文字の種類が違うため、人が確かめてください。",
    'The makers "{stated}" and "{live}" are in different scripts; a person must compare them.',
)
_OTHER = Text(
    "実機はサイトファイルの機器ではありません: {field}は、サイトファイルが「{stated}」、"
    "実機が「{live}」です。",
    'The live device is not the one in the site file: its {field} is "{live}", not "{stated}".',
)
_CONFLICT = Text(
    "実機はラベルの製品ではありません: {field}は、実機が「{stated}」、リストが「{listed}」です。",
    'The live device is not the labelled product: its {field} is "{stated}", the list has '
    '"{listed}".',
)
_NO_MODEL = Text(
    "実機が型番を名乗らないため、ラベルの製品かどうか分かりません。",
    "The live device states no model, so whether it is the labelled product is not known.",
)
_CANDIDATES = Text(
    "実機に似た製品がリストにありますが、同じとは言えません。",
    "The list has products like the live device; they cannot be taken for it.",
)
_GONE = Text(
    "実機の製品は {seen} のリストにあり、今のリストにありません。",
    "The live device's product stood on the list of {seen} and is not on the present one.",
)
_UNLISTED = Text(
    "実機の製品は {date} のリストにありません。",
    "The live device's product is not on the list of {date}.",
)
_NOT_ON_EXCERPT = Text(
    "実機の製品は {date} の抜粋に見当たりません。抜粋にないことは、リストにないことを意味しません。",
    "The live device's product is not on the excerpt of {date}; that does not mean that it is not "
    "on the list.",
)


@dataclass(frozen=True, slots=True)
class LiveLabel:
    """Whether the live device is the labelled one."""

    verdict: Verdict
    """Met: it is. Broken: it is not. Undetermined: that cannot be told."""
    reason: Text
    comparison: Comparison
    """The nameplate beside the site file's words."""
    labels: tuple[Label, ...] = ()
    """The labels of the live device's product."""


def against_register(plate: Nameplate, stated: Identity, index: Index) -> LiveLabel:
    """Looks a live device up under what it says of itself.

    Args:
        plate: its nameplate.
        stated: what the site file says of it, with the registration number that it claims.
        index: the register.
    """
    comparison = compare(plate, stated)
    if comparison.outcome is Outcome.DIFFERS:
        first = comparison.differences[0]
        reason = _OTHER.fill(field=FIELDS[first.field], stated=first.stated, live=first.live)
        return LiveLabel(Verdict.BROKEN, reason, comparison)
    if not plate.models:
        return LiveLabel(Verdict.UNDETERMINED, _NO_MODEL, comparison)
    caveats = [
        _MAKER_UNCOMPARED.fill(stated=f.stated, live=f.live)
        for f in comparison.findings
        if isinstance(f, Incomparable)
    ]
    # Names in two scripts cannot disagree: the site file's stands in, and the caveat says so.
    maker = stated.maker if caveats else plate.maker
    answers = [
        _answer(
            match(
                Identity(maker=maker, model=model, version=plate.version, label=stated.label),
                index,
            ),
            index,
            comparison,
        )
        for model in plate.models
    ]
    best = min(answers, key=lambda a: _BEST_FIRST.index(a.verdict))
    return replace(best, reason=sentences([best.reason, *caveats]))


_BEST_FIRST = (Verdict.MET, Verdict.UNDETERMINED, Verdict.BROKEN)


def _answer(found: Match, index: Index, comparison: Comparison) -> LiveLabel:
    info = index.register.info
    match found:
        case Accepted(labels=labels, how=How.NUMBER_AND_MODEL | How.MODEL, caveats=caveats):
            numbers = ", ".join(label.number or "—" for label in labels)
            status = ", ".join(dict.fromkeys(label.status_raw or "—" for label in labels))
            reason = sentences([_IS.fill(numbers=numbers, status=status), *caveats])
            return LiveLabel(Verdict.MET, reason, comparison, labels)
        case Accepted(labels=labels):
            return LiveLabel(Verdict.UNDETERMINED, _CANDIDATES, comparison, labels)
        case Conflict(field=field, stated=stated, listed=listed):
            reason = _CONFLICT.fill(field=field, stated=stated, listed=listed)
            return LiveLabel(Verdict.BROKEN, reason, comparison)
        case Candidates(labels=labels):
            return LiveLabel(Verdict.UNDETERMINED, _CANDIDATES, comparison, labels)
        case Gone(vanished=vanished):
            reason = _GONE.fill(seen=vanished.last_seen)
            return LiveLabel(Verdict.UNDETERMINED, reason, comparison)
        case Unlisted() if info.complete:
            return LiveLabel(Verdict.BROKEN, _UNLISTED.fill(date=info.list_date), comparison)
        case Unlisted():
            reason = _NOT_ON_EXCERPT.fill(date=info.list_date)
            return LiveLabel(Verdict.UNDETERMINED, reason, comparison)
        case Unnamed():
            return LiveLabel(Verdict.UNDETERMINED, _NO_MODEL, comparison)
        case _:
            assert_never(found)


def differences_told(comparison: Comparison) -> tuple[Text, ...]:
    """Each difference between nameplate and site file, as a sentence."""
    return tuple(
        _OTHER.fill(field=FIELDS[f.field], stated=f.stated, live=f.live)
        for f in comparison.findings
        if isinstance(f, Differs)
    )
