"""The tables of the file, and how each key is written: for messages that say what to write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sekisho.site.document import (
    AttestationTable,
    DatesTable,
    DeviceTable,
    ExternalTable,
    LinkTable,
    ProgrammesTable,
    SiteTable,
)
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from pydantic import BaseModel

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


def example(path: Path) -> str:
    """A line that shows how the key is written, as `area = "hokkaido"`."""
    table = TABLES.get(str(path[0]))
    key = key_of(path)
    field = table.model_fields.get(key) if table is not None else None
    shown = field.examples[0] if field is not None and field.examples else "…"
    return f"{key} = {_toml(shown)}"


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


def as_in(path: Path) -> Text:
    """The example as a remedy."""
    return Text("例: {line}", "Write, for example: {line}").fill(line=example(path))


def table_name(path: Path) -> str:
    """The header under which the key stands, as `[[device]]`."""
    name = str(path[0])
    if name == "attestations" and len(path) > 2:  # noqa: PLR2004  below one attestation's key
        return f"{name}.{path[1]}"
    return f"[[{name}]]" if name in ARRAYS else f"[{name}]"


def key_of(path: Path) -> str:
    """The last key of a path; positions in a list are passed over."""
    return next(str(part) for part in reversed(path) if isinstance(part, str))
