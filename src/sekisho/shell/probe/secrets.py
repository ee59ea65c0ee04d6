"""Where a profile's secrets come from: a file of its owner alone, or the environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sekisho.shell.keys import read_private
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.proof.plan_requests import SecretTable

MOST_SECRET = 1024

_NO_VARIABLE = Text("環境変数がありません。", "The environment has no such variable.")
_SET = Text("値を設定してから実行してください。", "Set it, and run again.")
_NO_TEXT = Text("秘密の値として読めません。", "It holds no secret that can be read.")
_ONE_LINE = Text("1行の UTF-8 で書いてください。", "Write one line of UTF-8.")


def secret_of(table: SecretTable, folder: Path) -> str:
    """The secret.

    Raises:
        InputError: the file can be read by others, is empty or no text; or the variable is not set.
        WorldError: the file cannot be read.
    """
    if table.env is not None:
        value = os.environ.get(table.env, "")
        if not value:
            raise InputError(Problem(table.env, _NO_VARIABLE, _SET))
        return value
    path = folder / (table.file or "")
    try:
        text = read_private(path, MOST_SECRET).decode().strip()
    except UnicodeDecodeError:
        text = ""
    if not text or not text.isprintable():
        raise InputError(Problem(str(path), _NO_TEXT, _ONE_LINE))
    return text
