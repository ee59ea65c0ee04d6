"""Refuses workbooks that would fill the memory, before the workbook reader sees them.

A workbook is a ZIP of XML. Four tricks make a small file large, and each has its check here:
stated sizes (the directory), unstated sizes (each part is unpacked with a limit and must have the
size that the directory states), far-off cells (a cell at XFD1048576 makes a reader allocate the
rectangle to it), and one long shared text that a million cells refer to.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from xml.parsers import expat

from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

MAX_UNPACKED_BYTES = 256 * 1024 * 1024
"""A list of 50,000 rows unpacks to about 40 MiB; six times that is room."""
MAX_RATIO = 250
"""Sheet XML packs 10 to 60 times; deflate's own limit is about 1,030, where bombs live."""
RATIO_FROM_BYTES = 16 * 1024 * 1024
"""Below this size a high ratio harms nobody."""
MAX_PARTS = 2_000
"""Sheets, styles, pictures and comments of a very large workbook stay below this."""
MAX_ROWS = 200_000
"""Four times the largest list foreseen."""
MAX_COLUMNS = 256
"""The width of the old Excel; lists have 10 to 40 columns."""
MAX_CELLS = 4_000_000
"""Rows times columns; 50,000 rows of 80 columns. At about 32 bytes a cell, 128 MB."""
MAX_SHARED_BYTES = 256 * 1024 * 1024
"""All cell texts together, when shared texts are counted once for each cell that shows them."""

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_CELL_TOKEN = re.compile(rb"[<:]c[\s/>]")
_SHARED = re.compile(rb't="s"[^>]{0,200}>\s*<v>([0-9]{1,9})</v>')
_SHARED_TOKEN = re.compile(rb"""\bt\s*=\s*["']s["']""")


def refuse_bombs(name: str, data: bytes) -> None:
    """Looks through a workbook's bytes.

    Raises:
        InputError: not a workbook, cut short, protected, or larger inside than any list is.
    """
    parts = _unpack(name, data)
    if not any(part.lower() == "xl/workbook.xml" for part in parts):
        raise _refused(
            name,
            Text("ZIP ですが Excel ブックではありません。", "This is a ZIP, but not a workbook."),
        )
    # By content, not by name: the workbook itself says where its sheets are.
    shared = b"".join(body for body in parts.values() if b"sst" in body[:_ROOT_BYTES])
    for part, body in parts.items():
        if part.lower().endswith((".xml", ".rels")) and b"\0" in body[:_ROOT_BYTES]:
            raise _refused(
                name, Text("XML の文字コードが UTF-8 ではありません。", "Its XML is not in UTF-8.")
            )
        if b"sheetData" in body:
            cells = _check_extent(name, body)
            _check_shared(name, body, shared, cells)


_ROOT_BYTES = 4_096
"""The root element of a part stands within these."""


def _unpack(name: str, data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError) as problem:
        raise _refused(
            name,
            Text(
                "Excel ブックが途中で切れているか、壊れています。",
                "The workbook is cut short or damaged.",
            ),
        ) from problem
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_PARTS or total > MAX_UNPACKED_BYTES:
        raise _bomb(name)
    if total > RATIO_FROM_BYTES and total > MAX_RATIO * len(data):
        raise _bomb(name)
    return {entry.filename: _part(name, data, entry) for entry in entries if entry.file_size}


def _part(name: str, data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """One part, unpacked from its own bytes; its size must be what the directory states."""
    try:
        signature, name_bytes, extra_bytes = _LOCAL_HEADER.unpack_from(data, entry.header_offset)
    except struct.error:
        signature, name_bytes, extra_bytes = b"", 0, 0
    start = entry.header_offset + _LOCAL_HEADER.size + name_bytes + extra_bytes
    packed = data[start : start + entry.compress_size]
    encrypted = entry.flag_bits & 1
    if signature != b"PK\x03\x04" or len(packed) != entry.compress_size or encrypted:
        raise _refused(
            name,
            Text(
                "Excel ブックの中身が途中で切れているか、暗号化されています。",
                "The inside of the workbook is cut short or encrypted.",
            ),
        )
    body = packed
    if entry.compress_type == zipfile.ZIP_DEFLATED:
        body = _inflate(name, packed, entry.file_size)
    elif entry.compress_type != zipfile.ZIP_STORED:
        raise _refused(
            name,
            Text(
                "Excel が使わない圧縮方式です。", "This is packed in a way that Excel does not use."
            ),
        )
    if len(body) != entry.file_size:
        raise _bomb(name)
    return body


def _inflate(name: str, packed: bytes, stated: int) -> bytes:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        return unpacker.decompress(packed, stated + 1)
    except zlib.error as problem:
        raise _refused(
            name,
            Text("Excel ブックの中身が壊れています。", "The inside of the workbook is damaged."),
        ) from problem


def _check_extent(name: str, body: bytes) -> int:
    """The number of cells of the rectangle that a reader would allocate."""
    refs = _CELL.findall(body)
    plain = len(refs) == len(_CELL_TOKEN.findall(body)) and b"\0" not in body[:8]
    if plain:
        columns = max((_column(letters) for letters in {ref[0] for ref in refs}), default=0)
        rows = max(map(int, {ref[1] for ref in refs}), default=0)
    else:
        rows, columns = _walked_extent(name, body)
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise _bomb(name)
    return rows * columns


def _walked_extent(name: str, body: bytes) -> tuple[int, int]:
    """Rows and columns by a real XML parser, for files that do not write cells as Excel does."""
    row = column = rows = columns = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, rows, columns
        kind = tag.rpartition(":")[2]
        if kind == "row":
            stated = attributes.get("r", "")
            row, column = (int(stated) if stated.isdecimal() else row + 1), 0
        elif kind == "c":
            found = re.fullmatch(r"([A-Za-z]{1,9})([0-9]{1,9})", attributes.get("r", ""))
            column = _column(found[1].upper().encode()) if found else column + 1
            row = int(found[2]) if found else row
        rows, columns = max(rows, row), max(columns, column)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(body, True)  # noqa: FBT003  (expat takes it by position only)
    except (expat.ExpatError, ValueError) as problem:
        raise _refused(
            name, Text("シートの XML が壊れています。", "The XML of a sheet is damaged.")
        ) from problem
    return rows, columns


def _check_shared(name: str, body: bytes, shared: bytes, cells: int) -> None:
    lengths = [len(piece) for piece in re.split(rb"<(?:\w+:)?si\b", shared)[1:]]
    if max(lengths, default=0) * cells <= MAX_SHARED_BYTES:
        return
    uses = [int(index) for index in _SHARED.findall(body)]
    total = sum(lengths[index] for index in uses if index < len(lengths))
    if total > MAX_SHARED_BYTES or len(uses) != len(_SHARED_TOKEN.findall(body)):
        raise _bomb(name)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _bomb(name: str) -> InputError:
    return InputError(
        Problem(
            name,
            Text(
                "展開すると大きくなりすぎる Excel ブックです"
                "(上限 {mib} MiB・{rows} 行・{columns} 列・{cells} セル)。",
                "This workbook would become too large when unpacked"
                " (limits: {mib} MiB, {rows} rows, {columns} columns, {cells} cells).",
            ).fill(
                mib=MAX_UNPACKED_BYTES // 2**20,
                rows=MAX_ROWS,
                columns=MAX_COLUMNS,
                cells=MAX_CELLS,
            ),
            Text(
                "必要な行と列だけを新しいブックに写すか、CSV で保存してください。",
                "Copy only the rows and columns that are needed to a new workbook, or save CSV.",
            ),
        )
    )


def _refused(name: str, what: Text) -> InputError:
    return InputError(
        Problem(
            name,
            what,
            Text(
                "ダウンロードし直すか、表計算ソフトで開いて .xlsx として保存し直してください。",
                "Download it again, or open it in a spreadsheet program and save it as .xlsx.",
            ),
        )
    )
