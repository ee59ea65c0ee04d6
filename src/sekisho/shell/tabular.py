"""Reads Excel workbooks and CSV files into `Sheet` values. Everything read is untrusted.

The kind of a file is told from its content, never from its name. A file is read once, whole, after
its size is known; the hash and the cells come from the same bytes. What is refused is refused with
the reason and with what to do instead.
"""

from __future__ import annotations

import csv
import hashlib
import io
import stat
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sekisho.shell.decoding import decode
from sekisho.shell.reading import NOT_THERE
from sekisho.shell.workbook_guard import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, refuse_bombs
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.sheet import Book, Cell, Sheet
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_FILE_BYTES = 64 * 1024 * 1024
"""A list of 50,000 rows is below 5 MiB as Excel and 20 MiB as CSV; three times that is room."""
MAX_CELL_CHARACTERS = 32_767
"""Excel's own limit for the text of one cell."""
MAX_SHEETS = 64
"""Real lists have one to five sheets."""

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_FOREIGN = {
    b"%PDF": Text("PDF ファイルです。", "This is a PDF file."),
    b"\x1f\x8b": Text("gzip で圧縮されたファイルです。", "This is a file compressed with gzip."),
    b"<!DOCTYPE html": Text("HTML ファイルです。", "This is an HTML page."),
    b"<html": Text("HTML ファイルです。", "This is an HTML page."),
    b"<?xml": Text("XML ファイルです。", "This is an XML file."),
    b"\x89PNG": Text("画像ファイルです。", "This is a picture."),
}
_SAVE_ANEW = Text(
    "表計算ソフトで開き、パスワードなしの .xlsx か UTF-8 の .csv として保存し直してください。",
    "Open it in a spreadsheet program and save it as .xlsx without a password, or as .csv in UTF-8.",
)


def read_book(path: Path) -> Book:
    """Reads a workbook (.xlsx, .xlsm) or a CSV file (UTF-8, UTF-16 with a mark, Shift_JIS).

    Raises:
        InputError: no such file, too large, empty, damaged, protected, or of another kind.
        WorldError: the system refuses to read the file.
    """
    data = read_bytes(path)
    digest = hashlib.sha256(data).hexdigest()
    return Book(path.name, digest, sheets_of(path.name, data))


def read_bytes(path: Path, limit: int = MAX_FILE_BYTES) -> bytes:
    """The content of a regular file that is not empty and not larger than `limit` bytes.

    Raises:
        InputError: missing, not a regular file, empty, or too large (nothing is read then).
        WorldError: the system refuses to read the file.
    """
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise _refused(
                str(path),
                Text("通常のファイルではありません。", "This is not a regular file."),
                Text("ファイル名を確かめてください。", "Check the file's name."),
            )
        _limit_size(path, state.st_size, limit)
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except FileNotFoundError as problem:
        raise _refused(
            str(path),
            NOT_THERE,
            Text("パスを確かめてください。", "Check the path."),
        ) from problem
    except (OSError, ValueError) as problem:
        raise WorldError(
            Problem(
                str(path),
                Text("ファイルを読めません: {why}", "the file cannot be read: {why}").fill(
                    why=getattr(problem, "strerror", None) or problem
                ),
                Text(
                    "読み取りの権限とパスを確かめてください。",
                    "Check the path and the right to read.",
                ),
            )
        ) from problem
    _limit_size(path, len(data), limit)
    return data


def _limit_size(path: Path, size: int, limit: int) -> None:
    if size > limit:
        raise _refused(
            str(path),
            Text(
                "ファイルが大きすぎます({size} MiB、上限 {limit} MiB)。",
                "The file is too large ({size} MiB; the limit is {limit} MiB).",
            ).fill(size=size // 2**20, limit=limit // 2**20),
            Text(
                "不要なシート・画像・書式を除いて保存し直してください。",
                "Remove sheets, pictures and formatting that are not needed, and save it again.",
            ),
        )
    if size == 0:
        raise _refused(
            str(path),
            Text("ファイルが空です。", "The file is empty."),
            Text("ダウンロードし直してください。", "Download it again."),
        )


def sheets_of(name: str, data: bytes) -> tuple[Sheet, ...]:
    """The sheets in a file's bytes.

    Raises:
        InputError: damaged, protected, too large inside, or of another kind.
    """
    if data.startswith(_OLE):
        raise _ole(name, data)
    if data.startswith(b"PK"):
        return _workbook(name, data)
    head = data[:64].lstrip().lower()
    for mark, what in _FOREIGN.items():
        if head.startswith(mark.lower()):
            raise _refused(name, what, _SAVE_ANEW)
    return (_csv(name, decode(name, data)),)


def _ole(name: str, data: bytes) -> InputError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return _refused(
            name,
            Text(
                "パスワードで保護された Excel です。", "This workbook is protected by a password."
            ),
            _SAVE_ANEW,
        )
    return _refused(
        name,
        Text("旧形式の Excel(.xls)です。", "This is a workbook of the old kind (.xls)."),
        _SAVE_ANEW,
    )


def _workbook(name: str, data: bytes) -> tuple[Sheet, ...]:
    refuse_bombs(name, data)
    import python_calamine  # noqa: PLC0415  (loaded only where a workbook is read)

    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as workbook:
            names = [
                meta.name
                for meta in workbook.sheets_metadata
                if meta.typ is python_calamine.SheetTypeEnum.WorkSheet
            ]
            return tuple(
                _excel(name, workbook.get_sheet_by_name(title)) for title in names[:MAX_SHEETS]
            )
    except (KeyboardInterrupt, SystemExit, MemoryError, InputError):
        raise
    except BaseException as problem:  # a panic of the Rust reader is no Exception
        raise _refused(
            name,
            Text(
                "Excel ブックとして読めません(途中で切れているか、壊れています)。",
                "This cannot be read as a workbook (cut short or damaged).",
            ),
            Text(
                "ダウンロードし直すか、表計算ソフトで開いて保存し直してください。",
                "Download it again, or open it in a spreadsheet program and save it anew.",
            ),
        ) from problem


def _excel(name: str, sheet: Any) -> Sheet:
    where = f"{name} [{sheet.name}]"
    rows = [
        [_text(where, value) if type(value) is str else _from_excel(where, value) for value in row]
        for row in sheet.to_python(skip_empty_area=False)
    ]
    _fill_merged(where, rows, sheet.merged_cell_ranges or [])
    return Sheet(sheet.name, _square(where, rows))


def _from_excel(where: str, value: object) -> Cell:
    match value:
        case str():
            return _text(where, value)
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return float(value)
        case datetime():
            return value.date()
        case date():
            return value
        case _:
            return str(value)


def _text(where: str, value: str) -> str | None:
    if len(value) > MAX_CELL_CHARACTERS:
        raise _refused(
            where,
            Text(
                "1 セルが {n} 文字を超えています。", "One cell has more than {n} characters."
            ).fill(n=MAX_CELL_CHARACTERS),
            Text(
                "引用符の閉じ忘れがないか確かめてください。", "Look for a quotation mark left open."
            ),
        )
    return value.strip() or None


def _fill_merged(
    where: str,
    rows: list[list[Cell]],
    ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    """Gives each cell of a merged range the value of its first cell, within the sheet's extent."""
    budget = MAX_CELLS
    for (top, left), (bottom, right) in ranges:
        last = min(bottom, len(rows) - 1)
        if top > last or left >= len(rows[top]):
            continue
        value = rows[top][left]
        for row in rows[top : last + 1]:
            end = min(right + 1, len(row))
            budget -= max(0, end - left)
            if budget < 0:
                raise _too_many(where)
            row[left:end] = [value] * max(0, end - left)


def _csv(name: str, text: str) -> Sheet:
    delimiter = _delimiter(text)
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append([_text(name, value) for value in row])
            if len(rows) > MAX_ROWS or len(row) > MAX_COLUMNS:
                raise _too_many(name)
    except csv.Error as problem:
        raise _refused(
            f"{name}:{len(rows) + 1}",
            Text("CSV として読めません: {why}", "this cannot be read as CSV: {why}").fill(
                why=problem
            ),
            Text(
                "引用符の閉じ忘れや、途中で切れていないかを確かめてください。",
                "Look for a quotation mark left open, or a file cut short.",
            ),
        ) from problem
    return Sheet("", _square(name, rows))


def _delimiter(text: str) -> str:
    """Comma unless the first line has more tabs or semicolons (Excel's "Unicode text", Europe)."""
    first = next((line for line in text[:65_536].splitlines() if line.strip()), "")
    return max((",", "\t", ";"), key=first.count)


def _square(where: str, rows: list[list[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows of one width, without the empty rows at the end."""
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    if not rows:
        return ()
    width = max(len(row) for row in rows)
    if width * len(rows) > MAX_CELLS:
        raise _too_many(where)
    return tuple(tuple(row) + (None,) * (width - len(row)) for row in rows)


def _too_many(where: str) -> InputError:
    return _refused(
        where,
        Text(
            "表が大きすぎます(上限 {rows} 行・{columns} 列・{cells} セル)。",
            "The table is too large (limits: {rows} rows, {columns} columns, {cells} cells).",
        ).fill(rows=MAX_ROWS, columns=MAX_COLUMNS, cells=MAX_CELLS),
        Text("必要な行と列だけにしてください。", "Keep only the rows and columns that are needed."),
    )


def _refused(where: str, what: Text, remedy: Text) -> InputError:
    return InputError(Problem(where, what, remedy))
