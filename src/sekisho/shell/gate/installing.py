"""Installing the certificate that the operator returned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sekisho.shell.gate.certification import Papers
from sekisho.shell.reading import bounded

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.gate.settings import Settings
    from sekisho.shell.gate.state_folder import StateFolder

_MOST_BYTES = 256 * 1024


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
    authorities = bounded(ca, _MOST_BYTES)
    now = datetime.now(UTC)
    good = papers.check(bounded(certificate, _MOST_BYTES), authorities, now, str(certificate))
    if broker_ca is not None or not folder.has(settings.north.ca):
        brokers = authorities if broker_ca is None else bounded(broker_ca, _MOST_BYTES)
        folder.write(settings.north.ca, brokers)
    in_force = papers.put(good)
    return Installed(
        name=papers.certificate if in_force else papers.next_certificate,
        in_force=in_force,
        serial=good.leaf.serial_number,
        end=good.leaf.not_valid_after_utc,
    )
