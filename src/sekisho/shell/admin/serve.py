"""The admin process: opened, served over TLS, ended in order.

uvicorn serves; what it leaves unbounded is bounded here: a connection that sends no whole request in
time is closed, one address holds a bounded share of the connections, and a TLS handshake has its end.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import uvicorn
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

from sekisho.shell.admin.certificate import ensure_certificate, server_tls
from sekisho.shell.admin.common_passwords import common_passwords
from sekisho.shell.admin.console import Console
from sekisho.shell.admin.door import Application
from sekisho.shell.admin.folder import CERTIFICATE, KEY
from sekisho.shell.admin.frame import Office
from sekisho.shell.admin.gate_end import GateEnd
from sekisho.shell.admin.hashing import Hashes
from sekisho.shell.admin.history import History
from sekisho.shell.admin.keeper import Keeper
from sekisho.shell.admin.papers import Papers
from sekisho.shell.admin.rendering import Renderer
from sekisho.shell.admin.views import all_views
from sekisho.shell.keys import read_private
from sekisho.shell.sealing import read_kept
from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sekisho.shell.gate.state_folder import StateFolder

MOST_OPEN = 64
"""Connections at the same time; beyond it the answer is 503."""
MOST_OF_SOURCE = 24
"""Of one address: a browser opens six."""
HEAD_S = 10.0
"""Longest time from opening a connection, or from the last answer, to the next whole head."""
KEPT_S = 5
HEAD_BYTES = 16 * 1024
HANDSHAKE_S = 10.0
SHUTDOWN_S = 3.0
"""Longest wait for the other end to say good-bye."""
NICE = 5
"""The gate's cycle goes first wherever both want the machine."""
_CANNOT = Text(
    "{host}:{port} で待ち受けられません({why})。", "It cannot listen on {host}:{port} ({why})."
)
_OTHER = Text("--listen で別の場所を指定してください。", "Give another place with --listen.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and with what it serves."""

    folder: StateFolder
    gate: Path
    host: str
    port: int
    certificate: Path | None = None
    """One that was provided, with its key; None: made on the device."""
    key: Path | None = None
    updates: Path | None = None
    papers: Papers = field(default_factory=Papers)


class Bounded(H11Protocol):
    """uvicorn's HTTP with an end to waiting, and a bound for each address."""

    by_source: ClassVar[Counter[str]] = Counter()

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own stubs are narrower
        super().connection_made(transport)
        self._counted = self.client[0] if self.client is not None else ""
        self.by_source[self._counted] += 1
        self._head_due = self.loop.call_later(HEAD_S, self._too_slow)
        if self.by_source[self._counted] > MOST_OF_SOURCE:
            transport.abort()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._head_due.cancel()
        self.by_source[self._counted] -= 1
        if self.by_source[self._counted] <= 0:
            del self.by_source[self._counted]
        super().connection_lost(exc)

    @override
    def on_response_complete(self) -> None:
        self._head_due.cancel()
        self._head_due = self.loop.call_later(HEAD_S, self._too_slow)
        super().on_response_complete()

    def _too_slow(self) -> None:
        cycle = getattr(self, "cycle", None)
        if cycle is None or cycle.response_complete:
            self.transport.abort()


def serve(place: Place, begun: Callable[[str], None]) -> None:
    """Serves until SIGTERM or SIGINT.

    Args:
        place: where.
        begun: called with the address once it answers.

    Raises:
        InputError: the folder is held by another process, or a file is not right.
        WorldError: the port cannot be had, or the disk failed.
    """
    with suppress(OSError):
        os.nice(NICE)
    with place.folder.held(), suppress(KeyboardInterrupt):
        asyncio.run(_serve(place, begun))


async def _serve(place: Place, begun: Callable[[str], None]) -> None:
    if place.certificate is None or place.key is None:
        ensure_certificate(place.folder, place.host)
        certificate, key = place.folder.file(CERTIFICATE), read_kept(place.folder, KEY)
    else:
        certificate, key = place.certificate, read_private(place.key)
    tls = server_tls(certificate, key)
    listening = _listening(place.host, place.port)
    gate = GateEnd(place.gate)
    keeper = Keeper(place.folder, gate)
    office = Office(
        keeper=keeper,
        gate=gate,
        hashes=Hashes(),
        is_common=common_passwords(),
        updates=place.updates,
        papers=place.papers,
        history=History(gate),
    )
    application = Application(office, all_views(), Renderer())
    server = _Server(_config(application), lambda: begun(_address(listening)))
    server.config.load()
    server.config.ssl = tls
    async with asyncio.TaskGroup() as group:
        console = group.create_task(Console(place.folder, keeper).run())
        keeping = group.create_task(keeper.run())
        looking = group.create_task(office.history.run())
        await server.serve(sockets=[listening])
        console.cancel()
        keeping.cancel()
        looking.cancel()
    await gate.close()


class _Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, config: uvicorn.Config, begun: Callable[[], None]) -> None:
        super().__init__(config)
        self._begun = begun

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's own, with an end to the handshake of TLS."""
        config, loop = self.config, asyncio.get_running_loop()

        def protocol() -> Bounded:
            return Bounded(config, self.server_state, {}, loop)

        self.servers = [
            await loop.create_server(
                protocol,
                sock=listening,
                ssl=config.ssl,
                backlog=config.backlog,
                ssl_handshake_timeout=HANDSHAKE_S,
                ssl_shutdown_timeout=SHUTDOWN_S,
            )
            for listening in sockets or []
        ]
        self.started = True
        self._begun()


def _config(application: Application) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=Bounded,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=MOST_OPEN,
        backlog=MOST_OPEN,
        timeout_keep_alive=KEPT_S,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=HEAD_BYTES,
    )


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except OSError as error:
        made.close()
        what = _CANNOT.fill(host=host, port=port, why=error.strerror or error)
        raise WorldError(Problem(f"{host}:{port}", what, _OTHER)) from error
    return made


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"https://[{host}]:{port}/" if ":" in host else f"https://{host}:{port}/"
