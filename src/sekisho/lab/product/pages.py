"""The made-up product's pages: every route, who may use it, and what it answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sekisho.lab.product.faults import Fault
from sekisho.lab.product.model import MAKER, MODEL, newer
from sekisho.lab.product.package import opened
from sekisho.present import escape

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekisho.lab.product.model import Product, Request

COOKIE = "session"
MOST_UPLOAD = 1024 * 1024
_MOST_SETTING = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is sent back."""

    status: int = 200
    body: str = ""
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


def answer(product: Product, request: Request, now: float, token: str, salt: bytes) -> Reply:
    """One request answered.

    Args:
        product: the device; it may change.
        request: what is asked.
        now: seconds that only rise.
        token: the name of a session, should one begin.
        salt: of a password, should one be set.
    """
    here = (request.method, request.path)
    public = _PUBLIC.get(here)
    if public is not None:
        return public(product, request, now, token, salt)
    inside = _INSIDE.get(here)
    if inside is None:
        return Reply(status=404, body=_page("Not found", ""))
    open_door = product.has(Fault.ROUTE_WITHOUT_LOGIN) and here == ("GET", "/settings")
    if request.session not in product.sessions and not open_door:
        if request.path.startswith("/api/"):
            return Reply(status=401, body='{"error":"log in"}', kind="application/json")
        return Reply(status=401, body=_page("Log in first", _LOGIN))
    return inside(product, request, salt)


def plain(product: Product, request: Request, now: float, token: str, salt: bytes) -> Reply:
    """The same over HTTP without TLS: sent on to HTTPS, unless the fault is on."""
    if product.has(Fault.PLAIN_HTTP):
        return answer(product, request, now, token, salt)
    return Reply(status=308, headers={"Location": "https://{host}" + request.path})


# ---- without a session ---------------------------------------------------------------------------


def _start(product: Product, request: Request, now: float, token: str, salt: bytes) -> Reply:  # noqa: ARG001
    return Reply(body=_page("Start", _LOGIN if product.kept.password else _SET_UP + _LOGIN))


def _about(product: Product, request: Request, now: float, token: str, salt: bytes) -> Reply:  # noqa: ARG001
    model = "" if product.has(Fault.NO_MODEL) else f"<dt>Model</dt><dd>{MODEL}</dd>"
    version = escape.html(product.kept.version)
    facts = f"<dl><dt>Maker</dt><dd>{escape.html(MAKER)}</dd>{model}<dt>Version</dt><dd>{version}</dd></dl>"
    return Reply(body=_page("About", facts))


def _set_up(product: Product, request: Request, now: float, token: str, salt: bytes) -> Reply:  # noqa: ARG001
    why = product.set_up(request.form.get("code", ""), request.form.get("password", ""), salt)
    if why is None:
        return Reply(status=303, headers={"Location": "/"})
    taken = 409 if why == "already set up" else 400
    return Reply(status=taken, body=_page("Set-up refused", f"<p>{escape.html(why)}</p>"))


def _log_in(product: Product, request: Request, now: float, token: str, salt: bytes) -> Reply:  # noqa: ARG001
    form = request.form
    wait = product.log_in(form.get("user", ""), form.get("password", ""), now, token)
    if wait is None:
        cookie = f"{COOKIE}={token}; HttpOnly; Secure; SameSite=Strict; Path=/"
        return Reply(status=303, headers={"Location": "/status", "Set-Cookie": cookie})
    if wait > 0:
        seconds = str(int(wait) + 1)
        return Reply(
            status=429,
            body=_page("Wait", "<p>Too many tries.</p>"),
            headers={"Retry-After": seconds},
        )
    return Reply(status=401, body=_page("Wrong", _LOGIN))


# ---- with a session ------------------------------------------------------------------------------


def _status(product: Product, request: Request, salt: bytes) -> Reply:  # noqa: ARG001
    return Reply(body=_page("Status", "<p>Power 0 kW</p>"))


def _api_status(product: Product, request: Request, salt: bytes) -> Reply:  # noqa: ARG001
    told = {"model": MODEL, "version": product.kept.version, "power_kw": 0}
    return Reply(body=json.dumps(told), kind="application/json")


def _settings(product: Product, request: Request, salt: bytes) -> Reply:  # noqa: ARG001
    name = escape.html(product.kept.setting)
    form = f'<form method="post" action="/settings"><input name="site" value="{name}"></form>'
    return Reply(body=_page("Settings", f"<p>Site {name}</p>{form}"))


def _keep_settings(product: Product, request: Request, salt: bytes) -> Reply:  # noqa: ARG001
    name = request.form.get("site", "")[:_MOST_SETTING]
    product.kept = replace(product.kept, setting=name)
    return Reply(status=303, headers={"Location": "/settings"})


def _change(product: Product, request: Request, salt: bytes) -> Reply:
    why = product.change(request.form.get("old", ""), request.form.get("new", ""), salt)
    if why is None:
        return Reply(status=303, headers={"Location": "/settings"})
    return Reply(status=400, body=_page("Not changed", f"<p>{escape.html(why)}</p>"))


def _update(product: Product, request: Request, salt: bytes) -> Reply:  # noqa: ARG001
    package = opened(request.upload, product.public)
    why = None
    if package is None or package.model != MODEL:
        why = "no update of this product"
    elif not package.signed and not product.has(Fault.UNSIGNED_UPDATE):
        why = "not signed by the maker"
    elif not package.whole and not product.has(Fault.CHANGED_UPDATE):
        why = "changed on its way"
    elif not newer(package.version, product.kept.version) and not product.has(Fault.OLDER_UPDATE):
        why = "not newer"
    if package is None or why is not None:
        return Reply(status=422, body=_page("Refused", f"<p>{escape.html(why or '')}</p>"))
    if not product.has(Fault.NO_UPDATE):
        product.kept = replace(product.kept, version=package.version)
    return Reply(body=_page("Updated", ""))


def _delete(product: Product, request: Request, salt: bytes) -> Reply:  # noqa: ARG001
    product.delete()
    return Reply(status=303, headers={"Location": "/"})


def _log_out(product: Product, request: Request, salt: bytes) -> Reply:  # noqa: ARG001
    product.sessions.discard(request.session)
    return Reply(status=303, headers={"Location": "/"})


_PUBLIC: dict[tuple[str, str], Callable[[Product, Request, float, str, bytes], Reply]] = {
    ("GET", "/"): _start,
    ("GET", "/about"): _about,
    ("POST", "/set-up"): _set_up,
    ("POST", "/login"): _log_in,
}
_INSIDE: dict[tuple[str, str], Callable[[Product, Request, bytes], Reply]] = {
    ("GET", "/status"): _status,
    ("GET", "/api/status"): _api_status,
    ("GET", "/settings"): _settings,
    ("POST", "/settings"): _keep_settings,
    ("POST", "/password"): _change,
    ("POST", "/update"): _update,
    ("POST", "/delete"): _delete,
    ("POST", "/logout"): _log_out,
}
_LOGIN = (
    '<form method="post" action="/login"><input name="user"><input name="password" type="password">'
    "<button>Log in</button></form>"
)
_SET_UP = (
    '<form method="post" action="/set-up"><input name="code"><input name="password" type="password">'
    "<button>Set up</button></form>"
)


def _page(title: str, body: str) -> str:
    head = f"<!doctype html><html lang=en><title>Made-up product: {title}</title>"
    return f"{head}<h1>{title}</h1>{body}</html>"
