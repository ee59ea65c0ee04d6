"""The journal page by page, the newest first, and what the latest check of it found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sekisho.gate.admin.messages import AskJournal
from sekisho.gate.admin.openapi import MOST_NUMBER
from sekisho.gate.journal.said import UNKNOWN, jst
from sekisho.shell.admin.frame import Shown
from sekisho.shell.admin.problems import problem_of
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.shell.admin.frame import Answer, Context

PAGE = 50
"""Entries of one page."""
_MOST_DIGITS = 16
WORDS = {
    "title": Text("ジャーナル", "Journal"),
    "verify": Text("書き換えられていないか確かめる", "Check that nobody changed it"),
    "running": Text(
        "確かめています。もう一度押すと結果が出ます。",
        "The check runs. Press again for its result.",
    ),
    "none": Text("記録はありません。", "There are no entries."),
    "older": Text("前の記録", "Older"),
    "newest": Text("最新の記録", "Newest"),
}
_SPAN = Text("{first} 番から {last} 番(全 {all} 件)", "Entries {first} to {last} of {all}")
_NOTHING = Text("記録なし", "no entries")
_UNREADABLE = Text("読めない記録です。", "An entry that cannot be read.")
_HEADLINES = {
    "verified": ("✓", "good", Text("記録の鎖は切れていません。", "It holds.")),
    "tampered": ("✕", "bad", Text("記録が書き換えられています。", "It was changed.")),
    "undetermined": ("?", "", Text("確かめられません。", "It cannot be said.")),
}
_CHECKED = Text("{first} 番から {last} 番", "Entries {first} to {last}.")


async def get(context: Context) -> Answer:
    """A page of entries."""
    return await shown(context, None)


async def shown(context: Context, check: Mapping[str, Any] | None) -> Answer:
    """The page, with what a check found."""
    given = context.query.get("before", "0")
    before = (
        int(given) if given.isdecimal() and given.isascii() and len(given) <= _MOST_DIGITS else -1
    )
    if not 0 <= before <= MOST_NUMBER:
        return problem_of(422)
    found = await context.office.gate.ask(AskJournal(before=before, count=PAGE))
    entries = [_entry(one) for one in reversed(found["entries"])]
    numbers = [one["n"] for one in found["entries"]]
    oldest = numbers[0] if numbers else 0
    span = _NOTHING
    if numbers:
        span = _SPAN.fill(
            first=oldest, last=numbers[-1], all=found["wanted"] if not before else "…"
        )
    values = {
        "words": WORDS,
        "entries": entries,
        "span": span,
        "older": oldest if oldest > int(found["first"]) else None,
        "newest": before == 0,
        "checking": check is not None and check["running"],
        "verified": _verified(check),
    }
    return Shown(template="pages/journal/journal.html", values=values)


def _entry(row: Mapping[str, Any]) -> dict[str, object]:
    entry = row["entry"]
    if entry is None:
        return {"n": row["n"], "at": "", "kind": "", "says": _UNREADABLE}
    says = row.get("says")
    return {
        "n": row["n"],
        "at": row.get("at", ""),
        "kind": str(entry.get("kind", "")),
        "says": UNKNOWN if says is None else Text(says["ja"], says["en"]),
    }


def _verified(check: Mapping[str, Any] | None) -> dict[str, object] | None:
    if check is None or check["latest"] is None:
        return None
    latest = check["latest"]
    sign, mark, headline = _HEADLINES[latest["verdict"]]
    return {
        "sign": sign,
        "mark": mark,
        "headline": headline,
        "span": _CHECKED.fill(first=latest["first"], last=latest["last"]),
        "at": jst(check["at"]).rpartition(".")[0],
        "findings": [_told(one) for one in latest["findings"]],
        "remarks": [Text(one["ja"], one["en"]) for one in latest["remarks"]],
    }


def _told(finding: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in finding.items())
