"""The made-up product over HTTP: Starlette and uvicorn, on a loopback address of its own."""

from __future__ import annotations

import asyncio
import secrets
import ssl
import time
import warnings
from contextlib import nullcontext
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.formparsers import MultiPartException
from starlette.responses import Response
from starlette.routing import Route
from typing_extensions import override

from sekisho.lab.product.faults import Fault
from sekisho.lab.product.model import Request
from sekisho.lab.product.pages import COOKIE, MOST_UPLOAD, Reply, Visit, answer, plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from starlette.requests import Request as Asked

    from sekisho.lab.product.model import Product

_METHODS = ["GET", "POST"]
_MOST_BODY = MOST_UPLOAD + 4096
_STARTING_S = 10.0


class _Quiet(uvicorn.Server):
    """A server inside a larger program: signals are the program's."""

    @override
    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]  # uvicorn's own is a generator
        return nullcontext()


class Web:
    """One HTTP server of the product."""

    def __init__(
        self,
        product: Product,
        keep: Callable[[], None],
        host: str,
        port: int,
        tls: tuple[Path, Path] | None,
    ) -> None:
        """A server that does not listen yet.

        Args:
            product: the device.
            keep: called after each request, so that the storage is written before the answer leaves.
            host: the loopback address.
            port: where it will listen.
            tls: certificate and key; None serves plain HTTP.
        """
        self._product = product
        self._keep = keep
        self._secure = tls is not None
        app = Starlette(routes=[Route("/{path:path}", self._answer, methods=_METHODS)])
        config = uvicorn.Config(
            app, host=host, port=port, log_config=None, log_level="critical", lifespan="off", access_log=False,
            server_header=False, timeout_graceful_shutdown=2,
            ssl_certfile=None if tls is None else str(tls[0]),
            ssl_keyfile=None if tls is None else str(tls[1]),
        )  # fmt: skip
        config.load()
        if tls is not None:
            config.ssl = _context(tls, product)
        self._server = _Quiet(config)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listens when it returns."""
        self._task = asyncio.create_task(self._server.serve())
        async with asyncio.timeout(_STARTING_S):
            while not self._server.started and not self._task.done():  # noqa: ASYNC110 - uvicorn has no event
                await asyncio.sleep(0.01)
        if self._task.done():
            await self._task

    async def close(self) -> None:
        """Ends."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task

    async def _answer(self, asked: Asked) -> Response:
        body = await asked.body()
        if len(body) > _MOST_BODY:
            return Response(status_code=413)
        request = await _request(asked)
        serve = answer if self._secure else plain
        said = serve(
            Visit(
                product=self._product,
                request=request,
                now=time.monotonic(),
                token=secrets.token_hex(16),
                salt=secrets.token_bytes(16),
            )
        )
        self._keep()
        return _response(said, asked.url.hostname or "")


async def _request(asked: Asked) -> Request:
    words: dict[str, str] = {}
    upload = b""
    if asked.method == "POST":
        try:
            async with asked.form(max_files=1, max_fields=10) as form:
                for name, value in form.items():
                    if isinstance(value, str):
                        words[name] = value
                    else:
                        upload = await value.read()
        except MultiPartException:
            words = {}
    return Request(
        method=asked.method,
        path=asked.url.path,
        form=words,
        upload=upload,
        session=asked.cookies.get(COOKIE, ""),
    )


def _response(said: Reply, host: str) -> Response:
    headers = {name: value.replace("{host}", host) for name, value in said.headers.items()}
    return Response(said.body, status_code=said.status, headers=headers, media_type=said.kind)


def _context(tls: tuple[Path, Path], product: Product) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*tls)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AESGCM")
    if product.has(Fault.OLD_TLS):
        with warnings.catch_warnings():  # Python calls it old, and that is the fault
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("ECDHE+AESGCM:ECDHE+AES:@SECLEVEL=0")
    if product.has(Fault.WEAK_CIPHER):
        context.set_ciphers("ECDHE+AESGCM:NULL:@SECLEVEL=0")
    return context
