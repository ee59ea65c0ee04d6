"""An equipment list becomes the draft of a site file.

What the list says is taken as it stands; what it cannot say (dates, voltage, links) is a commented
line to fill in, and `site check` then lists what is still missing. Nothing is guessed: a blank or
"unknown" yes-or-no is left out, and words that are not a registration number are not written as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.site.document import MAX_DEVICES
from sekisho.site.faults import meant, quoted, together
from sekisho.site.sheet_draft import draft_lines, name_devices
from sekisho.site.sheet_row import Reading, device_of
from sekisho.site.sheet_words import (
    EXPIRIES,
    HEADERS,
    MAKERS_OF_LABELS,
    OF_EQUIPMENT,
    PASSED_OVER,
    TOTALS,
    folded,
    key_of_header,
)
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.sheet import cell_text, place
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sekisho.terms.sheet import Book, Sheet
    from sekisho.terms.texts import Lang

_HEADER_WITHIN = 40
"""Rows in which the header is looked for; titles and remarks may stand above it."""


_OF_LABELS = (
    Text(
        "登録番号と有効期限の列があり、種別や台数の列がありません。適合ラベルのリストは機器リストではありません。",
        "It has columns of label numbers and expiry dates, and none of type or quantity. A list of labels is "
        "no equipment list.",
    ),
    Text(
        "設備にある機器の行だけを残してください。ラベルのリストは sekisho register import で取り込みます。",
        "Keep the rows of what stands in the plant. A list of labels is read with sekisho register import.",
    ),
)


_BUSINESS = frozenset({"事業者名", "事業者"})


def _taken(given: str) -> tuple[Text, Text]:
    """That a column was taken as the maker's whose name may mean the owner."""
    return (
        Text("「{given}」を製造者として読みました。", '"{given}" was taken as the maker.').fill(
            given=given
        ),
        Text(
            "設備の所有者なら、下書きの maker を直してください。",
            "If it is the owner of the plant, correct maker in the draft.",
        ),
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of the draft, and what the person should know of how it was made."""

    text: str
    devices: int
    notices: tuple[Problem, ...]


def draft_of(book: Book, lang: Lang) -> Draft:
    """The draft of a site file from an equipment list.

    Raises:
        InputError: no header row was found, or cells that cannot be understood; all at once.
    """
    reading, notices = _begin(book)
    rows = [row for at in _rows(reading) if (row := device_of(reading, at)) is not None]
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
        # What kind of list it is explains the rest, so it is told with the errors too.
        kind = [notice for notice in notices if notice.what is _OF_LABELS[0]]
        raise InputError(*kind, *reading.problems[:100])
    name_devices(rows)
    return Draft("\n".join(draft_lines(rows, book.name, lang)) + "\n", total, tuple(notices))


def _begin(book: Book) -> tuple[Reading, list[Problem]]:
    """The sheet and row with the header, and a notice for each header that is not known."""
    best: tuple[int, Sheet, int] | None = None
    for sheet in book.sheets:
        for at, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
            found = len(set(_keys([cell_text(cell) for cell in row])) - {None})
            if found > (best[0] if best is not None else 1):
                best = (found, sheet, at)
    if best is None:
        raise InputError(_no_header(book))
    _, sheet, header = best
    columns: dict[str, int] = {}
    notices: list[Problem] = []
    given_headers = [cell_text(cell) for cell in sheet.rows[header]]
    for at, (given, key) in enumerate(zip(given_headers, _keys(given_headers), strict=True)):
        if key is not None and key not in columns:
            columns[key] = at
            if key_of_header(given) is None:
                notices.append(Problem(place(book, sheet, header, at), *_taken(given)))
        elif given and (key is not None or folded(given) not in PASSED_OVER):
            notices.append(_unused(place(book, sheet, header, at), given, key))
    if _lists_labels(given_headers, columns.keys()):
        notices.insert(0, Problem(place(book, sheet, header, columns["label"]), *_OF_LABELS))
    return Reading(book, sheet, header, columns), notices


def _keys(headers: Sequence[str]) -> list[str | None]:
    """What each header means; 事業者名 is the maker where no column is called that otherwise.

    Words that mean the maker only because the list is one of labels (申請者, 会社名) are the owner's in
    any other.
    """
    keys = [key_of_header(header) for header in headers]
    if "maker" in keys:
        return keys
    known = {key for key in keys if key is not None}
    words = MAKERS_OF_LABELS if _lists_labels(headers, known) else _BUSINESS
    return [
        "maker" if key is None and folded(header) in words else key
        for header, key in zip(headers, keys, strict=True)
    ]


def _lists_labels(headers: Sequence[str], columns: Collection[str]) -> bool:
    """Whether this looks like a list of labels: numbers and their expiry, and nothing of a plant."""
    expiry = any(folded(header) in EXPIRIES for header in headers)
    return expiry and "label" in columns and OF_EQUIPMENT.isdisjoint(columns)


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


def _rows(reading: Reading) -> Iterator[int]:
    """The rows that tell of a device: not blank, not the header again, not a total."""
    for at in range(reading.header + 1, len(reading.sheet.rows)):
        row = reading.sheet.rows[at]
        stated = [cell_text(row[c]) for c in reading.columns.values() if row[c] is not None]
        first = next((folded(cell_text(c)) for c in row if c is not None), "")
        said = [cell_text(c) for key, c in reading.cells(at) if key != "count"]
        if (
            stated
            and first not in TOTALS
            and any(said)
            and row != reading.sheet.rows[reading.header]
        ):
            yield at
