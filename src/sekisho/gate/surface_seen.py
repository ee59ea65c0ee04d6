"""What is really open, read from the kernel's tables, and compared with what is declared.

The kernel's forms are those of proc(5): `/proc/net/tcp`, `tcp6`, `udp`, `udp6`, `raw`, `raw6`, `packet` and `unix`, of the
process that is looked at. Nothing here opens a file.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from sekisho.gate.surface import DNS_PORT, Carrier, Direction, Route

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sekisho.gate.surface import Port

_LISTEN = "0A"
_UNCONNECTED = "07"
_ENDING = frozenset({"06", "08", "04", "05", "09", "0B"})
"""TIME_WAIT, CLOSE_WAIT, FIN_WAIT 1 and 2, LAST_ACK, CLOSING: on the way out."""
_ACCEPTS = 0x10000
"""__SO_ACCEPTCON: a Unix socket that listens."""
_INET_FIELDS, _UNIX_FIELDS = 10, 7
_V4_DIGITS = 8
ANY = "*"


class Stance(StrEnum):
    """What a socket does."""

    LISTENS = "listens"
    CONNECTED = "connected"
    INTERNAL = "internal"
    """A nameless Unix socket: one of a pair within the process, or the asking end of a service of
    this machine; the kernel's table does not tell which. Nobody can connect to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One socket that a process holds."""

    carrier: Carrier
    stance: Stance
    place: str
    """Own address; path of a Unix socket."""
    number: int | None
    far_place: str = ""
    far_number: int | None = None

    @property
    def address(self) -> str:
        """As people write it."""
        near = self.place if self.number is None else f"{self.place}:{self.number}"
        if self.far_number is None:
            return near
        return f"{near} → {self.far_place}:{self.far_number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Declared against observed."""

    open: Mapping[Port, int]
    """How many sockets belong to each declared port; 0: it is closed now."""
    unexpected: tuple[Seen, ...]
    """What no row of the table explains."""


def read_inet(text: str, carrier: Carrier, held: frozenset[int]) -> Iterator[Seen]:
    """The sockets of a table of TCP, UDP or raw IP that the process holds.

    Args:
        text: `/proc/<pid>/net/tcp`, `tcp6`, `udp`, `udp6`, `raw` or `raw6`.
        carrier: which of them it is.
        held: the inodes of the process's sockets.

    Raises:
        ValueError: it is no such table.
    """
    for line in text.splitlines()[1:]:
        fields = line.split()
        if len(fields) < _INET_FIELDS:
            raise ValueError(line)
        if int(fields[9]) not in held:
            continue
        near, far, state = fields[1], fields[2], fields[3]
        place, number = _end(near)
        far_place, far_number = _end(far)
        if state in _ENDING:
            continue
        if state == _LISTEN or (carrier is not Carrier.TCP and state == _UNCONNECTED):
            yield Seen(carrier=carrier, stance=Stance.LISTENS, place=place, number=number)
            continue
        yield Seen(
            carrier=carrier,
            stance=Stance.CONNECTED,
            place=place,
            number=number,
            far_place=far_place,
            far_number=far_number,
        )


def read_unix(text: str, held: frozenset[int]) -> Iterator[Seen]:
    """The Unix sockets that the process holds.

    Args:
        text: `/proc/<pid>/net/unix`.
        held: the inodes of the process's sockets.

    Raises:
        ValueError: it is no such table.
    """
    for line in text.splitlines()[1:]:
        fields = line.split(maxsplit=_UNIX_FIELDS)
        if len(fields) < _UNIX_FIELDS:
            raise ValueError(line)
        if int(fields[6]) not in held:
            continue
        path = fields[7] if len(fields) > _UNIX_FIELDS else ""
        stance = Stance.LISTENS if int(fields[3], 16) & _ACCEPTS else Stance.CONNECTED
        if not path and stance is Stance.CONNECTED:
            stance = Stance.INTERNAL
        yield Seen(carrier=Carrier.UNIX, stance=stance, place=path, number=None)


def read_packet(text: str, held: frozenset[int]) -> Iterator[Seen]:
    """The packet sockets that the process holds, from `/proc/<pid>/net/packet`."""
    for line in text.splitlines()[1:]:
        if int(line.split()[-1]) in held:
            yield Seen(carrier=Carrier.RAW, stance=Stance.LISTENS, place=ANY, number=None)


def compare(
    declared: Sequence[Port], seen: Iterable[Seen], names: Mapping[str, frozenset[str]]
) -> Comparison:
    """Whether each socket is explained by a row of the table.

    Args:
        declared: the table of the process.
        seen: what the process holds.
        names: the addresses that each host name of the table stands for now.
    """
    count = dict.fromkeys(declared, 0)
    unexpected: list[Seen] = []
    for socket in seen:
        if socket.stance is Stance.INTERNAL:
            continue
        port = next((p for p in declared if _explains(p, socket, names)), None)
        if port is None:
            unexpected.append(socket)
        else:
            count[port] += 1
    return Comparison(open=count, unexpected=tuple(unexpected))


def _explains(port: Port, socket: Seen, names: Mapping[str, frozenset[str]]) -> bool:
    about = port.about
    if about.carrier is Carrier.SERIAL:
        return False
    if about.direction is Direction.LISTENS:
        # The connections that a listening socket took have its own address.
        return about.carrier is socket.carrier and (socket.place, socket.number) == (
            port.place,
            port.number,
        )
    if socket.stance is not Stance.CONNECTED:
        return False
    if port.route is Route.NAMES:  # a resolver's answer may be too long for UDP (RFC 7766)
        return socket.carrier in {Carrier.UDP, Carrier.TCP} and socket.far_number == DNS_PORT
    hosts = names.get(port.place, frozenset({port.place}))
    return (
        about.carrier is socket.carrier
        and socket.far_place in hosts
        and socket.far_number == port.number
    )


def _end(text: str) -> tuple[str, int]:
    """`0100007F:1F90` as an address and a port; the kernel writes words in its own byte order."""
    address, _, port = text.partition(":")
    words = [int(address[at : at + 8], 16) for at in range(0, len(address), 8)]
    raw = struct.pack(f"={len(words)}I", *words)
    if len(address) == _V4_DIGITS:
        return str(IPv4Address(raw)), int(port, 16)
    found = IPv6Address(raw)
    return str(found.ipv4_mapped or found), int(port, 16)
