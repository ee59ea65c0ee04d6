"""What the commands about updates say: their answers, and the updater's status in words."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sekisho.shell.cli.options import Format
from sekisho.shell.cli.showing import as_text, say
from sekisho.shell.extras import UPDATES
from sekisho.terms.texts import Text, same
from sekisho.terms.verdict import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sekisho.gate.update.published import LineDoc, UpdateStatusDoc
    from sekisho.terms.texts import Lang


@contextmanager
def parts() -> Iterator[None]:
    """Names the extra where its parts are not installed."""
    try:
        yield
    except ImportError as error:
        raise UPDATES.absent(error) from error


def told(doc: Mapping[str, object], text: Text, output: Format, lang: Lang) -> None:
    """An answer, for programs or for people."""
    if output is Format.JSON:
        sys.stdout.write(as_text(doc))
    else:
        say(text, lang)


def standing(doc: UpdateStatusDoc) -> int:
    """The exit code of a status."""
    if doc["change"] is not None:
        return ExitCode.UNDETERMINED
    ends = [line["what"] for line in doc["lines"] if line["kind"] == "ended"]
    bad = bool(ends) and ends[-1].get("end") == "old" and ends[-1].get("why") != "asked"
    return ExitCode.FOUND_BAD if bad else ExitCode.GOOD


def status_lines(doc: UpdateStatusDoc) -> Iterator[Text]:
    """The status, line by line."""
    yield _HEAD.fill(model=doc["model"], current=_or_none(doc["current"]))
    yield _RUNS.fill(running=_or_none(doc["running"]))
    yield _BEFORE.fill(previous=_or_none(doc["previous"]), highest=_or_none(doc["highest"]))
    if doc["waiting"]:
        yield _WAITING
    change = doc["change"]
    if change is not None:
        yield _CHANGE.fill(old=_or_none(change["old"]), new=change["new"], phase=change["phase"])
    for line in doc["lines"]:
        yield _line(line)


def _line(line: LineDoc) -> Text:
    at = datetime.fromtimestamp(line["wall"] / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    words = " ".join(
        f"{name}={value[:12] if name == 'digest' else value}"
        for name, value in line["what"].items()
        if value
    )
    return same(f"{line['number']:5} {at} {line['kind']} {words}")


def _or_none(word: str | None) -> Text:
    return Text("なし", "none") if word is None else same(word)


_HEAD = Text("{model}: 入っている版 {current}", "{model}: installed {current}")
_RUNS = Text("動いている版: {running}", "running: {running}")
_BEFORE = Text(
    "戻せる版: {previous}、これまでの最も新しい版: {highest}",
    "can go back to: {previous}; highest ever: {highest}",
)
_WAITING = Text("受け口に更新があります。", "An update lies in the drop.")
_CHANGE = Text(
    "途中の更新: {old} → {new}({phase})。sekisho update resume を実行してください。",
    "Not ended: {old} → {new} ({phase}). Run sekisho update resume.",
)
