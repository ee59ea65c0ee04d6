"""Words of the frame around every page."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.scheme.self_assessed import SELF_ASSESSED
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

FRAME: Mapping[str, Text] = MappingProxyType(
    {
        "name": Text("Sekisho 管理画面", "Sekisho admin pages"),
        "home": Text("設備", "Plant"),
        "devices": Text("機器", "Devices"),
        "decisions": Text("決定", "Decisions"),
        "journal": Text("ジャーナル", "Journal"),
        "update": Text("更新", "Update"),
        "about": Text("この製品について", "About"),
        "pages": Text("ページ", "Pages"),
        "account": Text("アカウント", "Account"),
        "documents": Text("限度と信頼", "Bounds and trust"),
        "users": Text("利用者", "Users"),
        "tokens": Text("API トークン", "API tokens"),
        "sign_out": Text("サインアウト", "Sign out"),
        "sign_in": Text("サインイン", "Sign in"),
        "language": Text("English", "日本語"),
        "self_assessed": SELF_ASSESSED,
        "back": Text("設備の画面へ", "To the plant"),
    }
)
