"""`make pictures`: the pictures of the documentation, drawn from what the program itself writes.

Each is the first page of a PDF, set by the commands a reader would type, cut to its content. Not part
of `make generate`: a picture is looked at, not compared byte by byte.
"""

from __future__ import annotations

import asyncio
import struct
import sys
import tempfile
import zlib
from itertools import pairwise
from pathlib import Path

import pypdfium2

from sekisho.shell.cli.main import main as sekisho
from tools import pictures_pages
from tools.demo import DAY

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs/pictures"
WIDTH = 1000
"""Pixels; wide enough to read on a page of a repository."""
HEIGHT = 900
"""Pixels; a page that is longer is shown as far as this."""
MARGIN = 24
GAP = 120
"""Empty rows, beyond which only the footer follows."""
COMMON = ("--known-at", DAY, "--register", "examples/made-up-list.csv")
PICTURES = {
    "report-investor": ("report", "examples/overseas-pcs", "--for", "investor", "--format", "pdf"),
    "diagram": ("site", "draw", "examples/overseas-pcs"),
    "timeline": ("timeline", "examples/label-ends-early"),
}
Rows = list[bytes]


def page(words: tuple[str, ...], lang: str) -> Rows:
    """The first page that a command writes, as rows of grey-or-colour pixels (RGB)."""
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder) / "page.pdf"
        code = sekisho([*words, *COMMON, "--lang", lang, "--out", str(pdf)])
        if not pdf.exists():
            raise SystemExit(code or 1)
        first = pypdfium2.PdfDocument(pdf.read_bytes())[0]
        drawn = first.render(scale=WIDTH / first.get_width(), rev_byteorder=True)
        pixels = bytes(drawn.buffer)
    step = drawn.n_channels
    lines = [pixels[y * drawn.stride :][: drawn.width * step] for y in range(drawn.height)]
    if step == 3:  # noqa: PLR2004 - red, green, blue
        return lines
    return [b"".join(line[x : x + 3] for x in range(0, len(line), step)) for line in lines]


def cut(rows: Rows) -> Rows:
    """Without the empty paper above and below, and without the footer under it."""
    white = b"\xff" * len(rows[0])
    inked = [y for y, row in enumerate(rows) if row != white]
    last = next((y for y, below in pairwise(inked) if below - y > GAP), inked[-1])
    return rows[max(0, inked[0] - MARGIN) : last + MARGIN][:HEIGHT]


def png(rows: Rows) -> bytes:
    """Rows as a PNG file; each row as its difference from the one above, which packs well."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    above = b"\x00" * len(rows[0])
    packed = bytearray()
    for row in rows:
        packed.append(2)
        packed += bytes((a - b) & 0xFF for a, b in zip(row, above, strict=True))
        above = row
    head = struct.pack(">IIBBBBB", len(rows[0]) // 3, len(rows), 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(packed), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def main() -> int:
    """Draw every picture in both languages."""
    FOLDER.mkdir(exist_ok=True)
    for name, words in PICTURES.items():
        for lang, suffix in (("en", ".png"), ("ja", ".ja.png")):
            file = FOLDER / f"{name}{suffix}"
            file.write_bytes(png(cut(page(words, lang))))
            print(file.relative_to(ROOT), file.stat().st_size)
    for file in asyncio.run(pictures_pages.drawn(FOLDER)):
        print(file.relative_to(ROOT), file.stat().st_size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
