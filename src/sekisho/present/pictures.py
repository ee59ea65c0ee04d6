"""The size that a picture declares, and whether it is a sheet of its own."""

from __future__ import annotations

import re
from typing import Final

A4_LYING: Final = (841.0, 595.0)
"""Width and height of A4 lying down, in whole points."""

_ROOT: Final = re.compile(r"<svg\b[^>]*>")
_LENGTH: Final = r'\s%s="([0-9]+(?:\.[0-9]+)?)(pt|px|)"'
_POINTS: Final = {"pt": 1.0, "px": 0.75, "": 0.75}


def points(svg: str) -> tuple[float, float] | None:
    """Width and height in points as the SVG declares them; None where it does not."""
    root = _ROOT.search(svg)
    if root is None:
        return None
    sizes = [re.search(_LENGTH % name, root[0]) for name in ("width", "height")]
    width, height = (float(s[1]) * _POINTS[s[2]] if s else None for s in sizes)
    return (width, height) if width is not None and height is not None else None


def is_sheet(svg: str) -> bool:
    """Whether it fills a sheet of its own, with its own margins and heading."""
    size = points(svg)
    return size is not None and size[0] >= A4_LYING[0] and size[1] >= A4_LYING[1]
