"""The tables of a file, and how each key is written: for messages that say what to write.

`SITE` are the tables that the papers read; other readers of the same file (the gate's) bring their
own `Forms` and get the same messages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel

from sekisho.site.document import (
    AttestationTable,
    DatesTable,
    DeviceTable,
    ExternalTable,
    LinkTable,
    ProgrammesTable,
    SiteDocument,
    SiteTable,
)
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.site.locate import Path

TABLES: dict[str, type[BaseModel]] = {
    "site": SiteTable,
    "dates": DatesTable,
    "programmes": ProgrammesTable,
    "attestations": AttestationTable,
    "external": ExternalTable,
    "device": DeviceTable,
    "link": LinkTable,
}
ARRAYS = frozenset({"external", "device", "link", "south"})
"""Tables that may be written many times, with two brackets."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """The tables that one reader reads."""

    tables: Mapping[str, type[BaseModel]]
    """The model of each table, of one entry where there are many."""
    arrays: frozenset[str]
    known: tuple[str, ...]
    """Every table that the file may have."""
    whole: Text
    """Where a table that is missing can be copied from."""

    def table(self, path: Path) -> type[BaseModel] | None:
        """The model in which the last key of a path stands."""
        found = self.tables.get(str(path[0]))
        for part in path[1:-1]:
            field = found.model_fields.get(str(part)) if found is not None else None
            inner = field.annotation if field is not None else None
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                found = inner
        return found

    def example(self, path: Path) -> str:
        """A line that shows how the key is written, as `area = "hokkaido"`."""
        table = self.table(path)
        key = key_of(path)
        field = table.model_fields.get(key) if table is not None else None
        shown = field.examples[0] if field is not None and field.examples else "…"
        return f"{key} = {_toml(shown)}"

    def as_in(self, path: Path) -> Text:
        """The example as a remedy."""
        return Text("例: {line}", "Write, for example: {line}").fill(line=self.example(path))

    def table_name(self, path: Path) -> str:
        """The header under which the key stands, as `[[device]]`."""
        name = str(path[0])
        if len(path) > 2 and isinstance(path[1], str):  # noqa: PLR2004  a table within a table
            return f"{name}.{path[1]}"
        return f"[[{name}]]" if name in self.arrays else f"[{name}]"


SITE = Forms(
    tables=TABLES,
    arrays=ARRAYS,
    known=tuple(SiteDocument.model_fields),
    whole=Text(
        '"sekisho site new" のひな形から写してください。',
        'Copy it from the form that "sekisho site new" writes.',
    ),
)
"""The tables of the papers."""


def example(path: Path) -> str:
    """How a key of the papers' tables is written."""
    return SITE.example(path)


def _toml(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return f"{value:_}"
        case list():
            return f"[{', '.join(_toml(v) for v in value)}]"
        case _:
            return str(value) if _DAY.fullmatch(str(value)) else f'"{value}"'


def key_of(path: Path) -> str:
    """The last key of a path; positions in a list are passed over."""
    return next(str(part) for part in reversed(path) if isinstance(part, str))
