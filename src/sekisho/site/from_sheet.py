"""An equipment list becomes the draft of a site file.

What the list says is taken as it stands; what it cannot say (dates, voltage, links) is a commented
line to fill in, and `site check` then lists what is still missing. Nothing is guessed: a blank or
"unknown" yes-or-no is left out, and words that are not a registration number are not written as one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from sekisho.site.document import MAX_DEVICES
from sekisho.site.faults import meant, quoted, together
from sekisho.site.model import Role
from sekisho.site.sheet_draft import TRUTHS, Row, draft_lines, name_devices
from sekisho.site.sheet_words import (
    COUNTED,
    HEADERS,
    NO,
    NO_NUMBER,
    PASSED_OVER,
    ROLES,
    TOTALS,
    UNKNOWN,
    YES,
    folded,
    key_of_header,
)
from sekisho.site.words import ROLE_TEXTS
from sekisho.site.writer import toml_text
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.sheet import cell_text, place
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sekisho.terms.sheet import Book, Cell, Sheet
    from sekisho.terms.texts import Lang

_HEADER_WITHIN = 40
"""Rows in which the header is looked for; titles and remarks may stand above it."""
_TEXTS = ("maker", "product", "model", "version", "label", "jet")
_DAYS = ("introduced", "bought")
_LONGEST = 200
_COUNT_DIGITS = 5
"""A longer number is no count of devices, and is not worth converting."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of the draft, and what the person should know of how it was made."""

    text: str
    devices: int
    notices: tuple[Problem, ...]


@dataclass(slots=True)
class _Reading:
    """The list while it is read."""

    book: Book
    sheet: Sheet
    header: int
    columns: Mapping[str, int]
    problems: list[Problem] = field(default_factory=list)

    def where(self, row: int, key: str) -> str:
        return place(self.book, self.sheet, row, self.columns[key])


def draft_of(book: Book, lang: Lang) -> Draft:
    """The draft of a site file from an equipment list.

    Raises:
        InputError: no header row was found, or cells that cannot be understood; all at once.
    """
    reading, notices = _begin(book)
    rows = [row for at in _rows(reading) if (row := _device(reading, at)) is not None]
    total = len(rows)
    if total > MAX_DEVICES:
        reading.problems.append(
            Problem(
                book.name,
                Text("機器が {n} 行あります。", "There are {n} rows of devices.").fill(n=total),
                Text(
                    "1つの連系点につき {most} 行までに分けてください。",
                    "Split the list: at most {most} for one point of connection.",
                ).fill(most=MAX_DEVICES),
            )
        )
    if reading.problems:
        raise InputError(*reading.problems[:100])
    name_devices(rows)
    return Draft("\n".join(draft_lines(rows, book.name, lang)) + "\n", total, tuple(notices))


def _begin(book: Book) -> tuple[_Reading, list[Problem]]:
    """The sheet and row with the header, and a notice for each header that is not known."""
    best: tuple[int, Sheet, int] | None = None
    for sheet in book.sheets:
        for at, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
            found = len({key for c in row if (key := key_of_header(cell_text(c))) is not None})
            if found > (best[0] if best is not None else 1):
                best = (found, sheet, at)
    if best is None:
        raise InputError(_no_header(book))
    _, sheet, header = best
    columns: dict[str, int] = {}
    notices: list[Problem] = []
    for at, cell in enumerate(sheet.rows[header]):
        given = cell_text(cell)
        key = key_of_header(given)
        if key is not None and key not in columns:
            columns[key] = at
        elif given and (key is not None or folded(given) not in PASSED_OVER):
            notices.append(_unused(place(book, sheet, header, at), given, key))
    return _Reading(book, sheet, header, columns), notices


def _no_header(book: Book) -> Problem:
    return Problem(
        book.name,
        Text("見出しの行が見つかりません。", "No header row was found."),
        Text(
            "「機器名・種別・メーカー・型番・登録番号・台数・IP通信・制御機能」などの見出しを1行に並べて"
            "ください。",
            "Put headers such as Device, Type, Manufacturer, Model, Firmware, Label number, Qty, "
            "IP communication, Control function in one row.",
        ),
    )


def _unused(where: str, given: str, key: str | None) -> Problem:
    if key is not None:
        return Problem(
            where,
            Text(
                "「{given}」の列が2つ目のため、使いませんでした。",
                'The second "{given}" is not used.',
            ).fill(given=quoted(given)),
            Text("要るほうだけを残してください。", "Keep the one that counts."),
        )
    return Problem(
        where,
        Text(
            "見出し「{given}」が分からないため、この列は使いませんでした。",
            'The header "{given}" is not known; the column was not used.',
        ).fill(given=quoted(given)),
        together(
            meant(folded(given), HEADERS),
            Text(
                "要る列なら見出しを次のどれかに変えてください: {known}",
                "If it is needed, name it one of: {known}",
            ).fill(known=", ".join(dict.fromkeys(HEADERS.values()))),
        ),
    )


def _rows(reading: _Reading) -> Iterator[int]:
    """The rows that tell of a device: not blank, not the header again, not a total."""
    for at in range(reading.header + 1, len(reading.sheet.rows)):
        row = reading.sheet.rows[at]
        stated = [cell_text(row[c]) for c in reading.columns.values() if row[c] is not None]
        first = next((folded(cell_text(c)) for c in row if c is not None), "")
        said = [cell_text(c) for key, c in _cells(reading, at) if key != "count"]
        if (
            stated
            and first not in TOTALS
            and any(said)
            and row != reading.sheet.rows[reading.header]
        ):
            yield at


def _cells(reading: _Reading, at: int) -> Iterator[tuple[str, Cell]]:
    for key, column in reading.columns.items():
        yield key, reading.sheet.rows[at][column]


def _device(reading: _Reading, at: int) -> Row | None:
    row = Row()
    cells = {key: cell for key, cell in _cells(reading, at) if cell is not None}
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


def _take_name(row: Row, texts: Mapping[str, str], reading: _Reading, at: int) -> None:
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


def _take_text(row: Row, key: str, said: str, reading: _Reading, at: int) -> None:
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


def _take_truth(row: Row, key: str, said: str, reading: _Reading, at: int) -> None:
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


def _take_day(row: Row, key: str, cell: Cell, reading: _Reading, at: int) -> None:
    said = re.sub(r"[/.年月]", "-", cell_text(cell)).rstrip("日")
    try:
        parts = [int(p) for p in said.split("-")]
        row.said[key] = date(*parts).isoformat() if len(parts) == 3 else ""  # noqa: PLR2004  y-m-d
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


def _take_count(row: Row, said: str, reading: _Reading, at: int) -> None:
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
