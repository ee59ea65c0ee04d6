"""A sheet becomes a list of labels.

Rules: columns are found by the names of their headers; one registration may stand on many rows
and cover many models; every cell is kept beside what was read from it; what cannot be read is
unknown and reported, and no row with content is dropped. Where two rows of one registration
contradict each other, its status is unknown: nobody may choose the more pleasant one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sekisho.register import cells
from sekisho.register.columns import Field, Header
from sekisho.register.list_header import require_columns, sheet_with_list
from sekisho.register.list_rows import Row, Warnings, both, joined, rows_of
from sekisho.register.model import Label, LabelStatus, ListInfo, Listing
from sekisho.register.normalise import maker_key, model_key, number_key, product_key
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.sheet import Book, Sheet, cell_text, place
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date


_EXCERPT_WORDS = re.compile(r"copied in part|抜粋|excerpt|一部を転記", re.IGNORECASE)
_NOT_YET = re.compile(r"仮|予定|受理|provisional|pending", re.IGNORECASE)
"""In a number cell: the application is accepted, the label is not issued."""
_AS_OF = re.compile(r"現在|時点|更新|リスト日付|as of|updated|list date", re.IGNORECASE)
_CONTRADICTION = Text(
    "登録番号 {number} が異なる内容で複数の行にあります({what})。",
    "Registration number {number} stands on several rows that differ ({what}).",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a person wants a list to be read."""

    today: date
    list_date: date | None = None
    learned: date | None = None
    """None: the list's own date."""
    mapping: Mapping[str, Field] = field(default_factory=dict)
    """Field by header key, before the known names."""
    excerpt: bool = False
    source: str | None = None
    """What the list is called; None: the file's name."""


@dataclass(frozen=True, slots=True)
class Read:
    """A list, and what a person should know about how it was read."""

    listing: Listing
    warnings: tuple[Problem, ...]


def read_list(book: Book, reading: Reading) -> Read:
    """Reads the list of labelled products out of a file's sheets.

    Raises:
        InputError: no header, no label below it, or a needed column that no known header names; each unknown header
            comes with the line to add to the mapping file.
    """
    sheet, header = sheet_with_list(book, reading.mapping)
    warnings = Warnings(book, sheet)
    require_columns(book, sheet, header, warnings)
    rows = joined(rows_of(sheet, header), warnings)
    labels = _flag_contradictions(_merged([_label(row, warnings) for row in rows]), warnings)
    stated = _list_date(book, sheet, header, reading)
    if stated is None:
        warnings.add(header.row, 0, _NO_DATE.fill(day=reading.today), _NO_DATE_REMEDY)
    info = ListInfo(
        list_date=(day := stated or reading.today),
        learned=reading.learned or day,
        sha256=book.sha256,
        # The source stands beside the date wherever the list is named, so that nobody takes the day
        # of reading for a day that the list states.
        source=(reading.source or book.name) + ("" if stated else _UNDATED),
        complete=not (reading.excerpt or _is_excerpt(sheet, header)),
    )
    if not labels:
        where = place(book, sheet, header.row, 0)
        raise InputError(Problem(where, _NO_ROWS, _NO_ROWS_REMEDY))
    return Read(Listing(info=info, labels=tuple(labels)), warnings.all())


_UNDATED = " *日付の記載なし・読取日で代用 / no date stated: day of reading"
_NO_DATE = Text(
    "リストに日付がないため、読み取った日 {day} を日付とします。",
    "The list states no date; the day of reading, {day}, stands in.",
)
_NO_DATE_REMEDY = Text(
    "いつのリストかを --list-date で指定してください。", "Say with --list-date of which day it is."
)
_NO_ROWS = Text("見出しの下にラベルの行がありません。", "There is no label below the header.")
_NO_ROWS_REMEDY = Text("シートを確かめてください。", "Check the sheet.")


# ---- labels ----------------------------------------------------------------------------------


def _label(row: Row, warnings: Warnings) -> Label:
    numbers = row.texts(Field.NUMBER)
    number = numbers[0] if numbers else None
    makers = tuple(dict.fromkeys(row.texts(Field.MAKER)))
    products = tuple(dict.fromkeys(row.texts(Field.PRODUCT)))
    printed_models = row.texts(Field.MODEL)
    models = _split(printed_models)
    versions = _split(row.texts(Field.VERSION))
    status_raw = " / ".join(dict.fromkeys(row.texts(Field.STATUS)))
    status = cells.read_status(status_raw) if status_raw else LabelStatus.UNKNOWN
    if number is not None and _NOT_YET.search(number):
        status, status_raw = LabelStatus.UNKNOWN, status_raw or number
    if status is LabelStatus.UNKNOWN and status_raw:
        warnings.about(row, Field.STATUS, _STATUS_UNKNOWN.fill(word=status_raw), _KEPT)
    issued = _day(row, Field.ISSUED, warnings)
    opening, expires = _expiry(row, warnings)
    issued = issued or opening
    if issued is not None and expires is not None and expires < issued:
        warnings.about(row, Field.EXPIRES, _BACKWARDS.fill(issued=issued, expires=expires), _BOTH)
        issued = expires = None
    series = any(map(cells.says_whole_series, [*products, *printed_models]))
    return Label(
        key=label_key(number, makers, products, models),
        number=number,
        makers=makers,
        products=products,
        models=tuple(m for m in models if not cells.says_whole_series(m)) if series else models,
        versions=versions,
        level=_level(row, warnings),
        status=status,
        status_raw=status_raw,
        issued=issued,
        expires=expires,
        covers_series=series,
        note=" / ".join([*row.texts(Field.EVIDENCE), *row.texts(Field.NOTE)]),
        raw=tuple(row.raw.items()),
    )


def _split(texts: Sequence[str]) -> tuple[str, ...]:
    """The models or versions in the cells of a field, each once."""
    if len(texts) == 1:
        return cells.split_models(texts[0])
    return tuple(dict.fromkeys(one for text in texts for one in cells.split_models(text)))


_STATUS_UNKNOWN = Text("状態「{word}」は未知の語です。", 'The status "{word}" is not known.')
_KEPT = Text(
    "そのまま残し、判定不能として扱います。", "It is kept, and leaves answers undetermined."
)
_BACKWARDS = Text(
    "有効期限 {expires} が発行日 {issued} より前です。",
    "The expiry {expires} is before the issue date {issued}.",
)
_BOTH = Text("両方を不明として扱います。", "Both are taken as unknown.")
_UNREADABLE = Text("「{text}」を日付として読めません。", '"{text}" cannot be read as a date.')
_UNKNOWN_DAY = Text("この日付は不明として扱います。", "This date is taken as unknown.")


def label_key(
    number: str | None, makers: Sequence[str], products: Sequence[str], models: Sequence[str]
) -> str:
    """Identity of a label across lists: its number, else maker and product."""
    if number is not None:
        return number_key(number)
    maker = maker_key(makers[0]) if makers else ""
    name = product_key(products[0]) if products else model_key(models[0]) if models else ""
    return f"{maker}|{name}"


def _day(row: Row, name: Field, warnings: Warnings) -> date | None:
    """The one day that the cells of a field name; None where they name none, or several."""
    found: set[date] = set()
    for filled in row.cells.get(name, ()):
        days = cells.read_days(filled.cell)
        if days is None or len(set(days)) > 1:
            warnings.about(row, name, _UNREADABLE.fill(text=filled.text), _UNKNOWN_DAY)
            return None
        found.update(days)
    return found.pop() if len(found) == 1 else None


def _expiry(row: Row, warnings: Warnings) -> tuple[date | None, date | None]:
    """Opening day, where a period is printed (有効期間 2026/5/21〜2028/5/20), and last day."""
    for filled in row.cells.get(Field.EXPIRES, ()):
        match cells.read_days(filled.cell):
            case (opening, last) if _PERIOD.search(filled.text):
                return opening, last
            case _:
                continue
    return None, _day(row, Field.EXPIRES, warnings)


_PERIOD = re.compile(r"[〜～~–—―]|から|至|\bto\b|\s-\s")


def _level(row: Row, warnings: Warnings) -> int | None:
    for text in row.texts(Field.LEVEL):
        level = cells.read_level(text)
        if level is None:
            what = Text(
                "「{text}」をレベルとして読めません。", '"{text}" cannot be read as a level.'
            )
            remedy = Text("レベルは不明として扱います。", "The level is taken as unknown.")
            warnings.about(row, Field.LEVEL, what.fill(text=text), remedy)
        return level
    return None


def _merged(labels: Sequence[Label]) -> list[Label]:
    """Rows of one registration that differ in their models alone become one label."""
    merged: dict[tuple[object, ...], Label] = {}
    for label in labels:
        same = (
            (label.key, label.makers, label.products, label.versions, *_state(label))
            if label.number is not None
            else (len(merged),)
        )
        above = merged.get(same)
        if above is None:
            merged[same] = label
            continue
        models = tuple(dict.fromkeys(above.models + label.models))[: cells.MAX_MODELS]
        raw = tuple(both(dict(above.raw), dict(label.raw)).items())
        merged[same] = replace(above, models=models, raw=raw)
    return list(merged.values())


def _state(label: Label) -> tuple[object, ...]:
    """What one registration has once."""
    return (label.level, label.status, label.issued, label.expires, label.covers_series)


def _flag_contradictions(labels: Sequence[Label], warnings: Warnings) -> list[Label]:
    by_key: dict[str, list[Label]] = {}
    for label in labels:
        if label.number is not None:
            by_key.setdefault(label.key, []).append(label)
    bad: dict[str, str] = {}
    for key, rows in by_key.items():
        if len(rows) == 1:
            continue
        differing = [
            what
            for what, values in (
                (Text("状態", "status"), {r.status for r in rows}),
                (Text("レベル", "level"), {r.level for r in rows}),
                (Text("発行日", "issue date"), {r.issued for r in rows}),
                (Text("有効期限", "expiry"), {r.expires for r in rows}),
                (Text("事業者名", "maker"), {tuple(map(maker_key, r.makers)) for r in rows}),
            )
            if len(values) > 1
        ]
        if differing:
            bad[key] = " / ".join(dict.fromkeys(r.status_raw or "—" for r in rows))
            what = _CONTRADICTION.fill(number=rows[0].number, what=listed(differing))
            warnings.add(0, 0, what, _KEPT)
    if not bad:
        return list(labels)
    return [
        replace(label, status=LabelStatus.UNKNOWN, status_raw=bad[label.key])
        if label.number is not None and label.key in bad
        else label
        for label in labels
    ]


# ---- about the list --------------------------------------------------------------------------


def _list_date(book: Book, sheet: Sheet, header: Header, reading: Reading) -> date | None:
    """The person's word, else a column, a title row, the file's name; None: it states no date."""
    if reading.list_date is not None:
        return reading.list_date
    for column in header.columns(Field.LIST_DATE):
        days = {
            day
            for row in sheet.rows[header.first_row :]
            for day in cells.read_days(row[column]) or ()
        }
        if days and (day := max(days)) <= reading.today:
            return day
    titles = [
        (bool(_AS_OF.search(cell_text(cell))), day)
        for row in sheet.rows[: header.row]
        for cell in row
        if isinstance(cell, str) or (cell is not None and not isinstance(cell, float))
        for day in cells.read_days(cell) or ()
        if day <= reading.today
    ]
    if titles:
        return max(titles)[1]
    named = [day for day in cells.days_in(book.name.replace("_", "-")) if day <= reading.today]
    return named[-1] if named else None


def _is_excerpt(sheet: Sheet, header: Header) -> bool:
    titles = (cell_text(cell) for row in sheet.rows[: header.row] for cell in row)
    columns = header.columns(Field.EVIDENCE)
    said = (cell_text(row[n]) for n in columns for row in sheet.rows[header.first_row :])
    return any(_EXCERPT_WORDS.search(text) for text in (*titles, *said))
