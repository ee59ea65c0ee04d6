"""The one way to the device: allowed addresses, one connection at a time, a rate, orderly ends.

Every socket of a probe is opened here. What is not allowed by name is refused before a packet is sent.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, TypeAlias

from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Sequence

Address: TypeAlias = IPv4Address | IPv6Address
_CLOSING_S = 2.0
PATIENCE = 6
"""So many times the time of one answer, a whole exchange may last: a device that drips is left."""
_LEAST_SLEEP_S = 0.002
"""Shorter waits are gathered: sleeping costs more than it waits."""

_NOT_ALLOWED = Text(
    "{target} のアドレス {found} は許可されていません。何も送っていません。",
    "{target} has the address {found}, which is not allowed. Nothing was sent.",
)
_ALLOW = Text(
    "持ち主の同意があれば --allow {found} を付けてください。",
    "If its owner agrees, add --allow {found}.",
)
_UNKNOWN = Text("この名前のアドレスが分かりません。", "This name has no address.")
_CHECK_NAME = Text(
    "名前を確かめるか、アドレスで指定してください。", "Check the name, or give the address."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast, and how patiently."""

    per_second: float
    connect_s: float
    timeout_s: float


class SilentDeviceError(Exception):
    """A port did not answer in time, or the connection was lost."""


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """What happens inside ends in time.

    Raises:
        SilentDeviceError: it did not.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise SilentDeviceError("no whole answer in time") from error


async def addresses_of(target: str) -> tuple[Address, ...]:
    """Every address of a target; an address is its own.

    Raises:
        InputError: the name has none.
    """
    try:
        return (ip_address(target),)
    except ValueError:
        pass
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(target, None)
    except (OSError, UnicodeError):
        raise InputError(Problem(target, _UNKNOWN, _CHECK_NAME)) from None
    return tuple(dict.fromkeys(ip_address(entry[4][0]) for entry in found))


def admitted(target: str, addresses: Sequence[Address], allowed: Collection[Address]) -> Address:
    """The address that is asked: the first, and all of them must be allowed.

    Raises:
        InputError: one is not.
    """
    foreign = [str(address) for address in addresses if address not in allowed]
    if foreign or not addresses:
        what = _NOT_ALLOWED.fill(target=target, found=listed(foreign))
        raise InputError(Problem(target, what, _ALLOW.fill(found=foreign[0] if foreign else "…")))
    return addresses[0]


class Wire:
    """Connections to one device."""

    def __init__(self, address: Address, allowed: Collection[Address], pace: Pace) -> None:
        """A wire to an address.

        Raises:
            InputError: the address is not allowed.
        """
        self.address = admitted(str(address), (address,), allowed)
        self.host = str(address)
        self.pace = pace
        self.connections = 0
        self._turn = asyncio.Lock()
        self._not_before = 0.0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """The device is asked by nobody else meanwhile, and not before its next turn."""
        async with self._turn:
            loop = asyncio.get_running_loop()
            wait = self._not_before - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            self._not_before = max(self._not_before, loop.time() - 0.05) + 1 / self.pace.per_second
            self.connections += 1
            yield

    @asynccontextmanager
    async def connection(
        self, port: int, tls: ssl.SSLContext | None = None, name: str | None = None
    ) -> AsyncIterator[Link]:
        """A connection, closed in order whatever happens.

        Args:
            port: the port.
            tls: how TLS is spoken; None speaks plain.
            name: the server's name; the address where there is none.

        Raises:
            ConnectionRefusedError: the port is closed.
            SilentDeviceError: nothing answers, or TLS fails.
        """
        async with self.turn():
            try:
                async with asyncio.timeout(
                    self.pace.connect_s if tls is None else self.pace.timeout_s
                ):
                    reader, writer = await asyncio.open_connection(
                        self.host, port, ssl=tls,
                        server_hostname=None if tls is None else name or self.host,
                    )  # fmt: skip
            except ConnectionRefusedError:
                raise
            except ssl.SSLError as error:
                raise SilentDeviceError(f"TLS: {error.reason or error}") from error
            except OSError as error:
                raise SilentDeviceError(str(error) or "no answer in time") from error
            try:
                yield Link(reader, writer, self.pace.timeout_s)
            finally:
                writer.close()
                with suppress(OSError, TimeoutError):
                    async with asyncio.timeout(_CLOSING_S):
                        await writer.wait_closed()

    async def scan(self, ports: Sequence[int]) -> dict[int, bool | None]:
        """Which of some ports are open: one connection after the other, each closed at once.

        None where a port does not say. It holds the device's turn, and keeps the pace by itself: a thread
        asks faster than an event loop could.
        """
        async with self._turn:
            found = await asyncio.to_thread(_scanned, self.host, ports, self.pace)
            self.connections += len(ports)
        return found


def _scanned(host: str, ports: Sequence[int], pace: Pace) -> dict[int, bool | None]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found: dict[int, bool | None] = {}
    began = time.monotonic()
    for count, port in enumerate(ports):
        ahead = count / pace.per_second - (time.monotonic() - began)
        if ahead > _LEAST_SLEEP_S:
            time.sleep(ahead)
        with socket.socket(family, socket.SOCK_STREAM) as asked:
            asked.settimeout(pace.connect_s)
            code = asked.connect_ex((host, port))
            if code == 0:
                with suppress(OSError):
                    asked.shutdown(socket.SHUT_RDWR)
        found[port] = True if code == 0 else False if code == errno.ECONNREFUSED else None
    return found


class Link:
    """One open connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, timeout_s: float
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._timeout_s = timeout_s

    @property
    def certificate(self) -> bytes | None:
        """The server's certificate (DER), where TLS is spoken."""
        tls = self._writer.get_extra_info("ssl_object")
        return None if tls is None else tls.getpeercert(binary_form=True)

    async def send(self, data: bytes) -> None:
        """Sends.

        Raises:
            SilentDeviceError: the connection is lost, or takes nothing.
        """
        try:
            self._writer.write(data)
            async with asyncio.timeout(self._timeout_s):
                await self._writer.drain()
        except OSError as error:
            raise SilentDeviceError(str(error) or "takes nothing") from error

    async def receive(self, most: int = 65_536, within_s: float | None = None) -> bytes:
        """Some bytes; empty where the device has closed.

        Raises:
            SilentDeviceError: none come in time, or the connection is lost.
        """
        try:
            async with asyncio.timeout(self._timeout_s if within_s is None else within_s):
                return await self._reader.read(most)
        except OSError as error:
            raise SilentDeviceError(str(error) or "no answer in time") from error


def unreachable(target: str, why: str) -> WorldError:
    """What to tell where nothing of the device answers."""
    return WorldError(
        Problem(
            target,
            Text("応答がありません({why})。", "It does not answer ({why}).").fill(why=why),
            Text(
                "電源と配線、プロファイルのポートを確かめてください。",
                "Check its power, the line, and the ports of the profile.",
            ),
        )
    )
