"""Somebody at the machine opens an account: never asked a password, never shut out, always journalled.

Who can write into the state folder stands on the machine as the admin process's own user. Where the
process runs, the request is a sealed file that it takes; where it does not, the book is changed at
once. What is done is the same pure step in both cases.
"""

from __future__ import annotations

import asyncio
import getpass
import json
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.gate.admin.console import done_at_machine
from sekisho.gate.admin.desk import Moment, begun
from sekisho.gate.admin.words import code_digest
from sekisho.shell.admin.folder import REQUEST, keep_book, load_book, new_code
from sekisho.shell.clock import boot_ms, wall_ms
from sekisho.shell.sealing import read_sealed, write_sealed
from sekisho.terms.errors import InputError, Problem, SekishoError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.gate.admin.console import Act
    from sekisho.gate.admin.desk import Desk
    from sekisho.shell.admin.keeper import Keeper
    from sekisho.shell.gate.state_folder import StateFolder

LOOK_S = 0.5
_NO_USER = Text("この利用者はいません。", "There is no such user.")
_NAMES = Text("利用者: {names}", "Users: {names}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked at the machine."""

    act: Act
    user: str
    person: str
    """Who is logged in at the machine, for the journal."""
    code: str = ""
    """Digest of the new one-time code."""
    seconds: int = 0
    """When it was asked, seconds since 1970."""


def _done(desk: Desk, request: Request, moment: Moment) -> Desk:
    return done_at_machine(desk, request.act, request.user, request.person, request.code, moment)


def ask_console(folder: StateFolder, act: Act, user: str) -> str:
    """Does it, or leaves it for the running process; the new one-time code, where there is one.

    While nobody has an account, `unlock` of any name opens first use again.

    Raises:
        InputError: there is no such user.
        WorldError: the folder cannot be written.
    """
    book = load_book(folder)
    if user not in book.users and (book.users or act != "unlock"):
        names = _NAMES.fill(names=", ".join(sorted(book.users)) or "—")
        raise InputError(Problem(user, _NO_USER, names))
    code = "" if act == "unlock" else new_code()
    request = Request(
        act=act,
        user=user,
        person=person_here(),
        code=code_digest(code) if code else "",
        seconds=int(time.time()),
    )
    try:
        with folder.held():
            keep_book(folder, _done(begun(book, boot_ms()), request, moment_here()).book)
    except InputError:  # the process runs
        write_sealed(folder, REQUEST, json.dumps(_form(request)).encode())
    return code


class Console:
    """Takes requests of the machine while the process runs."""

    def __init__(self, folder: StateFolder, keeper: Keeper) -> None:
        self._folder = folder
        self._keeper = keeper

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            with suppress(SekishoError, OSError):
                request = await asyncio.to_thread(_taken, self._folder)
                if request is not None:
                    await self._do(request)

    async def _do(self, request: Request) -> None:
        moment = self._keeper.moment("console")
        await self._keeper.change_at_machine(lambda desk: (_done(desk, request, moment), None))


def _taken(folder: StateFolder) -> Request | None:
    if not folder.has(REQUEST):
        return None
    try:
        form = json.loads(read_sealed(folder, REQUEST))
        return Request(**form)
    except (ValueError, TypeError):
        return None
    finally:
        folder.file(REQUEST).unlink(missing_ok=True)


def _form(request: Request) -> dict[str, object]:
    return {
        "act": request.act,
        "user": request.user,
        "person": request.person,
        "code": request.code,
        "seconds": request.seconds,
    }


def moment_here() -> Moment:
    """Now, at the machine."""
    wall = wall_ms()
    return Moment(
        wall=wall, boot=boot_ms(), source="console", random=lambda: secrets.token_urlsafe(32)
    )


def person_here() -> str:
    """Who is logged in, as far as it is known: for the journal, not for permission."""
    try:
        return f"console:{getpass.getuser()}"[:64]
    except (KeyError, OSError):
        return "console"
