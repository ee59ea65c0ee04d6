"""Tokens of the programming interface: made, shown once, revoked."""

from __future__ import annotations

import secrets
import string
from typing import TYPE_CHECKING

from sekisho.gate.admin.desk import Fault
from sekisho.gate.admin.people import MOST_DAYS, token_made, token_revoked
from sekisho.gate.admin.roles import GRANTS, PERMISSION_TEXT, SCOPES
from sekisho.gate.journal.said import jst
from sekisho.shell.admin.frame import Shown
from sekisho.shell.admin.problems import SAID, problem_of
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.shell.admin.frame import Answer, Context

_LETTERS = string.ascii_lowercase + string.digits
_ID_LENGTH = 8
WORDS = {
    "title": Text("API トークン", "API tokens"),
    "name": Text("名前", "Name"),
    "owner": Text("発行者", "Made by"),
    "scopes": Text("権限", "Permissions"),
    "ends": Text("期限(日本)", "Ends (Japan)"),
    "revoke": Text("失効させる", "Revoke"),
    "make": Text("トークンを発行する", "Make a token"),
    "days": Text("有効日数(1～365)", "Days it lives (1 to 365)"),
    "given": Text("トークン(今しか表示しません):", "The token (shown only now):"),
    "none": Text("トークンはありません。", "There are no tokens."),
}


async def get(context: Context) -> Answer:
    """The list."""
    return _shown(context, None, 200)


async def post(context: Context) -> Answer:
    """Made or revoked; `act` says which."""
    keeper, form, actor, moment = (
        context.office.keeper,
        context.form,
        context.user,
        context.moment,
    )
    if actor is None or (session := context.session) is None:
        return problem_of(401)
    match form.get("act"):
        case "revoke":
            fault = await keeper.change_of(
                session, lambda desk: token_revoked(desk, actor, form.get("id", ""), moment)
            )
            return _shown(context, None if fault is None else fault.why, 422 if fault else 200)
        case "make":
            scopes = frozenset(one for one in SCOPES if form.get(f"scope-{one.value}") == "on")
            days = form.get("days", "")
            token_id = "".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH))
            lasts = int(days) if days.isdecimal() and len(days) <= len(str(MOST_DAYS)) else 0
            made = await keeper.change_of(
                session,
                lambda desk: token_made(
                    desk, actor, form.get("name", ""), scopes, lasts, token_id, moment
                ),
            )
            if isinstance(made, Fault):
                return _shown(context, made.why, 422)
            return _shown(context, None, 200, made)
        case _:
            return _shown(context, SAID[422], 422)


def _shown(context: Context, said: Text | None, status: int, given: str = "") -> Answer:
    user, book = context.user, context.office.keeper.desk.book
    if user is None:
        return problem_of(401)
    values = {
        "words": WORDS,
        "said": said,
        "given": given,
        "tokens": [(token, jst(token.ends).rpartition(".")[0]) for token in book.tokens.values()],
        "scopes": {one: PERMISSION_TEXT[one] for one in sorted(SCOPES & GRANTS[user.role])},
        "called": PERMISSION_TEXT,
    }
    return Shown(template="pages/tokens/tokens.html", values=values, status=status)
