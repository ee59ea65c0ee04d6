"""What every command of `sekisho release` needs: the repository, a holder's key, what still waits."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.update_words import parts, told
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from datetime import datetime

    from securesystemslib.signer import CryptoSigner

    from sekisho.shell.cli.options import Format
    from sekisho.shell.release.repository import Repository
    from sekisho.terms.texts import Lang

RepositoryArgument = Annotated[
    Path, typer.Argument(metavar="REPOSITORY", help="Folder of the releases.")
]
ExpiresOption = Annotated[
    str | None,
    typer.Option("--expires", metavar="DATE", help="Last day it counts (UTC).", show_default=False),
]
KeyOption = Annotated[
    Path, typer.Option("--key", metavar="FILE.pem", help="A private key, its owner's alone.")
]
ROOT_DAYS, TARGETS_DAYS, NEWEST_DAYS = 365, 180, 30
"""How long each counts, unless it is told otherwise."""


def repository_at(path: Path) -> Repository:
    """The repository in this folder.

    Raises:
        WorldError: the extra `update` is not installed.
    """
    with parts():
        from sekisho.shell.release.repository import Repository
    return Repository(path)


def signer_of(key: Path, lang: Lang) -> CryptoSigner:
    """A holder's key, its passphrase asked where it has one."""
    from sekisho.shell.release.keys import load_signer

    return load_signer(key, lambda: passphrase_of(key, lang))


def passphrase_of(key: Path, lang: Lang) -> str:
    """Asked of the person; where nobody sits there, one line of standard input."""
    import getpass

    if sys.stdin.isatty():
        return getpass.getpass(_PASSPHRASE.fill(file=key.name).says(lang))
    return sys.stdin.readline(_MOST_PASSPHRASE).rstrip("\n")


def tell_waits(repository: Repository, output: Format, lang: Lang) -> int:
    """Says what the drafts lack; how many signatures that is."""
    waits = repository.waits()
    doc = {
        "drafts": [
            {
                "name": one.name,
                "version": one.version,
                "signed": list(one.signed),
                "missing": one.missing,
            }
            for one in waits
        ]
    }
    lines = [
        _WAIT.fill(name=one.name, version=one.version, signed=len(one.signed), missing=one.missing)
        for one in waits
    ]
    text = Text("\n".join(one.ja for one in lines), "\n".join(one.en for one in lines))
    told(doc, text, output, lang)
    return sum(one.missing for one in waits)


def until(given: str | None, days: int) -> datetime:
    """The end of the last day that counts: the one that is given, or so many days from today.

    Raises:
        InputError: it is no date.
    """
    from datetime import UTC, datetime, time, timedelta

    from sekisho.shell.cli.options import day

    today = datetime.now(UTC).date()
    last = day(given, "--expires", today + timedelta(days=days))
    return datetime.combine(last, time(23, 59, 59), UTC)


_MOST_PASSPHRASE = 1024
_PASSPHRASE = Text("{file} の合言葉: ", "Passphrase of {file}: ")
_WAIT = Text(
    "下書き {name} {version}: 署名 {signed}、あと {missing}",
    "draft {name} {version}: {signed} signed, {missing} missing",
)
