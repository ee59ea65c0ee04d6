"""On which line of a TOML text a key stands.

`tomllib` tells no positions, and they are wanted only when something is wrong, so this scanner runs
only then. It reads statements, not values: a statement begins at a line that lies outside all
brackets and strings, and is a header or a key. It is made for text that `tomllib` has accepted; on
any other text it answers with what it understood and never raises.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]
"""Keys and list positions, for example `("device", 2, "role")`."""

_PART = r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
_KEY = rf"[ \t]*({_PART}(?:[ \t]*\.[ \t]*{_PART})*)[ \t]*"
_TABLE = re.compile(rf"[ \t]*(\[\[?){_KEY}\]")
_ASSIGN = re.compile(rf"{_KEY}=")
_PARTS = re.compile(_PART)
_TOKEN = re.compile(
    r"""
    \"{3}(?:\\.|[^\\])*?\"{3,5}   # text over several lines
    | '{3}.*?'{3,5}
    | "(?:\\.|[^"\\\n])*"
    | '[^'\n]*'
    | \#[^\n]*
    | \n
    | [\[\]{}]
    | [^\s"'\#\[\]{}]+
    | .                           # white space, and what should not be there
    """,
    re.VERBOSE | re.DOTALL,
)


def lines_of(text: str) -> Mapping[Path, int]:
    """The line, from 1, of each header and key of a TOML text."""
    found: dict[Path, int] = {}
    table: Path = ()
    arrays: dict[Path, int] = {}
    for line, start in _statements(text):
        header = _TABLE.match(text, start)
        if header is not None:
            table = _enter(_names(header[2]), arrays, is_array=header[1] == "[[")
            found.setdefault(table, line)
            continue
        assign = _ASSIGN.match(text, start)
        if assign is None:
            continue
        path = table
        for name in _names(assign[1]):
            path = (*path, name)
            found.setdefault(path, line)
    return found


def line_of(found: Mapping[Path, int], path: Path) -> int | None:
    """The line of the key, or of the nearest thing around it that has one."""
    for end in range(len(path), 0, -1):
        line = found.get(path[:end])
        if line is not None:
            return line
    return min((line for known, line in found.items() if known[:1] == path[:1]), default=None)


def _statements(text: str) -> Iterator[tuple[int, int]]:
    """Line and offset of the start of each statement, comments and blank lines included."""
    yield 1, 0
    line, depth = 1, 0
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word == "\n":
            line += 1
            if depth == 0:
                yield line, token.end()
            continue
        line += word.count("\n")
        if word in "[{":
            depth += 1
        elif word in "]}":
            depth = max(0, depth - 1)


def _names(key: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PARTS.findall(key))


def _enter(names: tuple[str, ...], arrays: dict[Path, int], *, is_array: bool) -> Path:
    """The path of a header, with the position of each array of tables on the way."""
    path: Path = ()
    for depth, name in enumerate(names, start=1):
        path = (*path, name)
        if is_array and depth == len(names):
            arrays[path] = arrays.get(path, -1) + 1
        if path in arrays:
            path = (*path, arrays[path])
    return path
