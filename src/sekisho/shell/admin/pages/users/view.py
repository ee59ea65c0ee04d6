"""Who may sign in, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.admin.people import code_given, role_changed, user_added, user_removed
from sekisho.gate.admin.roles import ROLE_TEXT, Role
from sekisho.gate.admin.words import code_digest
from sekisho.shell.admin.folder import new_code
from sekisho.shell.admin.frame import Shown
from sekisho.shell.admin.problems import SAID, problem_of
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.gate.admin.book import User
    from sekisho.gate.admin.desk import Desk, Fault
    from sekisho.shell.admin.frame import Answer, Context

_MOST_NAME = 64
WORDS = {
    "title": Text("利用者", "Users"),
    "name": Text("利用者名", "Name"),
    "role": Text("役割", "Role"),
    "state": Text("状態", "State"),
    "ready": Text("使用中", "in use"),
    "waits": Text("最初のパスワードを待っています", "first password awaited"),
    "second": Text("二要素認証あり", "second factor"),
    "change": Text("役割を変える", "Change role"),
    "code": Text("コードを出す", "Give a code"),
    "remove": Text("削除する", "Remove"),
    "add": Text("利用者を追加する", "Add a user"),
    "you": Text("あなた", "you"),
    "given": Text(
        "{name} のコード(24時間以内に一度だけ使えます。今しか表示しません):",
        "Code for {name} (good once, within 24 hours, shown only now):",
    ),
    "where": Text(
        "本人に直接渡し、/first-use で使ってもらってください。",
        "Hand it over in person; it is used on /first-use.",
    ),
}


async def get(context: Context) -> Answer:
    """The list."""
    return _shown(context, None, 200)


async def post(context: Context) -> Answer:
    """One change; `act` says which."""
    keeper, form, actor = context.office.keeper, context.form, context.user
    name = form.get("name", "").strip()[:_MOST_NAME]
    role = next((one for one in Role if one.value == form.get("role")), None)
    act, code = form.get("act"), new_code()
    if actor is None or (session := context.session) is None:
        return problem_of(401)
    if act not in {"add", "remove", "role", "code"} or (act in {"add", "role"} and role is None):
        return _shown(context, SAID[422], 422)
    fault = await keeper.change_of(
        session, lambda desk: _step(desk, context, actor, act, name, role or Role.VIEWER, code)
    )
    if fault is not None:
        return _shown(context, fault.why, 422)
    return _shown(context, None, 200, (name, code) if act in {"add", "code"} else None)


def _step(
    desk: Desk, context: Context, actor: User, act: str, name: str, role: Role, code: str
) -> tuple[Desk, Fault | None]:
    moment = context.moment
    match act:
        case "add":
            return user_added(desk, actor, name, role, code_digest(code), moment)
        case "remove":
            return user_removed(desk, actor, name, moment)
        case "role":
            return role_changed(desk, actor, name, role, moment)
        case _:
            return code_given(desk, actor, name, code_digest(code), moment)


def _shown(
    context: Context, said: Text | None, status: int, given: tuple[str, str] | None = None
) -> Shown:
    users = sorted(context.office.keeper.desk.book.users.values(), key=lambda user: user.name)
    values = {
        "words": WORDS,
        "said": said,
        "users": users,
        "roles": ROLE_TEXT,
        "given": WORDS["given"].fill(name=given[0]) if given is not None else None,
        "code": given[1] if given is not None else "",
    }
    return Shown(template="pages/users/users.html", values=values, status=status)
