"""Installing the certificate that the operator returned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sekisho.shell.gate.certification import Papers
from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.gate.settings import Settings
    from sekisho.shell.gate.state_folder import StateFolder

_MOST_BYTES = 256 * 1024
_UNREADABLE = Text("読めません({why})。", "It cannot be read ({why}).")
_PLACE = Text("場所と権限を確かめてください。", "Check the place and its permissions.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A certificate that was installed."""

    name: str
    """Of its file in the state folder."""
    in_force: bool
    serial: int
    end: datetime


def install(
    folder: StateFolder, settings: Settings, certificate: Path, ca: Path, broker_ca: Path | None
) -> Installed:
    """Checks a certificate and keeps it; nothing is written where anything is wrong with it.

    Raises:
        InputError: it is not for this gate, or the operator's authority does not vouch for it.
        WorldError: a file cannot be read or written.
    """
    papers = Papers(folder, settings)
    authorities = _bytes_of(ca)
    now = datetime.now(UTC)
    good = papers.check(_bytes_of(certificate), authorities, now, str(certificate))
    if broker_ca is not None or not folder.has(settings.north.ca):
        folder.write(settings.north.ca, authorities if broker_ca is None else _bytes_of(broker_ca))
    in_force = papers.put(good)
    return Installed(
        name=papers.certificate if in_force else papers.next_certificate,
        in_force=in_force,
        serial=good.leaf.serial_number,
        end=good.leaf.not_valid_after_utc,
    )


def _bytes_of(place: Path) -> bytes:
    try:
        with place.open("rb") as stream:
            return stream.read(_MOST_BYTES)
    except OSError as error:
        what = _UNREADABLE.fill(why=error.strerror or str(error))
        raise WorldError(Problem(str(place), what, _PLACE)) from error
