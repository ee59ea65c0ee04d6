"""The font that reports are set in: which characters it has, and a subset of it.

IPAexGothic ships unmodified beside its licence. A document carries the glyphs of its own
characters and no others (IPA Font License v1.0, article 1.5: embedded fonts). The font's bytes
are an argument; only `shell` reads the file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO, Final

from sekisho.present.escape import code_point, visible

if TYPE_CHECKING:
    from collections.abc import Iterable

FAMILY: Final = "IPAexGothic"
"""The font's family name, for media that name it."""

_ALWAYS: Final = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("○×－?[]…•　")
_REFERENCE: Final = re.compile(r"&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));")
_LARGEST: Final = 0x10FFFF


def characters(font: BinaryIO) -> frozenset[str]:
    """The characters that the font has a glyph for."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - heavy, and only for reports

    return frozenset(map(chr, TTFont(font, lazy=True).getBestCmap()))


def subset(font: BinaryIO, used: Iterable[str], sink: BinaryIO) -> None:
    """Write the part of the font that has the characters used, as WOFF.

    The same font and characters give the same bytes. ASCII and the signs of verdicts are always
    in it.

    Args:
        font: the whole font, as it ships.
        used: strings that will be set in it.
        sink: where the subset goes.
    """
    from fontTools.subset import Options, Subsetter  # noqa: PLC0415 - heavy, only for reports
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - heavy, only for reports

    whole = TTFont(font, recalcTimestamp=False)
    options = Options(
        flavor="woff",
        layout_features=["kern", "palt", "ccmp"],
        hinting=False,
        desubroutinize=True,
        name_IDs=["*"],
        name_languages=["*"],
        notdef_outline=True,
    )
    options.drop_tables += ["vhea", "vmtx", "BASE"]
    subsetter = Subsetter(options)
    wanted = _ALWAYS.union(*(set(text) for text in used))
    subsetter.populate(unicodes=sorted(map(ord, wanted)))
    subsetter.subset(whole)
    whole.flavor = "woff"
    whole.save(sink, reorderTables=True)


def settable(text: str, known: frozenset[str]) -> str:
    """The text with each character that the font lacks written as its number.

    A missing glyph would be an empty box, the same for every character; the number says which
    one stood there.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = visible(text, newlines=True)
    return "".join(c if c in known or c == "\n" else code_point(c) for c in shown)


def settable_svg(svg: str, known: frozenset[str]) -> str:
    """The picture with each character that the font lacks written as its number."""
    plain = _REFERENCE.sub(lambda m: _referenced(m, known), svg)
    return "".join(
        c if c in known or c in "\n\r\t" or c.isascii() else code_point(c) for c in plain
    )


def _referenced(match: re.Match[str], known: frozenset[str]) -> str:
    number = int(match[1], 16) if match[1] else int(match[2])
    if number > _LARGEST or chr(number).isascii() or chr(number) in known:
        return match[0]
    return code_point(chr(number))
