"""The sockets of a running process, as the kernel lists them (proc(5))."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.gate.surface import Carrier
from sekisho.gate.surface_seen import read_inet, read_packet, read_unix
from sekisho.gate.tables_ends import is_address
from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sekisho.gate.surface import Port
    from sekisho.gate.surface_seen import Seen

_SOCKET = re.compile(r"socket:\[(\d+)\]")
_INET = (
    ("tcp", Carrier.TCP),
    ("tcp6", Carrier.TCP),
    ("udp", Carrier.UDP),
    ("udp6", Carrier.UDP),
    ("raw", Carrier.RAW),
    ("raw6", Carrier.RAW),
)
_MOST = 8 * 1024 * 1024
"""Bytes of a table; a machine with more sockets is no gate."""
_CANNOT = Text(
    "プロセス {pid} の開いている口を見られません({why})。",
    "What process {pid} has open cannot be seen ({why}).",
)
_REMEDY = Text(
    "Linux で、そのプロセスと同じ利用者か root で実行してください。",
    "Run it on Linux, as the process's own user or as root.",
)


def sockets_of(pid: int) -> tuple[Seen, ...]:
    """Every network and Unix socket that a process holds.

    Raises:
        WorldError: the kernel does not show it: another user's process, or none.
    """
    process = Path("/proc") / str(pid)
    try:
        held = _inodes(process / "fd")
        seen: list[Seen] = []
        for name, carrier in _INET:
            with suppress(FileNotFoundError):  # a kernel without IPv6
                seen += read_inet(_table(process / "net" / name), carrier, held)
        seen += read_unix(_table(process / "net" / "unix"), held)
        with suppress(FileNotFoundError):  # a kernel without packet sockets
            seen += read_packet(_table(process / "net" / "packet"), held)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise WorldError(Problem(str(process), _CANNOT.fill(pid=pid, why=why), _REMEDY)) from error
    return tuple(seen)


def addresses_of(declared: Iterable[Port]) -> Mapping[str, frozenset[str]]:
    """The addresses of the host names that a table mentions; a name that is not known has none."""
    found: dict[str, frozenset[str]] = {}
    for port in declared:
        if port.number is not None and not is_address(port.place) and port.place != "*":
            answers = []
            with suppress(OSError):
                answers = socket.getaddrinfo(port.place, port.number, type=socket.SOCK_STREAM)
            found[port.place] = frozenset(str(answer[4][0]) for answer in answers)
    return found


def _inodes(folder: Path) -> frozenset[int]:
    found = set()
    for descriptor in folder.iterdir():
        with suppress(FileNotFoundError):  # closed since
            held = _SOCKET.fullmatch(str(descriptor.readlink()))
            if held is not None:
                found.add(int(held[1]))
    return frozenset(found)


def _table(path: Path) -> str:
    with path.open("rb") as stream:
        content = stream.read(_MOST + 1)
    if len(content) > _MOST:
        raise ValueError(f"{path}: more than {_MOST} bytes")
    return content.decode("ascii", "replace")
