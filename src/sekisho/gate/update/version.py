"""Versions of the program: three whole numbers, compared as such.

No pre-releases and no local parts: two readers of `1.0.0rc1` may order it differently, and order is
what keeps an old program from coming back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from typing_extensions import override

_FORM = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version; later ones compare as greater."""

    major: int
    minor: int
    patch: int

    @override
    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


def read_version(text: str) -> Version:
    """The version of its one spelling.

    Raises:
        ValueError: it is not `1.2.3`.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(f"not a version: {text[:40]!r}")
    return Version(*(int(part) for part in found.groups()))
