"""A probe profile on disk, with what it needs beside it."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.proof.plan import read_probe_profile
from sekisho.shell.probe.secrets import secret_of
from sekisho.shell.site_files import text_of
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.proof.plan_document import ProbeDocument

SUFFIX = ".toml"

_NO_PROFILE = Text(
    "パスを確かめてください。同梱のプロファイルは .toml を付けずに書きます: {names}",
    "Check the path; a shipped profile is named without .toml: {names}",
)
_FOREIGN = Text(
    "このプロファイルには実行するプログラムが書かれていますが、ほかの利用者が書き換えられます。",
    "This profile names a program to run, and others can change the file.",
)
_OWN = Text(
    "内容を確かめ、自分の所有にして chmod 600 {path} を実行してください。",
    "Read it, make it your own, and run chmod 600 {path}.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A profile that was read, with its secrets."""

    name: str
    document: ProbeDocument
    text: str
    """As it stands in the file: it is evidence of what was declared."""
    folder: Path
    """What its file names are relative to."""
    password: str | None = field(default=None, repr=False)
    code: str | None = field(default=None, repr=False)
    new: str | None = field(default=None, repr=False)


def load_probe_profile(name: str, *, secrets: bool = True) -> Profile:
    """A profile, by a shipped name or by a file.

    Args:
        name: `sekisho-gate`, or `probe.toml`.
        secrets: whether they are read; what only plans does not need them.

    Raises:
        InputError: it cannot be read or does not make sense; a secret is missing; it names a program to
            run and others than its reader can change it.
        WorldError: the disk failed.
    """
    path = Path(name)
    if name.endswith(SUFFIX):
        text, folder = text_of(path, _absent()), path.parent
    else:
        text, folder = shipped_probe(name), Path()
    if not name.endswith(SUFFIX):
        return profile_of(text, name, folder, secrets=secrets)
    profile = profile_of(text, path.stem, folder, secrets=secrets)
    if _runs_programs(profile.document):
        _refuse_foreign(path)
    return profile


def profile_of(text: str, name: str, folder: Path, *, secrets: bool = True) -> Profile:
    """A profile from its text.

    Raises:
        InputError: it does not make sense, or a secret is missing.
    """
    document = read_probe_profile(text, name)
    if not secrets:
        return Profile(name=name, document=document, text=text, folder=folder)
    login, first, change = document.login, document.first_use, document.change
    code = None if first is None else first.code
    return Profile(
        name=name,
        document=document,
        text=text,
        folder=folder,
        password=None if login is None else secret_of(login.password, folder),
        code=None if code is None else secret_of(code, folder),
        new=None if change is None else secret_of(change.new, folder),
    )


def shipped_names() -> tuple[str, ...]:
    """The probe profiles that ship."""
    folder = files("sekisho.shell") / "data" / "probes"
    return tuple(sorted(f.name.removesuffix(SUFFIX) for f in folder.iterdir()))


def shipped_probe(name: str) -> str:
    """The text of a profile that ships.

    Raises:
        InputError: none has this name.
    """
    if name not in shipped_names():
        what = Text("この名前のプロファイルはありません。", "There is no profile of this name.")
        raise InputError(Problem(name, what, _absent()))
    folder = files("sekisho.shell") / "data" / "probes"
    return (folder / f"{name}{SUFFIX}").read_text(encoding="utf-8")


def _absent() -> Text:
    return _NO_PROFILE.fill(names=", ".join(shipped_names()))


def _runs_programs(document: ProbeDocument) -> bool:
    delete, update = document.delete, document.update
    hands = (
        document.power,
        document.network,
        None if delete is None else delete.by_hand,
        None if update is None else update.installs,
    )
    return any(hand is not None and hand.command for hand in hands)


def _refuse_foreign(path: Path) -> None:
    """As ssh does with its settings: what others can write is not run."""
    found = path.stat()
    others = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    if others or found.st_uid not in {0, os.getuid()}:
        raise InputError(Problem(str(path), _FOREIGN, _OWN.fill(path=path)))
