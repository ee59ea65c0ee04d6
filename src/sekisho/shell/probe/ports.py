"""Which ports answer, and what speaks there."""

from __future__ import annotations

import asyncio
import errno
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.evidence.observation_network import AskedPorts, OpenPorts, SeenPort
from sekisho.evidence.observation_words import Transport, shown
from sekisho.proof.plan_ports import UDP_SERVICES
from sekisho.proof.plan_words import Service
from sekisho.shell.probe.http import Ask, exchange
from sekisho.shell.probe.tls import recording_context, speaks_tls
from sekisho.shell.probe.wire import SilentDeviceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sekisho.proof.plan_ports import Range
    from sekisho.shell.probe.diary import Diary
    from sekisho.shell.probe.wire import Wire

_BANNER_S = 0.3
"""How long a service may wait before it speaks first."""
_UDP_S = 0.5
_AT_ONCE = 2_000
"""Ports of one turn: between two of them the visit can be ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One open TCP port."""

    port: int
    service: str
    """As it was recognised: `https`, `http`, `tls`, `ssh`; "" where it was not."""
    detail: str


async def scanned(
    wire: Wire, diary: Diary, ranges: Sequence[Range], declared: Mapping[int, Service]
) -> tuple[Found, ...]:
    """Asks every port, recognises what answers, and writes it down."""
    lines: list[str] = []
    opened: list[int] = []
    left = 0
    ports = sorted({p for first, last in ranges for p in range(first, last + 1)})
    for at in range(0, len(ports), _AT_ONCE):
        for port, answer in (await wire.scan(ports[at : at + _AT_ONCE])).items():
            if answer is None:
                left += 1
                lines.append(f"tcp {port}: no answer\n")
            elif answer:
                opened.append(port)
                lines.append(f"tcp {port}: open\n")
    found = [await _recognised(wire, port, declared.get(port)) for port in opened]
    lines += (f"tcp {one.port}: {one.service or 'not recognised'} {one.detail}\n" for one in found)
    seen = [
        SeenPort(transport=Transport.TCP, port=o.port, service=o.service, detail=shown(o.detail))
        for o in found
    ]
    asked = tuple(AskedPorts(transport=Transport.TCP, first=a, last=b) for a, b in ranges)
    observed = OpenPorts(asked=asked, complete=left == 0, ports=tuple(seen))
    diary.note("tcp-connect", observed, "".join(lines) or "every port is closed\n")
    return tuple(found)


async def _recognised(wire: Wire, port: int, declared: Service | None) -> Found:
    first = await _first_words(wire, port)
    if first.startswith(b"SSH-"):
        return Found(port=port, service="ssh", detail=first.split(b"\n")[0].decode("latin-1"))
    if first:
        return Found(port=port, service="", detail=first[:200].decode("latin-1"))
    if declared is Service.MODBUS:  # its own probe asks it in its own language
        return Found(port=port, service="modbus", detail="as declared")
    if await speaks_tls(wire, port):
        return Found(port=port, service=await _inside_tls(wire, port), detail="")
    try:
        reply = await exchange(wire, port, Ask(path="/"))
    except (SilentDeviceError, ConnectionRefusedError):
        return Found(port=port, service="", detail="")
    return Found(port=port, service="http", detail=f"HTTP {reply.status}")


async def _inside_tls(wire: Wire, port: int) -> str:
    try:
        await exchange(wire, port, Ask(path="/"), recording_context())
    except (SilentDeviceError, ConnectionRefusedError):
        return "tls"
    return "https"


async def _first_words(wire: Wire, port: int) -> bytes:
    try:
        async with wire.connection(port) as link:
            return await link.receive(512, _BANNER_S)
    except (SilentDeviceError, ConnectionRefusedError):
        return b""


async def over_udp(wire: Wire, diary: Diary) -> None:
    """Asks the short list of UDP services; a port that says nothing may be closed, filtered or silent."""
    seen = []
    lines = []
    silent = 0
    for port, service, packet in UDP_SERVICES:
        async with wire.turn():
            answer = await _datagram(wire.host, port, packet)
        word = {True: "answers", False: "closed", None: "no answer: closed, filtered or silent"}
        lines.append(f"udp {port} ({service}): {word[answer]}\n")
        silent += answer is None
        if answer:
            seen.append(SeenPort(transport=Transport.UDP, port=port, service=service))
    asked = tuple(
        AskedPorts(transport=Transport.UDP, first=port, last=port) for port, _, _ in UDP_SERVICES
    )
    observed = OpenPorts(asked=asked, complete=silent == 0, ports=tuple(seen))
    diary.note("udp-datagram", observed, "".join(lines))


async def _datagram(host: str, port: int, packet: bytes) -> bool | None:
    """Whether a UDP service answers; False where the system says that nobody is there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    loop = asyncio.get_running_loop()
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.settimeout(0)
        try:
            await loop.sock_connect(sock, (host, port))
            await loop.sock_sendall(sock, packet)
            async with asyncio.timeout(_UDP_S):
                await loop.sock_recv(sock, 2048)
        except TimeoutError:
            return None
        except OSError as error:
            return False if error.errno == errno.ECONNREFUSED else None
    return True
