"""Labels and matches in words: how a device was looked up, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from sekisho.desk.report.words import HOW_WORDS, STATUS_WORDS
from sekisho.register.model import (
    Accepted,
    Candidates,
    Conflict,
    Gone,
    LabelStatus,
    Unlisted,
    Unnamed,
)
from sekisho.terms.texts import Text, listed, same, sentences

if TYPE_CHECKING:
    from sekisho.register.model import Label, Match

NO_NUMBER = Text("登録番号の記載なし", "no number printed")
NO_EXPIRY = Text("有効期限の記載なし", "no expiry printed")

_LEVEL = Text("★{level}", "★{level}")
_UNTIL = Text("{day} まで", "until {day}")
_ACCEPTED = Text("{how}: {labels}。", "{how}: {labels}.")
_CONFLICT = Text(
    "{field}が一致しません。サイトファイル「{stated}」、リスト「{listed}」: {label}。",
    'The {field} disagrees. Site file "{stated}", list "{listed}": {label}.',
)
_CANDIDATES = Text(
    "似た製品(確認が必要): {labels}。", "Similar products, to be confirmed: {labels}."
)
_GONE = Text(
    "{day} のリストには掲載され、最新のリストにありません: {label}。",
    "On the list of {day} and not on the newest: {label}.",
)
_UNLISTED = Text("一致も似た製品もありません。", "Neither a match nor a similar product.")
_UNNAMED = Text(
    "メーカー・型番・登録番号の記載がなく、照合できません。",
    "No maker, model or number is stated; nothing to look up.",
)


def match_words(match: Match) -> Text:
    """How the device was looked up, with every label that plays a part."""
    match match:
        case Accepted(labels=labels, how=how, caveats=caveats):
            found = listed(label_words(label) for label in labels)
            return sentences([_ACCEPTED.fill(how=HOW_WORDS[how], labels=found), *caveats])
        case Conflict(label=label, field=field, stated=stated, listed=on_list):
            return _CONFLICT.fill(
                field=field, stated=stated, listed=on_list, label=label_words(label)
            )
        case Candidates(labels=labels, why=why):
            found = listed(label_words(label) for label in labels)
            return sentences([_CANDIDATES.fill(labels=found), why])
        case Gone(vanished=vanished):
            return _GONE.fill(day=vanished.last_seen, label=label_words(vanished.label))
        case Unlisted():
            return _UNLISTED
        case Unnamed():
            return _UNNAMED
        case _ as never:
            assert_never(never)


def label_words(label: Label) -> Text:
    """A label in one line: maker, product, number, level, status and expiry, as printed."""
    name = same(" ".join([*label.makers[:1], *label.products[:1]]) or label.key)
    number = same(label.number) if label.number else NO_NUMBER
    parts = [number]
    if label.level is not None:
        parts.append(_LEVEL.fill(level=label.level))
    parts += [status_words(label), expiry_words(label)]
    facts = listed(parts)
    return Text(f"{name.ja}({facts.ja})", f"{name.en} ({facts.en})")


def status_words(label: Label) -> Text:
    """The status as the list prints it; our word only where the list has none that we know."""
    if label.status is LabelStatus.UNKNOWN and label.status_raw:
        return same(f"「{label.status_raw}」")
    word = STATUS_WORDS[label.status]
    return Text(label.status_raw or word.ja, word.en)


def expiry_words(label: Label) -> Text:
    """The day on which the label ends, or that none is printed."""
    return _UNTIL.fill(day=label.expires) if label.expires else NO_EXPIRY
