"""Signs out: the session is over here, not in the browser alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.admin.desk import signed_out
from sekisho.shell.admin.frame import SESSION_COOKIE, Cookie, Go

if TYPE_CHECKING:
    from sekisho.shell.admin.frame import Answer, Context


async def post(context: Context) -> Answer:
    """Ends this session."""
    session = context.session
    if session is not None:
        await context.office.keeper.change(
            lambda desk: (signed_out(desk, session, context.moment), None)
        )
    return Go(path="/login", cookies=(Cookie(name=SESSION_COOKIE, value=""),))
