"""How the product's routes answer a caller without credentials, and what plain HTTP does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.evidence.observation_network import (
    LoginFunction,
    LoginFunctions,
    PlaintextService,
    Route,
    Routes,
)
from sekisho.evidence.observation_words import (
    LoginKind,
    Plaintext,
    RouteContent,
    Transport,
    shown,
)
from sekisho.proof.common_routes import COMMON_ROUTES
from sekisho.shell.probe.caller import asks_password
from sekisho.shell.probe.http import Ask, exchange
from sekisho.shell.probe.wire import SilentDeviceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.proof.plan_document import ProbeDocument
    from sekisho.proof.plan_requests import RouteTable
    from sekisho.shell.probe.caller import Caller
    from sekisho.shell.probe.diary import Diary
    from sekisho.shell.probe.http import Reply
    from sekisho.shell.probe.ports import Found
    from sekisho.shell.probe.wire import Wire

_NOT_THERE = frozenset({404, 405, 410, 501})
"""What a path answers that the product does not have."""
_CLOSED = frozenset({401, 403, 407})
_REDIRECTS = range(300, 400)
_GOOD = range(200, 300)


async def asked(
    diary: Diary, document: ProbeDocument, caller: Caller, port: int, service: str
) -> None:
    """Every declared route, and the common ones that are not declared, on one port."""
    login = None if document.login is None else document.login.step
    first = None if document.first_use is None else document.first_use.step
    ways_in = {"/", *(path for s in (login, first) if s for path in (s.path, s.page) if path)}
    declared = {(route.method, route.path) for route in document.route}
    found = [await _route(caller, table, ways_in) for table in document.route]
    for path in COMMON_ROUTES:
        if ("GET", path) not in declared:
            route = await _undeclared(caller, path, ways_in)
            if route is not None:
                found.append(route)
    diary.note(
        "http-get",
        Routes(port=port, service=service, routes=tuple(found), complete=document.routes_complete),
        caller.transcript(),
    )


async def _route(caller: Caller, table: RouteTable, ways_in: set[str]) -> Route:
    try:
        reply = await caller.get(table.path, table.method)
    except (SilentDeviceError, ConnectionRefusedError) as error:
        return Route(
            method=table.method, path=shown(table.path), answer=0, needs_authentication=None,
            content=table.content, note=shown(str(error)),
        )  # fmt: skip
    caller.forget()
    return Route(
        method=table.method, path=shown(table.path), answer=reply.status,
        needs_authentication=_needs(reply, ways_in), content=table.content,
        note=shown(table.open or "", 2_000),
    )  # fmt: skip


async def _undeclared(caller: Caller, path: str, ways_in: set[str]) -> Route | None:
    try:
        reply = await caller.get(path)
    except (SilentDeviceError, ConnectionRefusedError):
        return None
    caller.forget()
    if reply.status in _NOT_THERE:
        return None
    content = RouteContent.LOGIN if asks_password(reply.text) else RouteContent.UNKNOWN
    return Route(
        method="GET", path=shown(path), answer=reply.status,
        needs_authentication=_needs(reply, ways_in), content=content,
        note="not declared: found by its common name",
    )  # fmt: skip


def _needs(reply: Reply, ways_in: set[str]) -> bool | None:
    if reply.status in _CLOSED:
        return True
    if reply.status in _REDIRECTS:
        return True if reply.leads_to.path in ways_in else None
    return False if reply.status in _GOOD else None


async def plaintext(wire: Wire, diary: Diary, port: int, login_path: str | None) -> Plaintext:
    """What a port does that speaks HTTP without encryption."""
    told: list[str] = []
    does = Plaintext.UNKNOWN
    for path in ("/", login_path):
        if path is None:
            continue
        try:
            reply = await exchange(wire, port, Ask(path=path))
        except (SilentDeviceError, ConnectionRefusedError) as error:
            told.append(f"> GET {path}\n{error}\n")
            continue
        told.append(reply.transcript)
        does = _worse(does, _plain(reply))
    diary.note(
        "http-get",
        PlaintextService(transport=Transport.TCP, port=port, service="http", does=does),
        "".join(told),
    )
    return does


_ORDER = (Plaintext.UNKNOWN, Plaintext.REDIRECTS, Plaintext.SERVES, Plaintext.LOGS_IN)


def _worse(one: Plaintext, other: Plaintext) -> Plaintext:
    return max(one, other, key=_ORDER.index)


def _plain(reply: Reply) -> Plaintext:
    if reply.status in _REDIRECTS:
        secure = reply.leads_to.scheme == "https"
        return Plaintext.REDIRECTS if secure else Plaintext.UNKNOWN
    if asks_password(reply.text):
        return Plaintext.LOGS_IN
    return Plaintext.SERVES if reply.status in _GOOD else Plaintext.UNKNOWN


def login_functions(diary: Diary, document: ProbeDocument, open_ports: Sequence[Found]) -> None:
    """The functions that authenticate users, as the profile and the open ports show them."""
    functions = []
    known = set()
    if document.login is not None and document.web is not None:
        name, port = document.login.function, document.web.port
        functions.append(LoginFunction(name=name, port=port, login=LoginKind.PASSWORD))
        known.add(port)
    ssh = document.ssh
    for found in open_ports:
        if found.service == "ssh" and not (
            ssh is not None and ssh.port == found.port and ssh.no_login is not None
        ):
            kind = ssh.login if ssh is not None and ssh.port == found.port else LoginKind.UNKNOWN
            functions.append(LoginFunction(name=f"ssh-{found.port}", port=found.port, login=kind))
        if found.service in {"ssh", "modbus"} or (
            document.login is not None and found.service in {"http", "https"}
        ):  # pages of which the profile names no login may have one
            known.add(found.port)
    complete = all(found.port in known for found in open_ports)
    diary.note("profile", LoginFunctions(functions=tuple(functions), complete=complete))
