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


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request to the product."""

    product: Product
    """It may change."""
    request: Request
    now: float
    """Seconds that only rise."""
    token: str
    """The name of a session, should one begin."""
    salt: bytes
    """Of a password, should one be set."""


def answer(visit: Visit) -> Reply:
    """One request answered."""
    product, request = visit.product, visit.request
    here = (request.method, request.path)
    public = _PUBLIC.get(here)
    if public is not None:
        return public(visit)
    inside = _INSIDE.get(here)
    if inside is None:
        return Reply(status=404, body=_page("Not found", ""))
    open_door = product.has(Fault.ROUTE_WITHOUT_LOGIN) and here == ("GET", "/settings")
    if request.session not in product.sessions and not open_door:
        if request.path.startswith("/api/"):
            return Reply(status=401, body='{"error":"log in"}', kind="application/json")
        return Reply(status=401, body=_page("Log in first", _LOGIN))
    return inside(visit)


def plain(visit: Visit) -> Reply:
    """The same over HTTP without TLS: sent on to HTTPS, unless the fault is on."""
    if visit.product.has(Fault.PLAIN_HTTP):
        return answer(visit)
    return Reply(status=308, headers={"Location": "https://{host}" + visit.request.path})


# ---- without a session ---------------------------------------------------------------------------


def _start(visit: Visit) -> Reply:
    return Reply(body=_page("Start", _LOGIN if visit.product.kept.password else _SET_UP + _LOGIN))


def _about(visit: Visit) -> Reply:
    model = "" if visit.product.has(Fault.NO_MODEL) else f"<dt>Model</dt><dd>{MODEL}</dd>"
    version = escape.html(visit.product.kept.version)
    facts = f"<dl><dt>Maker</dt><dd>{escape.html(MAKER)}</dd>{model}<dt>Version</dt><dd>{version}</dd></dl>"
    return Reply(body=_page("About", facts))


def _set_up(visit: Visit) -> Reply:
    why = visit.product.set_up(
        visit.request.form.get("code", ""), visit.request.form.get("password", ""), visit.salt
    )
    if why is None:
        return Reply(status=303, headers={"Location": "/"})
    taken = 409 if why == "already set up" else 400
    return Reply(status=taken, body=_page("Set-up refused", f"<p>{escape.html(why)}</p>"))


def _log_in(visit: Visit) -> Reply:
    form = visit.request.form
    wait = visit.product.log_in(
        form.get("user", ""), form.get("password", ""), visit.now, visit.token
    )
    if wait is None:
        cookie = f"{COOKIE}={visit.token}; HttpOnly; Secure; SameSite=Strict; Path=/"
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


def _status(_visit: Visit) -> Reply:
    return Reply(body=_page("Status", "<p>Power 0 kW</p>"))


def _api_status(visit: Visit) -> Reply:
    told = {"model": MODEL, "version": visit.product.kept.version, "power_kw": 0}
    return Reply(body=json.dumps(told), kind="application/json")


def _settings(visit: Visit) -> Reply:
    name = escape.html(visit.product.kept.setting)
    form = f'<form method="post" action="/settings"><input name="site" value="{name}"></form>'
    return Reply(body=_page("Settings", f"<p>Site {name}</p>{form}"))


def _keep_settings(visit: Visit) -> Reply:
    name = visit.request.form.get("site", "")[:_MOST_SETTING]
    visit.product.kept = replace(visit.product.kept, setting=name)
    return Reply(status=303, headers={"Location": "/settings"})


def _change(visit: Visit) -> Reply:
    why = visit.product.change(
        visit.request.form.get("old", ""), visit.request.form.get("new", ""), visit.salt
    )
    if why is None:
        return Reply(status=303, headers={"Location": "/settings"})
    return Reply(status=400, body=_page("Not changed", f"<p>{escape.html(why)}</p>"))


def _update(visit: Visit) -> Reply:
    product = visit.product
    package = opened(visit.request.upload, product.public)
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


def _delete(visit: Visit) -> Reply:
    visit.product.delete()
    return Reply(status=303, headers={"Location": "/"})


def _log_out(visit: Visit) -> Reply:
    visit.product.sessions.discard(visit.request.session)
    return Reply(status=303, headers={"Location": "/"})


_PUBLIC: dict[tuple[str, str], Callable[[Visit], Reply]] = {
    ("GET", "/"): _start,
    ("GET", "/about"): _about,
    ("POST", "/set-up"): _set_up,
    ("POST", "/login"): _log_in,
}
_INSIDE: dict[tuple[str, str], Callable[[Visit], Reply]] = {
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
