"""Changes one's own password: the present one first, then a new one, then a new cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.admin.desk import Wait, ask
from sekisho.gate.admin.people import confirmed, password_changed
from sekisho.gate.admin.words import password_fault, spelt
from sekisho.shell.admin.frame import SESSION_COOKIE, Cookie, Go
from sekisho.shell.admin.pages.account.view import shown
from sekisho.shell.admin.pages.first_use.view import NOT_SAME
from sekisho.shell.admin.problems import SAID, problem_of
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.shell.admin.frame import Answer, Context

NOT_YOURS = Text("今のパスワードが違います。", "The present password is not right.")


async def post(context: Context) -> Answer:
    """The change."""
    keeper, moment, session = context.office.keeper, context.moment, context.session
    if session is None:
        return problem_of(401)
    if (no := await refused(context)) is not None:
        return no
    password = spelt(context.form.get("password", ""))
    fault = password_fault(password, session.user, context.office.is_common)
    if fault is None and password != spelt(context.form.get("again", "")):
        fault = NOT_SAME
    if fault is not None:
        return shown(context, fault, 422)
    encoded = await context.office.hashes.hashed(password)
    entered = await keeper.change_of(
        session, lambda desk: password_changed(desk, session, encoded, moment)
    )
    return Go(path="/account", cookies=(Cookie(name=SESSION_COOKIE, value=entered.secret),))


async def refused(context: Context) -> Answer | None:
    """Asks the present password once more: an open browser is not its owner. None: it is right."""
    keeper, moment, session = context.office.keeper, context.moment, context.session
    if session is None:
        return problem_of(401)
    asked = await keeper.change(lambda desk: ask(desk, session.user, moment))
    if isinstance(asked, Wait):
        return shown(context, SAID[429], 429, asked.seconds)
    fits = await context.office.hashes.fits(asked.encoded, context.form.get("now", ""))
    wrong = await keeper.change_of(
        session, lambda desk: confirmed(desk, session, moment, fits=fits)
    )
    if wrong is not None:
        keeper.count(wrong.note)
        return shown(context, NOT_YOURS, 422)
    return None
