"""What a device says of itself, and whether that is what the site file says.

A nameplate is read from the SunSpec common block or by Modbus function 43/14. It is evidence and no
proof: a device can lie, and any name can be typed into a forged one. Text that is too long, or has
characters that are not printable, is not taken over; which field that was is kept.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.codec.sunspec.common import Common
    from sekisho.site.model import Identity
    from sekisho.terms.quantity import WallMs

LONGEST = 245
"""Bytes of one object of function 43/14: what fits a frame (section 6.21)."""
MOST_OBJECTS = 64
"""Objects that are looked at; the standard ones are seven."""


class ReadBy(StrEnum):
    """How a nameplate was read."""

    SUNSPEC = "sunspec-model-1"
    IDENTIFICATION = "modbus-43-14"


class PlateField(StrEnum):
    """What a nameplate states."""

    MAKER = "maker"
    MODEL = "model"
    VERSION = "version"
    SERIAL = "serial"
    OPTIONS = "options"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nameplate:
    """What a device states of itself; None where it states nothing that can be read."""

    maker: str | None
    model: str | None
    version: str | None
    serial: str | None = None
    options: str | None = None
    also: tuple[str, ...] = ()
    """Other names by which it calls its model: a product code beside a model name."""
    unreadable: tuple[PlateField, ...] = ()
    """Fields with text that is not printable, or too long."""
    read_by: ReadBy
    at: WallMs
    """When it was read."""

    @property
    def models(self) -> tuple[str, ...]:
        """Every name that it gives for its model."""
        return tuple(name for name in (self.model, *self.also) if name is not None)


def from_common(common: Common, at: WallMs) -> Nameplate:
    """The nameplate of a SunSpec common block."""
    return Nameplate(
        maker=common.maker,
        model=common.model,
        version=common.version,
        serial=common.serial,
        options=common.options,
        read_by=ReadBy.SUNSPEC,
        at=at,
    )


_VENDOR, _CODE, _REVISION, _PRODUCT, _MODEL = 0, 1, 2, 4, 5
"""Objects of the basic and regular identification (section 6.21, table of objects)."""
_FIELDS = {
    _VENDOR: PlateField.MAKER,
    _CODE: PlateField.MODEL,
    _REVISION: PlateField.VERSION,
    _PRODUCT: PlateField.MODEL,
    _MODEL: PlateField.MODEL,
}


def from_objects(objects: Iterable[tuple[int, bytes]], at: WallMs) -> Nameplate:
    """The nameplate of the objects that function 43/14 gave; of repeated ones the first counts."""
    told: dict[int, str | None] = {}
    for _, (number, held) in zip(range(MOST_OBJECTS), objects, strict=False):
        if number in _FIELDS and number not in told:
            told[number] = _printable(held)
    names = [told.get(n) for n in (_MODEL, _CODE, _PRODUCT)]
    models = list(dict.fromkeys(name for name in names if name))
    return Nameplate(
        maker=told.get(_VENDOR) or None,
        model=models[0] if models else None,
        version=told.get(_REVISION) or None,
        also=tuple(models[1:]),
        unreadable=tuple(dict.fromkeys(_FIELDS[n] for n, v in told.items() if v is None)),
        read_by=ReadBy.IDENTIFICATION,
        at=at,
    )


def _printable(held: bytes) -> str | None:
    """The text of an object, "" where it is empty; None where it is no printable text."""
    if len(held) > LONGEST:
        return None
    try:
        text = held.rstrip(b"\0").decode().strip()
    except UnicodeDecodeError:
        return None
    return text if not text or text.isprintable() else None


# ---- against the site file -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Agrees:
    """Stated on both sides, and the same."""

    field: PlateField
    value: str


@dataclass(frozen=True, slots=True)
class Differs:
    """Stated on both sides, and not the same."""

    field: PlateField
    stated: str
    """What the site file says."""
    live: str
    """What the device says."""


@dataclass(frozen=True, slots=True)
class Unstated:
    """One side says nothing."""

    field: PlateField
    by_site: bool
    """Whether it is the site file that says nothing."""


@dataclass(frozen=True, slots=True)
class Incomparable:
    """Both say something, in different scripts: a person must judge."""

    field: PlateField
    stated: str
    live: str


Finding = Agrees | Differs | Unstated | Incomparable


class Outcome(StrEnum):
    """Whether the live device is the stated one."""

    AGREES = "agrees"
    """The model agrees, and nothing differs."""
    DIFFERS = "differs"
    NOT_STATED = "not-stated"
    """Nothing differs, and the model is not stated on both sides."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A nameplate beside the site file's words."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    """One for each of maker, model, version."""

    @property
    def differences(self) -> tuple[Differs, ...]:
        """Where they differ."""
        return tuple(f for f in self.findings if isinstance(f, Differs))


def compare(plate: Nameplate, identity: Identity) -> Comparison:
    """Whether a device's nameplate is what the site file says of the device.

    Width, case, runs of blanks and the typed dash do not count; everything else does. A maker's
    name in kanji and one in Latin letters cannot be compared.
    """
    findings = (
        _maker(plate.maker, identity.maker),
        _model(plate.models, identity.model),
        _plain(PlateField.VERSION, plate.version, identity.version),
    )
    if any(isinstance(f, Differs) for f in findings):
        return Comparison(Outcome.DIFFERS, findings)
    agreed = isinstance(findings[1], Agrees)
    return Comparison(Outcome.AGREES if agreed else Outcome.NOT_STATED, findings)


def _plain(what: PlateField, live: str | None, stated: str | None) -> Finding:
    if live is None or stated is None:
        return Unstated(what, by_site=stated is None)
    if _key(live) == _key(stated):
        return Agrees(what, live)
    return Differs(what, stated, live)


def _maker(live: str | None, stated: str | None) -> Finding:
    found = _plain(PlateField.MAKER, live, stated)
    match found:
        case Differs(what, said, told) if _key(said).isascii() is not _key(told).isascii():
            return Incomparable(what, said, told)
        case Agrees() | Differs() | Unstated() | Incomparable():
            return found
        case _:
            assert_never(found)


def _model(live: tuple[str, ...], stated: str | None) -> Finding:
    for name in live:
        found = _plain(PlateField.MODEL, name, stated)
        if isinstance(found, Agrees):
            return found
    return _plain(PlateField.MODEL, live[0] if live else None, stated)


_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"), "-")


def _key(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text.translate(_DASHES)).casefold()
    return " ".join(folded.split())
