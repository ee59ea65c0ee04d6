"""The shipped font as package data."""

from __future__ import annotations

from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FOLDER = files("sekisho.present.fonts")
_FONT = "ipaexg.ttf"


def font_bytes() -> bytes:
    """The shipped font, unmodified."""
    return _FOLDER.joinpath(_FONT).read_bytes()


@contextmanager
def font_folder() -> Iterator[Path]:
    """A folder that holds the shipped font; a temporary copy where the package is an archive."""
    with as_file(_FOLDER.joinpath(_FONT)) as path:
        yield path.parent
