"""Signing in: name and password."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sekisho.gate.admin.desk import Compare, Entered, Wait, Wrong, answered, ask
from sekisho.gate.admin.sessions import Stage, closed
from sekisho.shell.admin.frame import SESSION_COOKIE, Cookie, Go, Shown
from sekisho.shell.admin.problems import SAID
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.gate.admin.desk import Desk
    from sekisho.shell.admin.frame import Answer, Context

_WRONG = Text("利用者名かパスワードが違います。", "The user name or the password is not right.")
_MOST_NAME = 64


async def get(context: Context) -> Answer:
    """The form, or first use while nobody has an account."""
    if not context.office.keeper.desk.book.users:
        return Go(path="/first-use")
    return Shown(
        template="pages/login/login.html", values={"said": None, "name": "", "wanted": None}
    )


async def post(context: Context) -> Answer:
    """Compares, in a time that does not tell whether the name exists."""
    keeper, moment = context.office.keeper, context.moment
    name = context.form.get("name", "").strip()[:_MOST_NAME]
    asked = await keeper.change_by_guess(lambda desk: ask(desk, name, moment))
    match asked:
        case Wait(seconds=seconds):
            return _again(name, SAID[429], 429, seconds)
        case Compare(encoded=encoded):
            fits = await context.office.hashes.fits(encoded, context.form.get("password", ""))
    outcome = await keeper.change(
        lambda desk: answered(_left(desk, context, fits=fits), name, moment, fits=fits)
    )
    match outcome:
        case Wrong(note=note):
            keeper.count(note)
            return _again(name, _WRONG, 401, None)
        case Entered(secret=secret, stage=stage):
            cookie = Cookie(name=SESSION_COOKIE, value=secret)
            return Go(path="/" if stage is Stage.FULL else "/login/code", cookies=(cookie,))


def _left(desk: Desk, context: Context, *, fits: bool) -> Desk:
    """Who signs in again leaves the session of before: its cookie is overwritten, and opens no more."""
    if context.session is None or not fits:
        return desk
    return replace(desk, sessions=closed(desk.sessions, context.session.digest))


def _again(name: str, said: Text, status: int, seconds: int | None) -> Shown:
    return Shown(
        template="pages/login/login.html",
        values={"said": said, "name": name, "wanted": None},
        status=status,
        retry_after_s=seconds,
    )
