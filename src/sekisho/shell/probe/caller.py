"""A caller of the product's pages: its session, its steps, and the certificate that it insists on."""

from __future__ import annotations

import json
import secrets
import ssl
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, assert_never
from urllib.parse import urlencode

from typing_extensions import override

from sekisho.proof.plan_words import Body
from sekisho.shell.probe.http import Ask, Reply, exchange
from sekisho.shell.probe.wire import SilentDeviceError
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sekisho.proof.plan_requests import StepTable
    from sekisho.shell.probe.wire import Wire

MOST_COOKIES = 20
_NO_CA = Text(
    "認証局の証明書として読めません({why})。", "It is no certificate of an authority ({why})."
)
_GIVE_CA = Text("[web] authority を確かめてください。", "Check [web] authority.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a step."""

    done: bool
    reply: Reply


class Caller:
    """Asks the product as one user agent; a fresh one has no session."""

    def __init__(
        self, wire: Wire, port: int, context: ssl.SSLContext | None, name: str | None
    ) -> None:
        """A caller without a session.

        Args:
            wire: the way to the device.
            port: of the pages.
            context: how TLS is spoken; None speaks without it, and such a caller gets no secret.
            name: the server's name; the address where there is none.
        """
        self._wire = wire
        self._port = port
        self._context = context
        self._name = name
        self._certificate: bytes | None = None
        self._cookies: dict[str, str] = {}
        self.log: list[str] = []

    def forget(self) -> None:
        """Ends the session on this side."""
        self._cookies.clear()

    def transcript(self) -> str:
        """What was said since the last time."""
        told = "".join(self.log)
        self.log.clear()
        return told

    async def get(self, path: str, method: str = "GET") -> Reply:
        """One page.

        Raises:
            SilentDeviceError: nothing came, or another certificate than before.
        """
        return await self._send(Ask(method=method, path=path, headers=self._with_cookies({})))

    async def step(
        self,
        step: StepTable,
        values: Mapping[str, str],
        file: bytes | None = None,
        leaves: Callable[[], None] | None = None,
    ) -> Done:
        """One step, its placeholders filled.

        Args:
            step: what is asked.
            values: for its placeholders.
            file: what it uploads.
            leaves: called when the filled request, not the page before it, is about to leave.

        Raises:
            SilentDeviceError: nothing came back.
        """
        filled = dict(values)
        if step.page is not None:
            page = await self.get(step.page)
            filled["$token"] = hidden_field(page.text, step.token or "")
        fields = {name: filled.get(value, value) for name, value in step.fields.items()}
        kind, body = _body(step, fields, file)
        headers = self._with_cookies({"Content-Type": kind, "Origin": self._origin()})
        names = ", ".join(step.fields) + ("" if file is None else f", {len(file)} bytes as file")
        says = f"fields {names}" if names else ""
        ask = Ask(
            method=step.method, path=step.path, headers=headers, body=body, says=says, leaves=leaves
        )
        reply = await self._send(ask)
        return Done(done=_is_done(step, reply), reply=reply)

    def _origin(self) -> str:
        return f"https://{self._name or self._wire.host}:{self._port}"

    def _with_cookies(self, headers: dict[str, str]) -> dict[str, str]:
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self._cookies.items())
        return headers

    async def _send(self, ask: Ask) -> Reply:
        reply = await exchange(self._wire, self._port, ask, self._context, self._name)
        self.log.append(reply.transcript)
        if self._certificate not in {None, reply.certificate}:
            raise SilentDeviceError("the certificate changed during the visit")
        self._certificate = reply.certificate
        for key, value in reply.headers:
            if key == "set-cookie" and len(self._cookies) < MOST_COOKIES:
                self._take(value)
        return reply

    def _take(self, cookie: str) -> None:
        name, _, rest = cookie.partition("=")
        value = rest.partition(";")[0].strip()
        if not cookie.isascii():  # no cookie (RFC 6265 section 4.1.1), and no header of ours
            return
        if value:
            self._cookies[name.strip()] = value
        else:
            self._cookies.pop(name.strip(), None)


def trusting(path: Path) -> ssl.SSLContext:
    """TLS that believes this authority alone.

    Raises:
        InputError: the file holds no certificate.
    """
    try:
        return ssl.create_default_context(cafile=str(path))
    except (OSError, ssl.SSLError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(Problem(str(path), _NO_CA.fill(why=why), _GIVE_CA)) from None


def _is_done(step: StepTable, reply: Reply) -> bool:
    if reply.status not in step.done:
        return False
    if step.leads_to is None:
        return True
    return reply.leads_to.path == step.leads_to


def _body(step: StepTable, fields: Mapping[str, str], file: bytes | None) -> tuple[str, bytes]:
    match step.body:
        case Body.FORM:
            return "application/x-www-form-urlencoded", urlencode(fields).encode()
        case Body.JSON:
            return "application/json", json.dumps(fields).encode()
        case Body.FILE:
            return _multipart(fields, step.file_field or "file", file or b"")
        case _:
            assert_never(step.body)


def _multipart(fields: Mapping[str, str], field: str, file: bytes) -> tuple[str, bytes]:
    line = f"sekisho-{secrets.token_hex(12)}"
    parts = [
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{line}\r\nContent-Disposition: form-data; name="{field}"; filename="update.bin"\r\n'
    parts += [head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", file, b"\r\n"]
    return f"multipart/form-data; boundary={line}", b"".join(parts) + f"--{line}--\r\n".encode()


class _Fields(HTMLParser):
    """Collects hidden fields, visible text, and whether a password is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.words: list[str] = []
        self.password = False
        self._mute = 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = dict(attrs)
        if tag == "input":
            kind = (had.get("type") or "").lower()
            self.password |= kind == "password"
            self.hidden.setdefault(had.get("name") or "", had.get("value") or "")
        if tag in {"script", "style"}:
            self._mute += 1

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._mute = max(0, self._mute - 1)

    @override
    def handle_data(self, data: str) -> None:
        if not self._mute:
            self.words += data.split()


def _fields(page: str) -> _Fields:
    found = _Fields()
    found.feed(page)
    return found


def hidden_field(page: str, name: str) -> str:
    """The value of a field of a page's forms, "" where there is none."""
    return _fields(page).hidden.get(name, "")


def asks_password(page: str) -> bool:
    """Whether a page has a field for a password."""
    return _fields(page).password


def word_after(page: str, label: str, nothing: str | None = None, most: int = 100) -> str:
    """The word that a page shows after a label.

    Returns:
        "" where it does not show the label, or shows what stands for nothing.
    """
    words = _fields(page).words
    wanted, none = _plain(label), _plain(nothing or "")
    for at in range(len(words) - len(wanted)):
        if [word.rstrip(":：") for word in words[at : at + len(wanted)]] == wanted:
            shown = words[at + len(wanted) :]
            return "" if none and shown[: len(none)] == none else shown[0][:most]
    return ""


def _plain(label: str) -> list[str]:
    return [word.rstrip(":：") for word in label.split()]
