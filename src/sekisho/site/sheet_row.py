"""One row of an equipment list becomes one device of the draft."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from sekisho.site.document import MAX_DEVICES
from sekisho.site.faults import meant, quoted, together
from sekisho.site.model import Role
from sekisho.site.sheet_draft import TRUTHS, Row
from sekisho.site.sheet_words import COUNTED, NO, NO_NUMBER, ROLES, UNKNOWN, YES, folded
from sekisho.site.words import ROLE_TEXTS
from sekisho.site.writer import toml_text
from sekisho.terms.errors import Problem
from sekisho.terms.sheet import cell_text, place
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sekisho.terms.sheet import Book, Cell, Sheet

_TEXTS = ("maker", "product", "model", "version", "label", "jet")
_DAYS = ("introduced", "bought")
_LONGEST = 200
_COUNT_DIGITS = 5
"""A longer number is no count of devices, and is not worth converting."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(slots=True)
class Reading:
    """The list while it is read."""

    book: Book
    sheet: Sheet
    header: int
    columns: Mapping[str, int]
    problems: list[Problem] = field(default_factory=list)

    def where(self, row: int, key: str) -> str:
        """A cell, for messages."""
        return place(self.book, self.sheet, row, self.columns[key])

    def cells(self, row: int) -> Iterator[tuple[str, Cell]]:
        """The cells of a row that the header names."""
        for key, column in self.columns.items():
            yield key, self.sheet.rows[row][column]


def device_of(reading: Reading, at: int) -> Row | None:
    """What a row tells of a device; None where a cell cannot be understood, which is then told."""
    row = Row()
    cells = {key: cell for key, cell in reading.cells(at) if cell is not None}
    texts = {key: " ".join(cell_text(cell).split()) for key, cell in cells.items()}
    before = len(reading.problems)
    _take_name(row, texts, reading, at)
    for key in _TEXTS:
        if key in texts and folded(texts[key]) not in UNKNOWN:
            _take_text(row, key, texts[key], reading, at)
    for key in TRUTHS:
        if key in texts:
            _take_truth(row, key, texts[key], reading, at)
    for key in _DAYS:
        if key in cells and folded(texts[key]) not in UNKNOWN:
            _take_day(row, key, cells[key], reading, at)
    if "count" in texts and folded(texts["count"]) not in UNKNOWN:
        _take_count(row, texts["count"], reading, at)
    return row if len(reading.problems) == before else None


def _take_name(row: Row, texts: Mapping[str, str], reading: Reading, at: int) -> None:
    """The id and the role; a name that is no id is kept as a remark."""
    for key in ("id", "name"):
        said = texts.get(key, "")
        if _ID.fullmatch(said) and not row.id:
            row.id = said
        elif said:
            row.remarks.append(
                Text("機器名: {said}", "Named in the list: {said}").fill(said=quoted(said))
            )
    role = texts.get("role", "")
    if role and folded(role) not in UNKNOWN:
        row.role = ROLES.get(folded(role))
        if row.role is None:
            reading.problems.append(_unknown_role(reading.where(at, "role"), role))
    else:
        row.role = ROLES.get(folded(texts.get("name", "")))
        if row.role is not None:
            row.remarks.append(
                Text("役割は機器名から取りました。", "The role is taken from the name.")
            )


def _unknown_role(where: str, said: str) -> Problem:
    words = ", ".join(f"{r.value}({ROLE_TEXTS[r].ja.split('(')[0]})" for r in Role)
    plain = ", ".join(Role)
    return Problem(
        where,
        Text("種別「{said}」が分かりません。", 'The type "{said}" is not known.').fill(
            said=quoted(said)
        ),
        together(
            meant(folded(said), ROLES),
            Text("次のどれかを書いてください: {words}", "Write one of: {plain}").fill(
                words=words, plain=plain
            ),
        ),
    )


def _take_text(row: Row, key: str, said: str, reading: Reading, at: int) -> None:
    if key == "label" and NO_NUMBER.search(said.lower()):
        row.remarks.append(
            Text(
                "登録番号の欄に番号がありませんでした。",
                "The column of the label number held no number.",
            )
        )
    elif len(said) > _LONGEST or not said.isprintable():
        reading.problems.append(
            Problem(
                reading.where(at, key),
                Text(
                    "文字が長すぎるか、目に見えない文字があります: {said}",
                    "The text is too long, or has characters that cannot be seen: {said}",
                ).fill(said=quoted(said)),
                Text(
                    "見える文字だけで {most} 字以内に書き直してください。",
                    "Write it with visible characters only, at most {most}.",
                ).fill(most=_LONGEST),
            )
        )
    else:
        row.said[key] = toml_text(said)


def _take_truth(row: Row, key: str, said: str, reading: Reading, at: int) -> None:
    word = folded(said)
    if word in YES or word in NO:
        row.said[key] = "true" if word in YES else "false"
    elif word not in UNKNOWN:
        reading.problems.append(
            Problem(
                reading.where(at, key),
                Text("有・無として読めません: {said}", "This is neither yes nor no: {said}").fill(
                    said=quoted(said)
                ),
                Text(
                    "有 か 無 を書き、不明なら空欄にしてください。",
                    "Write yes or no, and leave it blank if it is not known.",
                ),
            )
        )


def _take_day(row: Row, key: str, cell: Cell, reading: Reading, at: int) -> None:
    said = re.sub(r"[/.年月]", "-", cell_text(cell)).rstrip("日")
    try:
        parts = [int(p) for p in said.split("-")]
        row.said[key] = date(*parts).isoformat() if len(parts) == 3 else ""  # noqa: PLR2004 - year, month, day
    except (ValueError, OverflowError):
        row.said[key] = ""
    if not row.said[key]:
        del row.said[key]
        reading.problems.append(
            Problem(
                reading.where(at, key),
                Text("日付として読めません: {said}", "This is not a day: {said}").fill(
                    said=quoted(cell_text(cell))
                ),
                Text(
                    "2027-09-01 の形で書き、不明なら空欄にしてください。",
                    "Write it as 2027-09-01, and leave it blank if it is not known.",
                ),
            )
        )


def _take_count(row: Row, said: str, reading: Reading, at: int) -> None:
    counted = COUNTED.fullmatch(folded(said))
    number = int(counted[1]) if counted is not None and len(counted[1]) <= _COUNT_DIGITS else 0
    if 1 <= number <= MAX_DEVICES:
        if number > 1:
            row.said["count"] = str(number)
        return
    reading.problems.append(
        Problem(
            reading.where(at, "count"),
            Text("台数として読めません: {said}", "This is not a number of devices: {said}").fill(
                said=quoted(said)
            ),
            Text(
                "1 から {most} の整数を書いてください。", "Write a whole number from 1 to {most}."
            ).fill(most=MAX_DEVICES),
        )
    )
