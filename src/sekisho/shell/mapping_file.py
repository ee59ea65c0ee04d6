"""The mapping file of `register import`: what headers mean that no known name covers.

[headers]
"列の名" = "model"
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from sekisho.register.columns import Field, header_key
from sekisho.shell.tabular import read_bytes
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST = 1024 * 1024
"""A line for each column is a few kilobytes."""
_LINE = Text(
    '[headers] の下に "列の名" = "model" の形で書いてください(使える語: {words})。',
    'Write lines such as "column name" = "model" under [headers] (words: {words}).',
).fill(words=", ".join(Field))


def read_mapping(path: Path) -> dict[str, Field]:
    """Reads a mapping file: field by header key.

    Raises:
        InputError: unreadable, no TOML, an unknown key or an unknown field; all at once.
        WorldError: the system refuses to read the file.
    """
    try:
        document = tomllib.loads(read_bytes(path, _LARGEST).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        what = Text("TOML として読めません: {why}", "this is no TOML: {why}").fill(why=problem)
        raise InputError(Problem(str(path), what, _LINE)) from problem
    problems = [
        Problem(str(path), Text("未知のキー「{key}」", 'unknown key "{key}"').fill(key=key), _LINE)
        for key in document
        if key != "headers"
    ]
    headers = document.get("headers", {})
    if not isinstance(headers, dict) or not headers:
        what = Text("[headers] がありません。", "There is no [headers].")
        raise InputError(*problems, Problem(str(path), what, _LINE))
    mapping: dict[str, Field] = {}
    for name, word in headers.items():
        try:
            mapping[header_key(name)] = Field(word)
        except ValueError:
            what = Text(
                "「{name}」の値「{word}」は使えません。",
                'The value "{word}" of "{name}" is not known.',
            ).fill(name=name, word=word)
            problems.append(Problem(str(path), what, _LINE))
    if problems:
        raise InputError(*problems)
    return mapping
