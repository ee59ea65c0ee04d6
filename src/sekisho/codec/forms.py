"""How identifiers are written on the wire."""

from __future__ import annotations

import re

from sekisho.terms.texts import Text

SITE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
"""As `[site] id` of a site file; also safe as a level of a topic."""
SITE_TEXT = Text(
    "サイトファイルの [site] id を書いてください。", "Write [site] id of the site file."
)
COMMAND = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
COMMAND_TEXT = Text(
    "半角の英数字と . _ - で 64 字までです。", "ASCII letters, digits, . _ and -, at most 64."
)
ISSUER = COMMAND
ISSUER_TEXT = COMMAND_TEXT
SESSION = re.compile(r"[0-9a-f]{32}")
SESSION_TEXT = Text(
    "ゲートが公開しているセッション(16 進 32 桁)を書いてください。",
    "Write the session that the gate publishes (32 hexadecimal digits).",
)
KEY = re.compile(r"[A-Za-z0-9_-]{43}")
KEY_TEXT = Text(
    "trust new-key が表示する 43 字の値を書いてください。",
    "Write the 43 characters that trust new-key shows.",
)
