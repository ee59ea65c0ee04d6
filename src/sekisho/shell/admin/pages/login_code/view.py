"""Signing in: the second factor's code, or a recovery code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.admin.desk import Entered, Wait, Wrong, code_asked, code_given
from sekisho.shell.admin.frame import SESSION_COOKIE, Cookie, Go, Shown
from sekisho.shell.admin.problems import SAID, problem_of
from sekisho.shell.admin.second_factor import steps_of
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.shell.admin.frame import Answer, Context

_WRONG = Text("コードが違います。", "The code is not right.")
_MOST_CODE = 64


async def get(context: Context) -> Answer:
    """The form."""
    del context
    return Shown(template="pages/login_code/login_code.html", values={"said": None})


async def post(context: Context) -> Answer:
    """Compares the code with those of now."""
    keeper, moment, session = context.office.keeper, context.moment, context.session
    if session is None or context.user is None or context.user.second is None:
        return problem_of(401)
    waits = await keeper.change(lambda desk: code_asked(desk, session, moment))
    if isinstance(waits, Wait):
        return _again(SAID[429], 429, waits.seconds)
    code = context.form.get("code", "")[:_MOST_CODE]
    steps = steps_of(context.user.second.secret, moment.wall)
    outcome = await keeper.change_of(
        session, lambda desk: code_given(desk, session, code, steps, moment)
    )
    match outcome:
        case Wrong(note=note):
            keeper.count(note)
            return _again(_WRONG, 401, None)
        case Entered(secret=secret):
            return Go(path="/", cookies=(Cookie(name=SESSION_COOKIE, value=secret),))


def _again(said: Text, status: int, seconds: int | None) -> Shown:
    return Shown(
        template="pages/login_code/login_code.html",
        values={"said": said},
        status=status,
        retry_after_s=seconds,
    )
