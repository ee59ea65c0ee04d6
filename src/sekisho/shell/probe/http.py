"""One request over HTTP/1.1, one answer, and the connection is closed; nothing is followed.

The protocol is read by h11. A redirect is an answer like any other: where it leads is written down, and
the probe does not go there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

import h11

from sekisho.shell.probe.wire import PATIENCE, SilentDeviceError, within

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

    from sekisho.shell.probe.wire import Link, Wire

MOST_BODY = 1024 * 1024
"""Bytes of an answer that are read; the rest is left."""
_MOST_HEADERS = 64 * 1024
_MOST_SHOWN = 400
"""Characters of a body in a transcript."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request."""

    method: str = "GET"
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    says: str = ""
    """What stands in the transcript for the body: field names, never values."""
    leaves: Callable[[], None] | None = None
    """Called when the first byte is about to leave, whatever comes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    certificate: bytes | None
    transcript: str

    def header(self, name: str) -> str:
        """The first header of this name (lower case), "" where there is none."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def leads_to(self) -> SplitResult:
        """Where a redirect leads; empty parts where it says nothing that can be read."""
        try:
            return urlsplit(self.header("location"))
        except ValueError:
            return urlsplit("")

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


async def exchange(
    wire: Wire, port: int, ask: Ask, tls: ssl.SSLContext | None = None, name: str | None = None
) -> Reply:
    """Sends one request and reads its answer.

    Raises:
        ConnectionRefusedError: the port is closed.
        SilentDeviceError: nothing, or no HTTP, came back.
    """
    async with wire.connection(port, tls, name) as link, within(wire.pace.timeout_s * PATIENCE):
        return await _exchanged(link, name or _host(wire.host, port), ask)


async def _exchanged(link: Link, host: str, ask: Ask) -> Reply:
    talk = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MOST_HEADERS)
    headers = {
        "Host": host,
        "User-Agent": "sekisho-probe",
        "Accept": "*/*",
        "Accept-Language": "en",
        "Connection": "close",
        **ask.headers,
    }
    if ask.body or ask.method not in {"GET", "HEAD", "OPTIONS"}:
        headers["Content-Length"] = str(len(ask.body))
    request = h11.Request(method=ask.method, target=ask.path, headers=list(headers.items()))
    parts = [talk.send(request)]
    if ask.body:
        parts.append(talk.send(h11.Data(data=ask.body)))
    parts.append(talk.send(h11.EndOfMessage()))
    if ask.leaves is not None:
        ask.leaves()
    await link.send(b"".join(part for part in parts if part))
    return await _read(link, talk, ask)


async def _read(link: Link, talk: h11.Connection, ask: Ask) -> Reply:
    said: h11.Response | None = None
    body = bytearray()
    while True:
        try:
            event = talk.next_event()
        except h11.RemoteProtocolError as error:
            raise SilentDeviceError(f"not HTTP: {error}") from error
        if event is h11.NEED_DATA:
            talk.receive_data(await link.receive())
        elif isinstance(event, h11.Response):
            said = event
        elif isinstance(event, h11.Data):
            body += event.data
        if isinstance(event, h11.EndOfMessage | h11.ConnectionClosed) or len(body) > MOST_BODY:
            break
    if said is None:
        raise SilentDeviceError("closed without an answer")
    headers = tuple((k.decode("latin-1").lower(), v.decode("latin-1")) for k, v in said.headers)
    whole = bytes(body[:MOST_BODY])
    return Reply(
        status=said.status_code, headers=headers, body=whole, certificate=link.certificate,
        transcript=_told(ask, said.status_code, headers, whole),
    )  # fmt: skip


def _told(ask: Ask, status: int, headers: tuple[tuple[str, str], ...], body: bytes) -> str:
    shown = "".join(
        f"< {name}: {'(not shown)' if name == 'set-cookie' else value}\n" for name, value in headers
    )
    asked = f"> {ask.method} {ask.path}" + (f" ({ask.says})" if ask.says else "")
    text = body[:_MOST_SHOWN].decode("utf-8", "replace")
    return f"{asked}\n< {status}\n{shown}{text}\n\n"


def _host(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
