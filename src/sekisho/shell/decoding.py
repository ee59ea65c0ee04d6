"""Text whose encoding nobody states: told from the bytes, or refused."""

from __future__ import annotations

import re

from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text


def decode(name: str, data: bytes) -> str:
    """The text of a file whose encoding nobody states: UTF-8, UTF-16 with a mark, or Shift_JIS.

    Shift_JIS decodes almost any bytes into some characters, so it is taken only where the result
    does not look like another encoding misread.

    Raises:
        InputError: none of these, or bytes of no text at all.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _tried(data, "utf-16")
    else:
        text = _tried(data, "utf-8-sig") or _shift_jis(data)
    if text is None or "\0" in text:
        raise InputError(
            Problem(
                name,
                Text(
                    "文字コードを判別できません(UTF-8 でも Shift_JIS でもないか、壊れています)。",
                    "The encoding is neither UTF-8 nor Shift_JIS, or the text is damaged.",
                ),
                Text("UTF-8 の CSV として保存し直してください。", "Save it again as CSV in UTF-8."),
            )
        )
    return text


def _tried(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


_MISREAD = re.compile("[ｦ-ﾟ\ue000-\uf8ff]")
_NO_CHARACTER = re.compile("[\x80\uf8f0-\uf8f3]")
"""What single bytes without a meaning in Shift_JIS decode to."""


def _shift_jis(data: bytes) -> str | None:
    text = _tried(data, "cp932")
    if text is None or _NO_CHARACTER.search(text):
        return None
    foreign = sum(1 for byte in data if byte > 0x7F)  # noqa: PLR2004  (above ASCII)
    damaged = data.decode("utf-8", errors="replace").count("\ufffd")
    if damaged * 10 <= foreign:  # mostly good UTF-8: UTF-8 with a wound, not Shift_JIS
        return None
    # EUC-JP read as Shift_JIS turns into half-width kana and private characters.
    wide = sum(1 for character in text if character > "\x7f")
    odd = len(_MISREAD.findall(text))
    if odd * 2 > wide and _tried(data, "euc_jp") is not None:
        return None
    return text
