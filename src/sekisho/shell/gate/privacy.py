"""Whether a file or folder is its user's alone: one that others could read or change is not used.

It is refused rather than mended, because what it held may be known.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

FOLDER_MODE, FILE_MODE = 0o700, 0o600
_OTHERS = 0o077


def refuse_public(place: Path, found: os.stat_result, *, is_folder: bool) -> None:
    """Lets a file or folder pass that is its user's alone.

    Raises:
        InputError: it is a link or a special file, another user's, or open to others.
    """
    is_folder = is_folder or stat.S_ISDIR(found.st_mode)
    if not (is_folder or stat.S_ISREG(found.st_mode) or stat.S_ISSOCK(found.st_mode)):
        raise InputError(Problem(str(place), _ODD, _ODD_REMEDY))
    if found.st_uid != os.geteuid():
        raise InputError(Problem(str(place), _FOREIGN, _FOREIGN_REMEDY))
    if stat.S_IMODE(found.st_mode) & _OTHERS:
        mode = FOLDER_MODE if is_folder else FILE_MODE
        raise InputError(
            Problem(
                str(place),
                _PUBLIC.fill(mode=f"{stat.S_IMODE(found.st_mode):o}"),
                _PUBLIC_REMEDY.fill(mode=f"{mode:o}", place=place),
            )
        )


_ODD = Text(
    "リンクや特別なファイルが状態フォルダーにあります。",
    "The state folder holds a link or a special file.",
)
_ODD_REMEDY = Text("取り除いてください。", "Take it away.")
_FOREIGN = Text("別の利用者のものです。", "It belongs to another user.")
_FOREIGN_REMEDY = Text(
    "このゲートの利用者で作った状態フォルダーを使ってください。",
    "Use a state folder that the gate's own user has made.",
)
_PUBLIC = Text(
    "ほかの利用者に開かれています(モード {mode})。", "It is open to others (mode {mode})."
)
_PUBLIC_REMEDY = Text(
    "鍵が読まれたおそれがあれば作り直し、そうでなければ chmod {mode} {place} としてください。",
    "Make it anew if a key may have been read; else run chmod {mode} {place}.",
)
