"""What to write instead of a value that a key cannot have."""

# ruff: noqa: ARG001  one signature for all that tell of a fault
from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sekisho.site.faults import Fault, allowed, meant, quoted, together
from sekisho.site.forms import key_of
from sekisho.site.model import ExternalKind, Role
from sekisho.terms.dates import JST
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.site.forms import Forms
    from sekisho.site.locate import Path

_QUANTITY = re.compile(r"^\s*([0-9][0-9_,]{0,20}(?:\.[0-9]{1,9})?)\s*([A-Za-z]{1,4})\s*$")
_POWERS = {"w": 0.001, "kw": 1.0, "mw": 1000.0, "gw": 1_000_000.0}
_TIMES = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}
_UNITS: Mapping[str, tuple[str, Mapping[str, float]]] = {
    "kw": ("kW", _POWERS),
    "kwh": ("kWh", {f"{word}h": factor for word, factor in _POWERS.items()} | _POWERS),
    "ms": ("ms", _TIMES),
    "s": ("s", {word: factor / 1000 for word, factor in _TIMES.items()}),
}
"""By the last part of a key: its unit, and what one of another unit is in it."""
_WORD = re.compile(r"'([^']*)'")


def unknown_word(path: Path, value: object, context: Mapping[str, Any], forms: Forms) -> Fault:
    """A word outside a closed set."""
    known = _WORD.findall(str(context["expected"]))
    key = key_of(path)
    word = value if isinstance(value, str) else ""
    if key == "role" and word in set(ExternalKind):
        hint = Text(
            '構内の機器ではないので [[external]] に kind = "{word}" と書いてください。',
            'It is not a device of the site: write it as [[external]] with kind = "{word}".',
        ).fill(word=word)
    elif key == "kind" and word in set(Role):
        hint = Text(
            '機器なので [[device]] に role = "{word}" と書いてください。',
            'It is a device: write it as [[device]] with role = "{word}".',
        ).fill(word=word)
    else:
        hint = meant(word, known)
    return Fault(
        path,
        Text("{key} に「{value}」は使えません。", '{key} cannot be "{value}".').fill(
            key=key, value=quoted(value)
        ),
        together(hint, allowed(known)),
    )


def bad_id(path: Path, value: object, context: Mapping[str, Any], forms: Forms) -> Fault:
    """An id with other characters."""
    return Fault(
        path,
        Text(
            "id「{value}」に使えない文字があります。",
            'The id "{value}" has characters that an id cannot have.',
        ).fill(value=quoted(value)),
        Text(
            "id は半角の英数字・-・_ だけで、英数字で始めてください(例: gw-1)。",
            "An id has ASCII letters, digits, - and _ only, and begins with a letter or digit (gw-1).",
        ),
    )


def bad_text(path: Path, value: object, context: Mapping[str, Any], forms: Forms) -> Fault:
    """Text that is empty or hides something."""
    key = key_of(path)
    if isinstance(value, str) and not value.strip():
        return Fault(
            path,
            Text("{key} が空です。", "{key} is empty.").fill(key=key),
            Text(
                "分からないときは行ごと消してください(書かない=不明)。",
                "Delete the line if it is not known: what is left out is unknown.",
            ),
        )
    return Fault(
        path,
        Text(
            "{key} に目に見えない文字(制御文字・書字方向・幅なし)があります: {value}",
            "{key} has a character that cannot be seen (control, direction, zero width): {value}",
        ).fill(key=key, value=quoted(value)),
        Text(
            "その文字を消し、見える文字だけで書き直してください。",
            "Delete it and write the text again with visible characters only.",
        ),
    )


def too_long(path: Path, value: object, context: Mapping[str, Any], forms: Forms) -> Fault:
    """Text over its bound."""
    return Fault(
        path,
        Text("{key} が長すぎます。", "{key} is too long.").fill(key=path[-1]),
        Text("{most} 字までに縮めてください。", "Shorten it to {most} characters.").fill(
            most=context["max_length"]
        ),
    )


def not_a_number(path: Path, value: object, context: Mapping[str, Any], forms: Forms) -> Fault:
    """Something else where a number stands; a power with its unit is converted."""
    what = Text("{key} は数で書きます: {value}", "{key} is a number, not: {value}").fill(
        key=path[-1], value=quoted(value)
    )
    shown = _in_unit(str(path[-1]), value) if isinstance(value, str) else None
    if shown is None:
        return Fault(path, what, forms.as_in(path))
    number, unit = shown
    return Fault(
        path,
        what,
        Text(
            "{unit} の数だけを書いてください: {key} = {shown}",
            "Write the number of {unit}: {key} = {shown}",
        ).fill(unit=unit, key=path[-1], shown=number),
    )


def _in_unit(key: str, value: str) -> tuple[str, str] | None:
    """The number in the unit of the key's last part, and that unit."""
    unit = _UNITS.get(key.rpartition("_")[2])
    given = _QUANTITY.match(value)
    if unit is None or given is None:
        return None
    factor = unit[1].get(given[2].lower())
    if factor is None:
        return None
    number = float(given[1].replace(",", "").replace("_", "")) * factor
    return (f"{number:_.0f}" if number == int(number) else repr(number)), unit[0]


def out_of_bounds(path: Path, value: object, context: Mapping[str, Any], forms: Forms) -> Fault:
    """A number or day that cannot be."""
    low, high = context.get("gt", context.get("ge")), context.get("le")
    what = Text("{key} がありえない値です: {value}", "{key} cannot be {value}.").fill(
        key=path[-1], value=quoted(value)
    )
    bound = _day_or_number(high if high is not None else low)
    if high is not None:
        remedy = Text("{bound} 以下にしてください。", "Write at most {bound}.")
    elif "gt" in context:
        remedy = Text("{bound} より大きい値にしてください。", "Write more than {bound}.")
    else:
        remedy = Text("{bound} 以上にしてください。", "Write {bound} or more.")
    return Fault(path, what, together(remedy.fill(bound=bound), _in_brackets(path, forms)))


def _day_or_number(bound: object) -> str:
    return f"{bound:_.0f}" if isinstance(bound, float) else str(bound)


def _in_brackets(path: Path, forms: Forms) -> Text:
    return Text("(例: {line})", "({line})").fill(line=forms.example(path))


def not_a_truth(path: Path, value: object, context: Mapping[str, Any], forms: Forms) -> Fault:
    """Something else than true or false."""
    return Fault(
        path,
        Text(
            "{key} は真偽で書きます: {value}",
            "{key} is true or false, without quotes, not: {value}",
        ).fill(key=path[-1], value=quoted(value)),
        Text(
            "{key} = true または {key} = false(引用符なし)。不明なら行を消してください。",
            "Write {key} = true or {key} = false; delete the line if it is not known.",
        ).fill(key=path[-1]),
    )


def not_a_date(path: Path, value: object, context: Mapping[str, Any], forms: Forms) -> Fault:
    """Something else than a day; an instant is shown as its day in Japan."""
    key = path[-1]
    what = Text("{key} は日付で書きます: {value}", "{key} is a date, not: {value}")
    day: date | None = None
    if isinstance(value, datetime):
        # An instant with an offset falls on its own calendar day in Japan.
        offset = value.utcoffset()
        with suppress(OverflowError):
            day = value.date() if offset is None else value.astimezone(JST).date()
        what = Text("{key} に時刻があります: {value}", "{key} has a time of day: {value}")
    elif isinstance(value, str):
        with suppress(ValueError):
            day = date.fromisoformat(value.strip().replace("/", "-"))
    what = what.fill(key=key, value=quoted(value))
    if day is None:
        remedy = Text(
            "YYYY-MM-DD を引用符なしで書いてください(例: {line})。不明なら行を消してください。",
            "Write YYYY-MM-DD without quotes ({line}); delete the line if it is not known.",
        ).fill(line=forms.example(path))
        return Fault(path, what, remedy)
    return Fault(
        path,
        what,
        Text(
            "日付だけを引用符なしで書いてください: {key} = {day}",
            "Write the day alone, without quotes: {key} = {day}",
        ).fill(key=key, day=day),
    )


def not_text(path: Path, value: object, context: Mapping[str, Any], forms: Forms) -> Fault:
    """Something else than text."""
    key = key_of(path)
    if isinstance(value, bool):
        what = Text("{key} は文字で書きます。", "{key} is text, not true or false.").fill(key=key)
        return Fault(path, what, forms.as_in(path))
    plain = quoted(value).replace('"', "") if isinstance(value, (int, float, date)) else "…"
    return Fault(
        path,
        Text("{key} は文字で書きます: {value}", "{key} is text, not: {value}").fill(
            key=key, value=quoted(value)
        ),
        Text('引用符で囲んでください: "{plain}"', 'Put it in quotes: "{plain}"').fill(plain=plain),
    )
