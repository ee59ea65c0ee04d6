"""`sekisho gate units`: hardened systemd units for a site."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.gate_options import OWN_MACHINE, FilesOption, ListenOption, SiteArgument
from sekisho.shell.cli.options import LangOption
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

_ODD = Text(
    "unit に書けない文字があります: {given}", "It has characters that a unit cannot hold: {given}"
)
_PLAIN = Text(
    "空白・%・@・引用符のない絶対パスや HOST:PORT にしてください。",
    "Give an absolute path, or HOST:PORT, without blanks, %, @ and quotes.",
)
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-:[]+")


ProgramOption = Annotated[
    str | None,
    typer.Option(
        "--program",
        metavar="PATH",
        help="Path of sekisho on the machine (default: this one's).",
        show_default=False,
    ),
]
AtOption = Annotated[
    str, typer.Option("--at", metavar="PATH", help="Path of the site file on the machine.")
]
UpdaterOption = Annotated[
    str | None,
    typer.Option(
        "--updater",
        metavar="DIR",
        help="The updater's folder on the machine (default: no updater).",
        show_default=False,
    ),
]


def units(
    site: SiteArgument,
    *,
    program: ProgramOption = None,
    at: AtOption = "/etc/sekisho/site.toml",
    listen: ListenOption = OWN_MACHINE,
    updater: UpdaterOption = None,
    out: FilesOption = None,
    lang: LangOption = None,
) -> None:
    """Print systemd units for this site's gate and pages: unprivileged, each its own user, hardened.

    What the gate may reach is what its table of ports names.
    """
    from sekisho.gate.units import Installed, units_of
    from sekisho.shell.cli.showing import tell_written
    from sekisho.shell.gate.configuration import load_configuration
    from sekisho.shell.surface.unit_files import shipped_units
    from sekisho.shell.writing import write_whole

    del lang  # units are in the language of systemd
    own = program or _own_program(updater)
    _refuse_odd({"--program": own, "--at": at, "--listen": listen, "--updater": updater or ""})
    settings = load_configuration(site).settings
    folder = None if updater is None else updater.rstrip("/")
    places = Installed(program=own, site=at, listen=listen, updater=folder)
    made = units_of(shipped_units(), settings, places)
    for name, text in made.items():
        if out is None:
            sys.stdout.write(f"# ---- {name}\n{text}\n")
        else:
            write_whole(out / name, text.encode())
            tell_written(out / name)


def _own_program(updater: str | None) -> str:
    """Where the program is that runs now, or the one that an updater keeps."""
    if updater is not None:
        return f"{updater.rstrip('/')}/current/bin/sekisho"
    return str(Path(sys.executable).with_name("sekisho"))


def _refuse_odd(words: Mapping[str, str]) -> None:
    """What systemd would read in another way stands in no unit."""
    for option, given in words.items():
        if not set(given) <= _LETTERS:
            raise InputError(Problem(option, _ODD.fill(given=given), _PLAIN))
