"""Which ports are known to be open, and whether all of them were asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sekisho.evidence.observation_network import OpenPorts
from sekisho.evidence.observation_paper import PortTable
from sekisho.proof.evidence import MOST_DAYS
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.evidence.observation_network import SeenPort
    from sekisho.evidence.observation_words import Transport
    from sekisho.proof.evidence import Evidence, Piece

FIRST_PORT, LAST_PORT = 1, 65_535

NOT_SCANNED = Text(
    "TCP の 1～65535 番すべては調べられていません。",
    "Not every TCP port from 1 to 65535 was asked and answered.",
)
SCAN = Text(
    "TCP の全ポートを調べてください(sekisho probe)。", "Ask every TCP port (sekisho probe)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What is known of one transport's ports."""

    whole: tuple[Piece, ...]
    """Records that together answer for every port; empty where some was not asked or did not answer."""
    any_asked: tuple[Piece, ...]
    """Records that answer for some ports."""
    asked: str
    """The ranges that were asked and answered: `1-1024, 5353`."""
    ranges: tuple[tuple[int, int], ...]
    """The same, first and last port of each."""
    ports: dict[int, tuple[Piece, SeenPort]]
    """Every port that answered in any record, by its number."""


def scanned(evidence: Evidence, transport: Transport) -> Scanned:
    """What the scans of one transport saw."""
    pieces: list[Piece] = []
    ranges: list[tuple[int, int]] = []
    ports: dict[int, tuple[Piece, SeenPort]] = {}
    for piece, seen in evidence.of(OpenPorts):
        for port in seen.ports:
            if port.transport is transport:
                ports[port.port] = (piece, port)
        asked = [(a.first, a.last) for a in seen.asked if a.transport is transport]
        if asked and seen.complete:
            pieces.append(piece)
            ranges += asked
    return Scanned(
        whole=tuple(pieces) if _covers(ranges) else (),
        any_asked=tuple(pieces),
        asked=", ".join(f"{a}-{b}" if a != b else str(a) for a, b in sorted(ranges)),
        ranges=tuple(sorted(ranges)),
        ports=dict(sorted(ports.items())),
    )


def counted_tables(evidence: Evidence) -> list[tuple[Piece, PortTable]]:
    """The port tables that have a file's hash and a date of at most 365 days."""
    most = timedelta(days=MOST_DAYS)
    return [
        (piece, table)
        for piece, table in evidence.of(PortTable)
        if table.sha256 is not None
        and table.dated is not None
        and timedelta(0) <= evidence.as_of - table.dated <= most
    ]


def _covers(ranges: list[tuple[int, int]]) -> bool:
    reached = FIRST_PORT - 1
    for first, last in sorted(ranges):
        if first > reached + 1:
            return False
        reached = max(reached, last)
    return reached >= LAST_PORT
