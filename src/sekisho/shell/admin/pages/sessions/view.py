"""Signs out everywhere: every session of the person is over, this one too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.admin.desk import ended_everywhere
from sekisho.shell.admin.frame import SESSION_COOKIE, Cookie, Go
from sekisho.shell.admin.problems import problem_of

if TYPE_CHECKING:
    from sekisho.shell.admin.frame import Answer, Context


async def post(context: Context) -> Answer:
    """All of them."""
    session = context.session
    if session is None:
        return problem_of(401)
    await context.office.keeper.change(
        lambda desk: (ended_everywhere(desk, session, context.moment), None)
    )
    return Go(path="/login", cookies=(Cookie(name=SESSION_COOKIE, value=""),))
