"""One's own password, second factor and sessions."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from sekisho.gate.admin.roles import GRANTS, PERMISSION_TEXT
from sekisho.shell.admin.frame import Shown
from sekisho.shell.admin.problems import problem_of
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.shell.admin.frame import Answer, Context, Cookie

WORDS = {
    "title": Text("アカウント", "Your account"),
    "may": Text("できること", "What you may do"),
    "password": Text("パスワードの変更", "Change the password"),
    "now": Text("今のパスワード", "Present password"),
    "new": Text("新しいパスワード(12文字以上)", "New password (at least 12 characters)"),
    "again": Text("もう一度", "Once more"),
    "change": Text("変更する", "Change"),
    "others_end": Text(
        "変更すると、ほかのセッションはすべて終わります。",
        "Your other sessions end when it is changed.",
    ),
    "second": Text("二要素認証(認証アプリ)", "Second factor (authenticator)"),
    "on": Text("登録されています。", "It is set up."),
    "off": Text("登録されていません。", "It is not set up."),
    "left": Text("残りの回復コード", "Recovery codes left"),
    "set_up": Text("登録する", "Set it up"),
    "remove": Text("取り消す", "Remove it"),
    "sessions": Text("セッション", "Sessions"),
    "count": Text("サインイン中", "Signed in"),
    "end": Text("すべてサインアウトする", "Sign out everywhere"),
}


async def get(context: Context) -> Answer:
    """The page."""
    return shown(context, None)


def shown(
    context: Context,
    said: Text | None,
    status: int = 200,
    seconds: int | None = None,
    cookies: tuple[Cookie, ...] = (),
) -> Answer:
    """The page, with what is to be said first."""
    user = context.user
    if user is None:
        return problem_of(401)
    held = list(context.office.keeper.desk.sessions.of(user.name))
    values = {
        "words": WORDS,
        "said": said,
        "good": status < HTTPStatus.BAD_REQUEST,
        "permissions": [PERMISSION_TEXT[one] for one in sorted(GRANTS[user.role])],
        "second": user.second,
        "sessions": held,
    }
    return Shown(
        template="pages/account/account.html",
        values=values,
        status=status,
        retry_after_s=seconds,
        cookies=cookies,
    )
