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
from sekisho.register.columns import Field, Header, find_header, guess, header_key, likely_header
from sekisho.register.model import Label, LabelStatus, ListInfo, Listing
from sekisho.register.normalise import maker_key, model_key, number_key, product_key
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.sheet import Book, Cell, Sheet, cell_text, place
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

_EXCERPT_WORDS = re.compile(r"copied in part|抜粋|excerpt|一部を転記", re.IGNORECASE)
_NOT_YET = re.compile(r"仮|予定|受理|provisional|pending", re.IGNORECASE)
"""In a number cell: the application is accepted, the label is not issued."""
_AS_OF = re.compile(r"現在|時点|更新|リスト日付|as of|updated|list date", re.IGNORECASE)
_MOST_WARNINGS = 50
"""Further ones are counted, not listed."""
_CONTRADICTION = Text(
    "登録番号 {number} が異なる内容で複数の行にあります({what})",
    "registration number {number} stands on several rows that differ ({what})",
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
        InputError: no header, or a needed column that no known header names; each unknown header
            comes with the line to add to the mapping file.
    """
    sheet, header = _sheet_with_list(book, reading.mapping)
    warnings = _Warnings(book, sheet)
    _require(book, sheet, header, warnings)
    rows = _rows(sheet, header)
    labels = _flag_contradictions(
        _merged([_label(row, warnings) for row in _whole(rows, warnings)]), warnings
    )
    info = ListInfo(
        list_date=(day := _list_date(book, sheet, header, reading)),
        learned=reading.learned or day,
        sha256=book.sha256,
        source=reading.source or book.name,
        complete=not (reading.excerpt or _is_excerpt(sheet, header, rows)),
    )
    if not labels:
        warnings.add(header.row, 0, _NO_ROWS, _NO_ROWS_REMEDY)
    return Read(Listing(info=info, labels=tuple(labels)), warnings.all())


_NO_ROWS = Text("見出しの下にラベルの行がありません", "there is no label below the header")
_NO_ROWS_REMEDY = Text("シートを確かめてください", "check the sheet")


# ---- finding the header ----------------------------------------------------------------------


def _sheet_with_list(book: Book, mapping: Mapping[str, Field]) -> tuple[Sheet, Header]:
    found = [(s, h) for s in book.sheets if (h := find_header(s, mapping)) is not None]
    if found:
        return max(found, key=lambda pair: (len(pair[1].known), len(pair[0].rows)))
    for sheet in book.sheets:
        row = likely_header(sheet)
        if row is not None:
            names = tuple(cell_text(cell) for cell in sheet.rows[row])
            header = Header(row + 1, row, names, (None,) * len(names))
            raise InputError(*_unknown_headers(book, sheet, header, _NEEDED))
    raise InputError(
        Problem(
            book.name,
            Text("表が見つかりません", "there is no table in this file"),
            Text(
                "適合ラベル取得製品リストの Excel か CSV を指定してください",
                "give the Excel or CSV file of the list of labelled products",
            ),
        )
    )


_NEEDED = (Field.NUMBER, Field.MAKER, Field.PRODUCT, Field.MODEL, Field.STATUS, Field.EXPIRES)
_FIELD_TEXTS = {
    Field.NUMBER: Text("登録番号", "registration number"),
    Field.MAKER: Text("事業者名", "maker"),
    Field.PRODUCT: Text("製品名", "product name"),
    Field.MODEL: Text("型番", "model number"),
    Field.STATUS: Text("状態", "status"),
    Field.EXPIRES: Text("有効期限", "expiry"),
}


def _require(book: Book, sheet: Sheet, header: Header, warnings: _Warnings) -> None:
    missing = [wanted for wanted in _NEEDED if wanted not in header.known]
    if not missing:
        return
    unknown = _unknown_headers(book, sheet, header, missing)
    if unknown:
        raise InputError(*unknown)
    names = listed(_FIELD_TEXTS[name] for name in missing)
    what = Text("列がありません: {names}", "there is no column for: {names}").fill(names=names)
    if Field.MAKER in missing or {Field.NUMBER, Field.PRODUCT, Field.MODEL} <= set(missing):
        remedy = Text(
            "事業者名と、登録番号・製品名・型番のいずれかの列が要ります",
            "a column for the maker and one for the number, the product or the model are needed",
        )
        raise InputError(Problem(place(book, sheet, header.row, 0), what, remedy))
    warnings.add(
        header.row,
        0,
        what,
        Text("その項目は不明として扱います", "these are taken as unknown"),
    )


def _unknown_headers(
    book: Book, sheet: Sheet, header: Header, missing: Sequence[Field]
) -> list[Problem]:
    problems = []
    left = list(missing)
    for column, (name, known) in enumerate(zip(header.names, header.fields, strict=True)):
        if known is None and header_key(name):
            shown = " ".join(name.split()).replace("\\", "\\\\").replace('"', '\\"')
            offered = guess(name, left)
            left = [other for other in left if other is not offered]
            problems.append(
                Problem(
                    place(book, sheet, header.row, column),
                    Text(
                        "見出し「{name}」の意味が分かりません(見つからない列: {missing})",
                        'the header "{name}" is not known (still missing: {missing})',
                    ).fill(name=shown, missing=listed(_FIELD_TEXTS[m] for m in missing)),
                    Text(
                        "--mapping のファイルの [headers] に次の行を加えてください: {line}"
                        '(関係のない列なら "ignore")',
                        "add this line under [headers] in the file given with --mapping: {line}"
                        ' (or "ignore" where the column does not matter)',
                    ).fill(line=f'"{shown}" = "{offered}"'),
                )
            )
    return problems


# ---- rows ------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Row:
    """The cells of one label, by field, from one row or from a row and its continuations."""

    index: int
    cells: dict[Field, list[tuple[int, Cell]]]
    raw: dict[str, str]

    def texts(self, *fields: Field) -> list[str]:
        return [
            text
            for name in fields
            for _, cell in self.cells.get(name, ())
            if not cells.is_nothing(text := cell_text(cell))
        ]


def _rows(sheet: Sheet, header: Header) -> list[_Row]:
    columns = [
        (n, known, name)
        for n, (known, name) in enumerate(zip(header.fields, header.names, strict=True))
        if name
    ]
    rows = []
    for index, row in enumerate(sheet.rows[header.first_row :], header.first_row):
        content = [cell for cell in row if cell is not None]
        if not content or _is_banner(row, content) or _is_header_again(row, header):
            continue
        by_field: dict[Field, list[tuple[int, Cell]]] = {}
        for n, known, _ in columns:
            if known is not None and row[n] is not None:
                by_field.setdefault(known, []).append((n, row[n]))
        raw = {name: cell_text(row[n]) for n, _, name in columns if row[n] is not None}
        rows.append(_Row(index, by_field, raw))
    return rows


def _is_banner(row: Sequence[Cell], content: Sequence[Cell]) -> bool:
    """A heading or a footnote: one text, in one cell or merged over the row, beside other columns."""
    if len(row) < 3 or len(set(map(str, content))) != 1:  # noqa: PLR2004  (narrower has no banners)
        return False
    return len(content) > 1 or str(content[0]).startswith(("※", "*", "注", "(注", "（注", "■", "●"))


def _is_header_again(row: Sequence[Cell], header: Header) -> bool:
    same = sum(
        1
        for cell, name in zip(row, header.names, strict=True)
        if isinstance(cell, str) and cell in {name, name.rpartition(" ")[2]}
    )
    return same >= 3  # noqa: PLR2004  (no label equals three of its headers)


_OF_THE_LABEL = (Field.NUMBER, Field.MAKER, Field.LEVEL, Field.STATUS, Field.ISSUED, Field.EXPIRES)


def _whole(rows: Sequence[_Row], warnings: _Warnings) -> list[_Row]:
    """Joins continuation rows: a row with only models or versions belongs to the label above.

    A spreadsheet saved as CSV leaves the lower cells of a vertical merge empty.
    """
    whole: list[_Row] = []
    for row in rows:
        has = {name for name, found in row.cells.items() if row.texts(name)}
        continues = bool(whole) and has and not has & set(_OF_THE_LABEL)
        if continues and has & {Field.PRODUCT, Field.VERSION}:
            # Another product or version of the same registration: a row of its own, so that
            # nobody reads model A with version B.
            above = whole[-1]
            inherited = {name: above.cells[name] for name in _OF_THE_LABEL if name in above.cells}
            product = {} if Field.PRODUCT in has else _only(above.cells, Field.PRODUCT)
            whole.append(_Row(row.index, {**inherited, **product, **row.cells}, row.raw))
        elif continues and Field.MODEL in has:
            above = whole[-1]
            models = above.cells.get(Field.MODEL, []) + row.cells[Field.MODEL]
            raw = dict(above.raw)
            for name, text in row.raw.items():
                raw[name] = f"{raw[name]}\n{text}" if name in raw else text
            whole[-1] = _Row(above.index, {**above.cells, Field.MODEL: models}, raw)
        elif has & _NAMES:
            whole.append(row)
        else:
            warnings.add(row.index, 0, _NO_LABEL, _NOT_COUNTED)
    return whole


_NAMES = {Field.NUMBER, Field.MAKER, Field.PRODUCT, Field.MODEL}
_NO_LABEL = Text("この行にはラベルがありません", "there is no label in this row")
_NOT_COUNTED = Text("ラベルとして数えません", "it is not counted as a label")


def _only(
    found: Mapping[Field, list[tuple[int, Cell]]], name: Field
) -> dict[Field, list[tuple[int, Cell]]]:
    return {name: found[name]} if name in found else {}


# ---- labels ----------------------------------------------------------------------------------


def _label(row: _Row, warnings: _Warnings) -> Label:
    number = next(iter(row.texts(Field.NUMBER)), None)
    makers = tuple(dict.fromkeys(row.texts(Field.MAKER)))
    products = tuple(dict.fromkeys(row.texts(Field.PRODUCT)))
    printed_models = row.texts(Field.MODEL)
    models = dict.fromkeys(m for text in printed_models for m in cells.split_models(text))
    versions = dict.fromkeys(v for t in row.texts(Field.VERSION) for v in cells.split_models(t))
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
    return Label(
        key=label_key(number, makers, products, tuple(models)),
        number=number,
        makers=makers,
        products=products,
        models=tuple(m for m in models if not cells.says_whole_series(m)),
        versions=tuple(versions),
        level=_level(row, warnings),
        status=status,
        status_raw=status_raw,
        issued=issued,
        expires=expires,
        covers_series=any(map(cells.says_whole_series, [*products, *printed_models])),
        note=" / ".join(row.texts(Field.EVIDENCE, Field.NOTE)),
        raw=tuple(row.raw.items()),
    )


_STATUS_UNKNOWN = Text("状態「{word}」は未知の語です", 'the status "{word}" is not known')
_KEPT = Text("そのまま残し、判定不能として扱います", "it is kept, and leaves answers undetermined")
_BACKWARDS = Text(
    "有効期限 {expires} が発行日 {issued} より前です",
    "the expiry {expires} is before the issue date {issued}",
)
_BOTH = Text("両方を不明として扱います", "both are taken as unknown")
_UNREADABLE = Text("「{text}」を日付として読めません", '"{text}" cannot be read as a date')
_UNKNOWN_DAY = Text("この日付は不明として扱います", "this date is taken as unknown")


def label_key(
    number: str | None, makers: Sequence[str], products: Sequence[str], models: Sequence[str]
) -> str:
    """Identity of a label across lists: its number, else maker and product."""
    if number is not None:
        return number_key(number)
    maker = maker_key(makers[0]) if makers else ""
    name = product_key(products[0]) if products else model_key(models[0]) if models else ""
    return f"{maker}|{name}"


def _day(row: _Row, name: Field, warnings: _Warnings) -> date | None:
    """The one day that the cells of a field name; None where they name none, or several."""
    found: set[date] = set()
    for _, cell in row.cells.get(name, ()):
        days = cells.read_days(cell)
        if days is None or len(set(days)) > 1:
            warnings.about(row, name, _UNREADABLE.fill(text=cell_text(cell)), _UNKNOWN_DAY)
            return None
        found.update(days)
    return found.pop() if len(found) == 1 else None


def _expiry(row: _Row, warnings: _Warnings) -> tuple[date | None, date | None]:
    """Opening day, where a period is printed (有効期間 2026/5/21〜2028/5/20), and last day."""
    for _, cell in row.cells.get(Field.EXPIRES, ()):
        days = cells.read_days(cell) or ()
        if len(days) == 2 and isinstance(cell, str) and _PERIOD.search(cell):  # noqa: PLR2004
            return days[0], days[1]
    return None, _day(row, Field.EXPIRES, warnings)


_PERIOD = re.compile(r"[〜～~–—―]|から|至|\bto\b|\s-\s")


def _level(row: _Row, warnings: _Warnings) -> int | None:
    for text in row.texts(Field.LEVEL):
        level = cells.read_level(text)
        if level is None:
            what = Text("「{text}」をレベルとして読めません", '"{text}" cannot be read as a level')
            remedy = Text("レベルは不明として扱います", "the level is taken as unknown")
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
        raw = dict(above.raw)
        raw |= {k: f"{raw[k]}\n{v}" if raw.get(k, v) != v else v for k, v in label.raw}
        merged[same] = replace(above, models=models, raw=tuple(raw.items()))
    return list(merged.values())


def _state(label: Label) -> tuple[object, ...]:
    """What one registration has once."""
    return (label.level, label.status, label.issued, label.expires, label.covers_series)


def _flag_contradictions(labels: Sequence[Label], warnings: _Warnings) -> list[Label]:
    by_key: dict[str, list[Label]] = {}
    for label in labels:
        if label.number is not None:
            by_key.setdefault(label.key, []).append(label)
    bad: dict[str, str] = {}
    for key, rows in by_key.items():
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
    return [
        replace(label, status=LabelStatus.UNKNOWN, status_raw=bad[label.key])
        if label.number is not None and label.key in bad
        else label
        for label in labels
    ]


# ---- about the list --------------------------------------------------------------------------


def _list_date(book: Book, sheet: Sheet, header: Header, reading: Reading) -> date:
    """The person's word, else a column, a title row, the file's name, else the day of import."""
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
    return named[-1] if named else reading.today


def _is_excerpt(sheet: Sheet, header: Header, rows: Sequence[_Row]) -> bool:
    titles = (cell_text(cell) for row in sheet.rows[: header.row] for cell in row)
    said = (text for row in rows for text in row.texts(Field.EVIDENCE))
    return any(_EXCERPT_WORDS.search(text) for text in (*titles, *said))


class _Warnings:
    """What is reported about single cells, up to a number that a person may read."""

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self._book, self._sheet = book, sheet
        self._found: list[Problem] = []
        self._more = 0

    def add(self, row: int, column: int, what: Text, remedy: Text) -> None:
        if len(self._found) < _MOST_WARNINGS:
            where = place(self._book, self._sheet, row, column)
            self._found.append(Problem(where, what, remedy))
        else:
            self._more += 1

    def about(self, row: _Row, name: Field, what: Text, remedy: Text) -> None:
        column = next((n for n, _ in row.cells.get(name, ())), 0)
        self.add(row.index, column, what, remedy)

    def all(self) -> tuple[Problem, ...]:
        if not self._more:
            return tuple(self._found)
        what = Text("ほかに {n} 件あります", "and {n} more").fill(n=self._more)
        remedy = Text("上の件を直して読み直してください", "mend those above and read it again")
        return (*self._found, Problem(self._book.name, what, remedy))
