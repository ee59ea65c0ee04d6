"""What a person or a program is told when something is not answered."""

from __future__ import annotations

from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.shell.admin.frame import Shown
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.terms.errors import SekishoError

SAID: Mapping[int, Text] = MappingProxyType(
    {
        400: Text("送られた内容を読めません。", "What was sent cannot be read."),
        401: Text("サインインしてください。", "Sign in first."),
        403: Text("この操作は許可されていません。", "You may not do this."),
        404: Text("このページはありません。", "There is no such page."),
        405: Text("このページではできない操作です。", "This page does not take that."),
        408: Text("時間内に終わりませんでした。", "It did not end in time."),
        409: Text("いまはできません。", "Not as things are now."),
        413: Text("送られた内容が大きすぎます。", "What was sent is too large."),
        415: Text("この形式は受け取りません。", "This media type is not taken."),
        422: Text("送られた内容に誤りがあります。", "What was sent is not right."),
        429: Text(
            "誤りが続いたため、しばらく受け付けません。", "Too many wrong tries: wait a while."
        ),
        500: Text(
            "記録できなかったため、変更していません。", "It could not be kept; nothing was changed."
        ),
        502: Text("ゲートに接続できません。", "The gate cannot be reached."),
        503: Text("混み合っています。もう一度お試しください。", "Busy now. Try again."),
    }
)
OURS = Text(
    "sekisho の不具合です。設備の制御には影響しません。",
    "A fault of sekisho; the plant is untouched.",
)
_JOURNAL = Text(
    "ゲートのジャーナルに書けないため、変更を受け付けません。",
    "The gate's journal cannot be written, so nothing is changed.",
)
_FORM = Text(
    "このページを開き直してから、もう一度操作してください。",
    "Open the page anew, then try again.",
)


def problem_of(
    status: int,
    *,
    retry_after_s: int | None = None,
    journal: bool = False,
    form: bool = False,
    error: SekishoError | None = None,
    said: Text | None = None,
) -> Shown:
    """The page that says it; the programming interface turns it into JSON."""
    if said is None:
        said = _JOURNAL if journal else _FORM if form else SAID[status]
    details = () if error is None else tuple(problem.what for problem in error.problems)
    if status == HTTPStatus.UNAUTHORIZED:
        return Shown(
            template="pages/login/login.html",
            values={"said": None, "name": "", "wanted": said},
            status=status,
        )
    return Shown(
        template="pages/problem.html",
        values={"said": said, "details": details, "wanted": said},
        status=int(status),
        retry_after_s=retry_after_s,
    )
