"""Progress of long work, on a terminal's error channel and nowhere else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")
_WORTH_SHOWING = 50
"""Fewer steps than this are over before anybody looks."""


def advancing(items: Sequence[T], said: str) -> Iterator[T]:
    """The items, with a bar that advances; silent where nobody watches."""
    if len(items) < _WORTH_SHOWING or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, description=said, console=Console(stderr=True), transient=True)
