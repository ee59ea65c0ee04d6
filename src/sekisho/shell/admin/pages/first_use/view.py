"""First use: a one-time code becomes a password, once.

The device's set-up code makes the first person; a code that was given for a new or reset person sets
theirs. There is no password that works before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.admin.desk import Entered, Fault, Wait, Wrong, first_use_asked, first_used
from sekisho.gate.admin.words import password_fault, spelt
from sekisho.shell.admin.frame import SESSION_COOKIE, Cookie, Go, Shown
from sekisho.shell.admin.problems import SAID
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.shell.admin.frame import Answer, Context

_WRONG = Text(
    "コードが違うか、使われたか、期限が過ぎています。",
    "The code is not right, was used, or is over.",
)
NOT_SAME = Text("2つのパスワードが違います。", "The two passwords differ.")
_MOST = 64


async def get(context: Context) -> Answer:
    """The form."""
    return _form(context, None, 200, None)


async def post(context: Context) -> Answer:
    """Code first, password second: who has no code learns nothing about passwords."""
    keeper, moment, form = context.office.keeper, context.moment, context.form
    name, code = form.get("name", "").strip()[:_MOST], form.get("code", "")[:_MOST]
    password = spelt(form.get("password", ""))
    asked = await keeper.change_by_guess(lambda desk: first_use_asked(desk, name, code, moment))
    match asked:
        case Wait(seconds=seconds):
            return _form(context, SAID[429], 429, seconds)
        case Wrong(note=note):
            keeper.count(note)
            return _form(context, _WRONG, 401, None)
        case Fault(why=why):
            return _form(context, why, 422, None)
        case None:
            pass
    fault = password_fault(password, name, context.office.is_common)
    if fault is None and password != spelt(form.get("again", "")):
        fault = NOT_SAME
    if fault is not None:
        return _form(context, fault, 422, None)
    encoded = await context.office.hashes.hashed(password)
    outcome = await keeper.change(lambda desk: first_used(desk, name, code, encoded, moment))
    match outcome:
        case Wrong(note=note):
            keeper.count(note)
            return _form(context, _WRONG, 401, None)
        case Entered(secret=secret):
            return Go(path="/", cookies=(Cookie(name=SESSION_COOKIE, value=secret),))


def _form(context: Context, said: Text | None, status: int, seconds: int | None) -> Shown:
    values = {
        "said": said,
        "name": context.form.get("name", "")[:_MOST],
        "code": context.form.get("code", "")[:_MOST],
        "device": not context.office.keeper.desk.book.users,
    }
    return Shown(
        template="pages/first_use/first_use.html",
        values=values,
        status=status,
        retry_after_s=seconds,
    )
