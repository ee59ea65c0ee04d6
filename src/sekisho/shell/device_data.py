"""What ships about devices: the SunSpec model definitions and the profiles; and profiles in files."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from sekisho.codec.profile import read_profile
from sekisho.codec.sunspec.definition import read_catalogue
from sekisho.shell.site_files import text_of
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sekisho.codec.profile import Profile
    from sekisho.codec.sunspec.definition import ModelDefinition

SUFFIX = ".toml"


@cache
def load_catalogue() -> Mapping[int, ModelDefinition]:
    """The SunSpec models that the gate reads, by their id."""
    folder = files("sekisho.shell") / "data" / "sunspec"
    return read_catalogue((folder / "models.json").read_text(encoding="utf-8"))


@cache
def shipped_profiles() -> tuple[str, ...]:
    """The names of the profiles that ship."""
    folder = files("sekisho.shell") / "data" / "profiles"
    return tuple(sorted(f.name.removesuffix(SUFFIX) for f in folder.iterdir()))


def shipped_profile(name: str) -> str:
    """The text of a profile that ships.

    Raises:
        InputError: none has this name.
    """
    if name not in shipped_profiles():
        raise InputError(
            Problem(
                name,
                Text(
                    "この名前のプロファイルは同梱されていません。", "No profile of this name ships."
                ),
                Text(
                    "同梱のプロファイル: {names}。自分のプロファイルは .toml のファイル名で書きます。",
                    "Shipped: {names}. Name a profile of your own by its .toml file.",
                ).fill(names=", ".join(shipped_profiles())),
            )
        )
    folder = files("sekisho.shell") / "data" / "profiles"
    return (folder / f"{name}{SUFFIX}").read_text(encoding="utf-8")


def profile_text(name: str, beside: Path) -> str:
    """The text of a profile, by a shipped name or by a file.

    Args:
        name: what the site file says: `generic-pcs`, or `profiles/own.toml`.
        beside: the folder that a file's name is relative to.

    Raises:
        InputError: there is no such profile, or the file cannot be read.
    """
    if not name.endswith(SUFFIX):
        return shipped_profile(name)
    return text_of(
        beside / name,
        Text(
            "パスを確かめてください。同梱のプロファイルは .toml を付けずに書きます。",
            "Check the path; a shipped profile is named without .toml.",
        ),
    )


def load_profile(name: str, beside: Path) -> Profile:
    """A profile, by a shipped name or by a file; see `profile_text`.

    Raises:
        InputError: it cannot be read, or does not make sense; every problem at once.
    """
    return read_profile(profile_text(name, beside), name)
