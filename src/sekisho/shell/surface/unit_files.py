"""The systemd units that ship, read where they lie."""

from __future__ import annotations

from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def shipped_units() -> Mapping[str, str]:
    """The templates, by file name."""
    folder = files("sekisho.shell") / "data" / "units"
    return MappingProxyType(
        {
            place.name: place.read_text(encoding="utf-8")
            for place in sorted(folder.iterdir(), key=lambda p: p.name)
        }
    )
