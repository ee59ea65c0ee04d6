"""Model 1, the common block: who made the device, as it says itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekisho.codec.sunspec.typed import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What the common block states; None where it states nothing printable."""

    maker: str | None
    model: str | None
    options: str | None
    version: str | None
    serial: str | None


def common_of(group: Group) -> Common:
    """The common block's strings."""
    return Common(
        maker=_text(group, "Mn"),
        model=_text(group, "Md"),
        options=_text(group, "Opt"),
        version=_text(group, "Vr"),
        serial=_text(group, "SN"),
    )


def _text(group: Group, name: str) -> str | None:
    value = group.raw(name)
    return value if isinstance(value, str) else None
