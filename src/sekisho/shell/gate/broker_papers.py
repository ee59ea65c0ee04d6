"""The certificates that the line to the broker needs, and where each comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.shell.gate.state_folder import NORTH_REQUEST
from sekisho.terms.errors import Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.gate.settings import North
    from sekisho.shell.gate.state_folder import StateFolder

NONE_YET = Text("証明書がまだありません。", "There is no certificate yet.")
_OURS = Text(
    "{request} を認証局に送り、受け取った証明書を {name} として状態フォルダーに置いてください。",
    "Send {request} to the certificate authority and put what it returns into the state folder "
    "as {name}.",
)
_BROKERS = Text(
    "ブローカーの認証局の証明書を受け取り、{name} として状態フォルダーに置いてください。",
    "Get the certificate of the broker's authority and put it into the state folder as {name}.",
)


def where_from(name: str, north: North) -> Text:
    """Whom to ask for a certificate."""
    if name == north.ca:
        return _BROKERS.fill(name=name)
    return _OURS.fill(name=name, request=NORTH_REQUEST)


def absent(folder: StateFolder, north: North) -> list[Problem]:
    """Those that are not there."""
    return [
        Problem(str(folder.file(name)), NONE_YET, where_from(name, north))
        for name in (north.ca, north.certificate)
        if not folder.has(name)
    ]
