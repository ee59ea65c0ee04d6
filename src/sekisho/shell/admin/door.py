"""The door: every request goes through here, in one order.

    address and method in the table → size → who asks → may they → form token and origin → page

Whatever is not answered by then is answered with a status that says why: 401 nobody is known, 403
somebody is and may not, 404, 405, 413 too large, 429 too many guesses, 503 the gate's journal or the
machine is busy. Each answer carries the same strict headers.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import traceback
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from sekisho.gate.admin.access import No, page_access, token_access
from sekisho.gate.admin.desk import find, note
from sekisho.gate.admin.notes import NoteKind
from sekisho.gate.admin.routes import ROUTES, Door
from sekisho.gate.admin.sessions import seen
from sekisho.gate.admin.words import matches
from sekisho.shell.admin.bodies import (
    MediaTypeError,
    TooLargeError,
    UnreadableBodyError,
    read_body,
    read_form,
)
from sekisho.shell.admin.frame import LANGUAGE_COOKIE, SESSION_COOKIE, Context, Data, Go, Shown
from sekisho.shell.admin.gate_end import GateAwayError, GateBusyError
from sekisho.shell.admin.hashing import BusyError
from sekisho.shell.admin.keeper import JournalAwaitedError, SignedOutError
from sekisho.shell.admin.problems import OURS, problem_of
from sekisho.terms.errors import SekishoError
from sekisho.terms.texts import Lang

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

    from sekisho.gate.admin.access import Access
    from sekisho.gate.admin.routes import Route
    from sekisho.shell.admin.frame import Answer, Cookie, Office, View
    from sekisho.shell.admin.rendering import Renderer
    from sekisho.terms.quantity import BootMs, WallMs

REQUEST_S = 20.0
"""Longest time from a request's head to its answer, unless its route has another for who may ask."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: with that, browsers send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_BRACE = re.compile(r"\{(\w+)\}")


class Application:
    """Answers HTTP by the table of routes."""

    def __init__(
        self, office: Office, views: Mapping[tuple[str, str], View], renderer: Renderer
    ) -> None:
        """An application.

        Args:
            office: whom the pages may ask.
            views: by name and method; exactly those of the table.
            renderer: makes pages of templates.
        """
        self._office = office
        self._views = views
        self._renderer = renderer
        self._paths = tuple((re.compile(_pattern(route.path)), route) for route in ROUTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        try:
            async with asyncio.timeout(REQUEST_S) as limit:
                response = await self._response(request, limit)
        except ClientDisconnect:
            return
        except TimeoutError:
            response = self._made(problem_of(408), request, None)
        for name, value in HEADERS.items():
            response.headers[name] = value
        await response(scope, receive, send)

    async def _response(self, request: Request, limit: asyncio.Timeout) -> Response:
        found = self._route(request)
        if isinstance(found, Response):
            return found
        route, path = found
        try:
            answer, context = await self._answer(request, route, path, limit)
        except BusyError:
            answer, context = problem_of(503, retry_after_s=2), None
        except SignedOutError:
            answer, context = problem_of(401), None
        except GateBusyError:
            answer, context = problem_of(503, retry_after_s=1), None
        except GateAwayError:
            answer, context = problem_of(502), None
        except JournalAwaitedError:
            answer, context = problem_of(503, retry_after_s=30, journal=True), None
        except SekishoError as error:
            answer, context = problem_of(500, error=error), None
        except ClientDisconnect:
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours ends one request
            _tell_fault(route, error)
            answer, context = problem_of(500, said=OURS), None
        return self._made(answer, request, context, route)

    def _route(self, request: Request) -> tuple[Route, Mapping[str, str]] | Response:
        path, method = request.url.path, request.method
        wanted = "GET" if method == "HEAD" else method
        fitting = [(route, m) for pattern, route in self._paths if (m := pattern.fullmatch(path))]
        for route, match in fitting:
            if route.method == wanted:
                return route, match.groupdict()
        response = self._made(problem_of(405 if fitting else 404), request, None)
        if fitting:
            response.headers["Allow"] = ", ".join(sorted({route.method for route, _ in fitting}))
        return response

    async def _answer(
        self, request: Request, route: Route, path: Mapping[str, str], limit: asyncio.Timeout
    ) -> tuple[Answer, Context | None]:
        office, keeper = self._office, self._office.keeper
        moment = keeper.moment(_source(request))
        access = self._access(request, route, moment.boot, moment.wall)
        if isinstance(access, No):
            if route.door is Door.API and "authorization" in request.headers:
                keeper.count(note(NoteKind.SIGN_IN_FAILED, moment, reason="token"))
            return problem_of(access), None
        if route.most_s > REQUEST_S:
            limit.reschedule(asyncio.get_running_loop().time() + route.most_s)
        if access.session is not None and not route.by_itself:
            desk = keeper.desk
            keeper.desk = replace(desk, sessions=seen(desk.sessions, access.session, moment.boot))
        context = Context(
            office=office,
            route=route,
            moment=moment,
            lang=_language(request),
            session=access.session,
            user=access.user,
            token=access.token,
            path=path,
            query=dict(request.query_params),
        )
        if route.changes:
            ready = await self._ready(request, route, context)
            if not isinstance(ready, Context):
                return ready, None if ready.status == No.WHO else context
            context = ready
        answer = await self._views[route.name, route.method](context)
        return answer, self._followed(context, answer)

    async def _ready(self, request: Request, route: Route, context: Context) -> Context | Shown:
        """The context with its body, once nothing stands against the change any more."""
        try:
            context = await self._with_body(request, route, context)
        except TooLargeError:
            return problem_of(413)
        except UnreadableBodyError:
            return problem_of(400)
        except MediaTypeError:
            return problem_of(415)
        still = self._still(request, route, context)
        if isinstance(still, No):
            return problem_of(still)
        if route.door is Door.PAGE and not _own_form(request, still):
            return problem_of(403, form=True)
        return still

    def _still(self, request: Request, route: Route, context: Context) -> Context | No:
        """The context once the body is there, which took its time.

        Who was shut out meanwhile does nothing with what they began.
        """
        moment = self._office.keeper.moment(_source(request))
        access = self._access(request, route, moment.boot, moment.wall)
        if isinstance(access, No):
            return access
        return replace(
            context, moment=moment, session=access.session, user=access.user, token=access.token
        )

    def _followed(self, context: Context, answer: Answer) -> Context:
        """The context with the session that the answer's cookie begins: its page has its forms."""
        if isinstance(answer, Shown):
            for cookie in answer.cookies:
                if cookie.name == SESSION_COOKIE:
                    desk = self._office.keeper.desk
                    return replace(context, session=find(desk, cookie.value, context.moment.boot))
        return context

    def _access(self, request: Request, route: Route, boot: BootMs, wall: WallMs) -> Access:
        desk = self._office.keeper.desk
        match route.door:
            case Door.PAGE:
                cookie = request.cookies.get(SESSION_COOKIE, "")
                return page_access(desk, route, cookie, boot)
            case Door.API:
                scheme, _, token = request.headers.get("authorization", "").partition(" ")
                given = token.strip() if scheme.lower() == "bearer" else ""
                return token_access(desk.book, route, given, wall)

    async def _with_body(self, request: Request, route: Route, context: Context) -> Context:
        body = await read_body(request, route.most_bytes, route.most_s / 2)
        if route.door is Door.API:
            if request.headers.get("content-type", "").partition(";")[0].strip() != route.takes:
                raise MediaTypeError
            return replace(context, body=body)
        form, files = await read_form(request.headers.get("content-type", ""), body)
        return replace(context, form=form, files=files)

    def _made(
        self,
        answer: Answer,
        request: Request,
        context: Context | None,
        route: Route | None = None,
    ) -> Response:
        """The answer as HTTP."""
        api = route.door is Door.API if route is not None else request.url.path.startswith("/api/")
        if isinstance(answer, Shown) and api:
            answer = self._renderer.as_data(answer)
        response = self._plain(answer, request, context)
        kept = answer.kept_s if isinstance(answer, Data) else 0
        response.headers["Cache-Control"] = f"private, max-age={kept}" if kept else "no-store"
        if isinstance(answer, Shown | Data):
            if answer.status == No.WHO and api:
                response.headers["WWW-Authenticate"] = 'Bearer realm="sekisho"'
            if answer.retry_after_s is not None:
                response.headers["Retry-After"] = str(answer.retry_after_s)
        return response

    def _plain(self, answer: Answer, request: Request, context: Context | None) -> Response:
        match answer:
            case Shown():
                lang = context.lang if context is not None else _language(request)
                content = self._renderer.page(answer, context, lang)
                response = Response(content, answer.status, media_type="text/html")
                _set_cookies(response, answer.cookies)
                return response
            case Go(path=path):
                response = Response(status_code=303, headers={"Location": path})
                _set_cookies(response, answer.cookies)
                return response
            case Data():
                return Response(answer.content, answer.status, media_type=answer.kind)


def _tell_fault(route: Route, error: Exception) -> None:
    """On standard error, for whoever runs the process: what a request held is not told."""
    sys.stderr.write(f"{route.method} {route.path}: {type(error).__name__}\n")
    if os.environ.get("SEKISHO_DEBUG"):
        traceback.print_exception(error)


def _pattern(path: str) -> str:
    return _BRACE.sub(r"(?P<\1>[A-Za-z0-9._-]{1,64})", path)


def _source(request: Request) -> str:
    """The address that asks; no header can claim another one, since nothing stands before us."""
    return request.client.host if request.client is not None else ""


def _language(request: Request) -> Lang:
    """Chosen on a page, else what the browser asks for first; Japanese where it says neither."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in set(Lang):
        return Lang(chosen)
    first = request.headers.get("accept-language", "").strip().lower()
    return Lang.EN if first.startswith("en") else Lang.JA


def _own_form(request: Request, context: Context) -> bool:
    """Whether a change comes from our own page, and of this session.

    A browser names the page's origin with every POST; who does not is no browser and holds no
    cookie that somebody else could make it send.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = request.headers.get("origin")
    if origin is not None and origin != f"https://{request.headers.get('host', '')}":
        return False
    session = context.session
    return session is None or matches(session.form, context.form.get("form_token", ""))


def _set_cookies(response: Response, cookies: tuple[Cookie, ...]) -> None:
    for cookie in cookies:
        response.set_cookie(
            cookie.name,
            cookie.value,
            max_age=None if cookie.value else 0,
            path="/",
            secure=True,
            httponly=True,
            samesite="strict",
        )
