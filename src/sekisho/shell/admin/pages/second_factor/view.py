"""Sets up a second factor: a secret to scan, its first code, recovery codes that are shown once."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import segno
from markupsafe import Markup

from sekisho.gate.admin.desk import Fault, enrolling
from sekisho.gate.admin.people import RECOVERY_CODES, second_removed, second_set_up
from sekisho.shell.admin.folder import new_code
from sekisho.shell.admin.frame import SESSION_COOKIE, Cookie, Go, Shown
from sekisho.shell.admin.pages.password.view import refused
from sekisho.shell.admin.problems import problem_of
from sekisho.shell.admin.second_factor import address, new_secret, steps_of
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.gate.admin.sessions import Session
    from sekisho.shell.admin.frame import Answer, Context

_MOST_CODE = 64
WORDS = {
    "title": Text("二要素認証の登録", "Set up the second factor"),
    "scan": Text(
        "認証アプリで図を読み取るか、下の文字を入力してください。",
        "Scan the picture with an authenticator, or type the letters below into it.",
    ),
    "code": Text("アプリに表示された6桁", "The six digits that it shows"),
    "set": Text("登録する", "Set it up"),
    "done": Text("二要素認証を登録しました", "The second factor is set up"),
    "keep": Text(
        "認証アプリを失ったときのための回復コードです。それぞれ一度だけ使えます。今しか表示しません。",
        "Recovery codes, in case the authenticator is lost. Each is good once. Shown only now.",
    ),
    "on": Text("アカウントへ", "To your account"),
}


async def get(context: Context) -> Answer:
    """A new secret; it counts once a code of it was given."""
    session, user = context.session, context.user
    if session is None or user is None:
        return problem_of(401)
    if user.second is not None:
        return Go(path="/account")
    return await _fresh(context, session, None, 200)


async def post(context: Context) -> Answer:
    """The first code, or the removal."""
    keeper, moment, session = context.office.keeper, context.moment, context.session
    if session is None or context.user is None:
        return problem_of(401)
    if context.form.get("act") == "remove":
        if (no := await refused(context)) is not None:
            return no
        entered = await keeper.change_of(
            session, lambda desk: second_removed(desk, session, moment)
        )
        return Go(path="/account", cookies=(Cookie(name=SESSION_COOKIE, value=entered.secret),))
    if context.user.second is not None or not session.enrolling:
        return problem_of(409)
    recovery = tuple(new_code() for _ in range(RECOVERY_CODES))
    steps = steps_of(session.enrolling, moment.wall)
    code = context.form.get("code", "")[:_MOST_CODE]
    outcome = await keeper.change_of(
        session, lambda desk: second_set_up(desk, session, code, steps, recovery, moment)
    )
    if isinstance(outcome, Fault):
        return await _fresh(context, session, outcome.why, 422, session.enrolling)
    return Shown(
        template="pages/second_factor/done.html",
        values={"words": WORDS, "recovery": recovery},
        cookies=(Cookie(name=SESSION_COOKIE, value=outcome.secret),),
    )


async def _fresh(
    context: Context, session: Session, said: Text | None, status: int, secret: str = ""
) -> Shown:
    secret = secret or new_secret()
    await context.office.keeper.change(lambda desk: (enrolling(desk, session, secret), None))
    told = await context.office.gate.status()
    site = str(told["site"]) if told is not None else ""
    values = {
        "words": WORDS,
        "said": said,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "picture": _picture(address(secret, session.user, site)),
    }
    return Shown(template="pages/second_factor/second_factor.html", values=values, status=status)


def _picture(text: str) -> Markup:
    """The QR code as SVG: a picture of ours, without style or script."""
    stream = BytesIO()
    segno.make(text, error="m").save(
        stream, kind="svg", scale=5, xmldecl=False, svgns=False, border=4, nl=False
    )
    return Markup(stream.getvalue().decode())  # noqa: S704 - drawn by segno from our own text
