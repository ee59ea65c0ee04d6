"""One page per rule, and the scheme's data, for the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def files() -> Mapping[str, str]:
    """The pages, by path."""
    return {}
