"""What ships about devices: the SunSpec model definitions."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from sekisho.codec.sunspec.definition import read_catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.codec.sunspec.definition import ModelDefinition


@cache
def load_catalogue() -> Mapping[int, ModelDefinition]:
    """The SunSpec models that the gate reads, by their id."""
    folder = files("sekisho.shell") / "data" / "sunspec"
    return read_catalogue((folder / "models.json").read_text(encoding="utf-8"))
