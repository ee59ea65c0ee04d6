"""Untrusted text made safe, one function per medium.

A device's name, a maker's name or a cell of a list may hold anything: an escape sequence for a
terminal, a tag, a formula, an order of writing that shows other words than are there. Nothing is
dropped silently: what a reader could not see is written as its number, `[U+001B]`, and what a
medium would read as its own grammar is escaped for that medium.

References: Unicode TR 36 and TR 39 (bidirectional overrides, invisible characters), CommonMark 0.31
section 2.4, RFC 5545 section 3.3.11.
"""

from __future__ import annotations

import html as _html
import re
import unicodedata
from typing import Final

_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})
"""General categories that a reader cannot see, or that change what the reader sees."""

_ODD_SPACES: Final = frozenset("\u1680\u2800\u3164\u115f\u1160\uffa0\u034f")
"""Characters of other categories that show nothing at all."""

_MARKDOWN: Final = frozenset("\\`*_{}[]<>#|&~!$^:@")
_MARKDOWN_START: Final = re.compile(r"^(\s*)(?:(\d+)([.)])|([-+=]))")

_FORMULA_STARTS: Final = frozenset("=+-@\t\r＝＋－＠")
"""First characters at which a spreadsheet starts to calculate; the full-width ones too."""

_RESERVED: Final = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"{n}{i}" for n in ("COM", "LPT") for i in range(10))}
)
_FILENAME_BYTES: Final = 120


def code_point(char: str) -> str:
    """The number of a character, in the bracket in which we show it."""
    return f"[U+{ord(char):04X}]"


def visible(text: str, *, newlines: bool = False) -> str:
    """The text with every character that a reader could not see written as its number.

    Args:
        text: anything.
        newlines: keep line feeds, where the medium confines them (a cell of a table).
    """
    if text.isascii() and text.isprintable():
        return text
    if newlines:
        text = text.replace("\r\n", "\n")
    return "".join(
        c if (newlines and c == "\n") or not _is_hidden(c) else code_point(c) for c in text
    )


def in_template(value: object) -> object:
    """What a template writes for a value (jinja2's `finalize`): a plain string, made visible.

    What is markup already, and what is no string, stays as it is.
    """
    return visible(value, newlines=True) if type(value) is str else value


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in _HIDDEN or char in _ODD_SPACES


def terminal(text: str) -> str:
    """One line for a terminal: no escape sequence, no line of its own making."""
    return visible(text)


def json_text(text: str) -> str:
    """Finished JSON in which hidden characters stand as escapes; the values stay the same.

    Within JSON such a character can only be part of a string; line feeds lay the text out.
    """
    # `isprintable` knows every hidden character (and a few harmless ones), and it is fast.
    return "\n".join(
        line
        if line.isprintable()
        else "".join(_json_escape(c) if _is_hidden(c) else c for c in line)
        for line in text.split("\n")
    )


def _json_escape(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def html(text: str) -> str:
    """Text or a quoted attribute's value in HTML."""
    return _html.escape(visible(text, newlines=True), quote=True)


def xml(text: str) -> str:
    """Text or a quoted attribute's value in XML, for example SVG."""
    escaped = _html.escape(visible(text, newlines=True), quote=True)
    return escaped.replace("\n", "&#10;")


def typst(text: str) -> str:
    """A typst string literal, with its quotes; never read as markup or code."""
    body = visible(text, newlines=True).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + body.replace("\n", "\\n") + '"'


def excel_cell(text: str) -> str:
    """Text for a cell of a workbook, within what a cell may hold.

    The writer must store it as a string. Where `starts_formula` says so the cell also carries the
    quote prefix, so that it stays text when somebody edits it.
    """
    limit = 32_767
    shown = visible(text, newlines=True)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet would calculate the text if a person typed it."""
    return text[:1] in _FORMULA_STARTS if text else False


def csv_cell(text: str) -> str:
    """A value for a CSV file that people open in a spreadsheet: a formula is led by `'`."""
    return ("'" if starts_formula(text) else "") + visible(text, newlines=True)


def markdown(text: str) -> str:
    """Inline text in Markdown; on one line, so that it cannot start a block of its own."""
    shown = "".join(f"\\{c}" if c in _MARKDOWN else c for c in visible(text).strip())
    return _MARKDOWN_START.sub(_escaped_start, shown)


def _escaped_start(match: re.Match[str]) -> str:
    space, number, stop, sign = match.groups()
    return f"{space}\\{sign}" if sign else f"{space}{number}\\{stop}"


def ics_text(text: str) -> str:
    """A TEXT value of iCalendar (RFC 5545, 3.3.11), not folded."""
    shown = visible(text, newlines=True)
    for char in "\\;,":
        shown = shown.replace(char, f"\\{char}")
    return shown.replace("\n", "\\n")


def filename(text: str, fallback: str = "file") -> str:
    """A name that is one file in its folder on Linux, macOS and Windows; never a path.

    Args:
        text: the wished name, with its ending.
        fallback: what to use where nothing of the wish remains.
    """
    kept = "".join(
        c if c.isalnum() or c in "-_." else "_" for c in unicodedata.normalize("NFC", text)
    )
    kept = re.sub(r"_+", "_", kept).strip("._ ")
    stem, dot, ending = kept.rpartition(".")
    if not dot:
        stem, ending = kept, ""
    if stem.split(".")[0].upper() in _RESERVED:
        stem = f"_{stem}"
    room = _FILENAME_BYTES - len(f"{dot}{ending}".encode())
    if room <= 0:
        stem, dot, ending, room = kept, "", "", _FILENAME_BYTES
    stem = stem.encode()[:room].decode(errors="ignore")
    return f"{stem}{dot}{ending}" or fallback
