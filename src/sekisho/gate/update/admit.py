"""Whether a signed update may be installed here and now: the floors, each with its reason.

Signatures are asked before, by TUF; these questions remain even where every signature is right. They
are one tuple, `FLOORS`; no file, option or variable makes it shorter, only the laboratory can.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sekisho.gate.update.reasons import Reason, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.gate.update.manifest import Manifest
    from sekisho.gate.update.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is installed."""

    model: str
    """What this machine is."""
    current: Version | None
    highest: Version | None
    """The highest version that was ever switched to."""
    failed: str | None
    """SHA-256 of the update that was rolled back last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An update whose signatures hold."""

    manifest: Manifest
    digest: str
    """SHA-256 of its archive, hexadecimal."""


class Ask(Protocol):
    """One question."""

    def __call__(self, offer: Offer, standing: Standing) -> Refused | None:
        """Why not; None: nothing speaks against it."""


@dataclass(frozen=True, slots=True)
class Floor:
    """A question with its name."""

    name: str
    ask: Ask


def admit(offer: Offer, standing: Standing, floors: Sequence[Floor]) -> None:
    """Goes through every question.

    Raises:
        Refused: the first one that says no.
    """
    for floor in floors:
        no = floor.ask(offer, standing)
        if no is not None:
            raise no


def _model(offer: Offer, standing: Standing) -> Refused | None:
    if offer.manifest.model == standing.model:
        return None
    return Refused(Reason.MODEL, f"{offer.manifest.model}, here: {standing.model}")


def _highest(offer: Offer, standing: Standing) -> Refused | None:
    version = offer.manifest.version
    if standing.highest is None or version >= standing.highest:
        return None
    return Refused(Reason.OLDER, f"{version} < {standing.highest}")


def _installed(offer: Offer, standing: Standing) -> Refused | None:
    if offer.manifest.version != standing.current:
        return None
    return Refused(Reason.INSTALLED, str(standing.current))


def _minimum(offer: Offer, standing: Standing) -> Refused | None:
    minimum = offer.manifest.minimum
    if standing.current is None or standing.current >= minimum:
        return None
    return Refused(Reason.MINIMUM, f"{standing.current} < {minimum}")


def _failed(offer: Offer, standing: Standing) -> Refused | None:
    if offer.digest != standing.failed:
        return None
    return Refused(Reason.FAILED_BEFORE, str(offer.manifest.version))


FLOORS: tuple[Floor, ...] = (
    Floor("model", _model),
    Floor("highest", _highest),
    Floor("installed", _installed),
    Floor("minimum", _minimum),
    Floor("failed", _failed),
)
"""Every question there is."""
