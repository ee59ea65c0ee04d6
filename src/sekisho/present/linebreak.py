"""Breaking lines of mixed Japanese and Latin text by the columns of a terminal.

Wide characters take two columns (Unicode TR 11; ambiguous ones take one, as in most terminals
today). Japanese may break between any two characters, except before a closing and after an
opening mark (JIS X 4051, the strict part of 禁則); Latin breaks at spaces and, where a word is
longer than the line, anywhere.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOT_FIRST: Final = frozenset(
    "、。，．・：；？！」』】〕）］｝〉》ーゝゞ々ぁぃぅぇぉっゃゅょァィゥェォッャュョ%‰℃…,.;:!?)]}"
)
_NOT_LAST: Final = frozenset("「『【〔（［｛〈《([{")


def columns(text: str) -> int:
    """How many columns the text takes; 1 per Latin, 2 per Japanese character."""
    if text.isascii():
        return len(text)
    return sum(_columns_of(c) for c in text)


def _columns_of(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def padded(text: str, width: int) -> str:
    """The text filled with spaces to the width."""
    return text + " " * max(0, width - columns(text))


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns (at least 2, so that a wide character fits).

    Line feeds in the text begin new lines. An empty text is one empty line.
    """
    width = max(2, width)
    return [line for part in text.split("\n") for line in _wrapped_line(part, width)]


def _wrapped_line(text: str, width: int) -> Iterator[str]:
    line, used = "", 0
    for token in _tokens(text):
        for piece in _pieces(token, width):
            size = columns(piece)
            if used + size > width and line:
                yield line.rstrip(" ")
                line, used = "", 0
                if piece == " ":
                    continue
            line, used = line + piece, used + size
    yield line.rstrip(" ")


def _tokens(text: str) -> Iterator[str]:
    """Unbreakable runs: Latin words, single spaces, Japanese characters with their marks."""
    run = ""
    for char in text:
        if run and not _may_break(run[-1], char):
            run += char
            continue
        if run:
            yield run
        run = char
    if run:
        yield run


def _may_break(before: str, after: str) -> bool:
    if " " in (before, after):
        return True
    if after in _NOT_FIRST or before in _NOT_LAST:
        return False
    return _columns_of(before) == 2 or _columns_of(after) == 2  # noqa: PLR2004 - full width is two columns


def _pieces(token: str, width: int) -> Iterator[str]:
    """The token itself, or cut by force where it is longer than a line."""
    if columns(token) <= width:
        yield token
        return
    piece, used = "", 0
    for char in token:
        size = _columns_of(char)
        if used + size > width:
            yield piece
            piece, used = "", 0
        piece, used = piece + char, used + size
    if piece:
        yield piece
