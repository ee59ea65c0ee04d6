"""Words of the frame around every page."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

FRAME: Mapping[str, Text] = MappingProxyType(
    {
        "name": Text("Sekisho 管理画面", "Sekisho admin pages"),
        "home": Text("設備", "Plant"),
        "account": Text("アカウント", "Account"),
        "documents": Text("限度と信頼", "Bounds and trust"),
        "users": Text("利用者", "Users"),
        "tokens": Text("API トークン", "API tokens"),
        "sign_out": Text("サインアウト", "Sign out"),
        "sign_in": Text("サインイン", "Sign in"),
        "language": Text("English", "日本語"),
        "self_assessed": Text(
            "JST-CR-01-01-2024R1 に照らした自己評価です。ラベルは取得しておらず、申請もしていません。",
            "Self-assessed against JST-CR-01-01-2024R1, not labelled, no application stated.",
        ),
        "back": Text("設備の画面へ", "To the plant"),
    }
)
