"""`sekisho release new-key`, `init`, `rotate`, `sign`: what the holders of the keys do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.options import Format, FormatOption, LangOption, language
from sekisho.shell.cli.release_repository import (
    ROOT_DAYS,
    TARGETS_DAYS,
    ExpiresOption,
    KeyOption,
    RepositoryArgument,
    passphrase_of,
    repository_at,
    signer_of,
    tell_waits,
    until,
)
from sekisho.shell.cli.showing import say
from sekisho.shell.cli.update_words import parts
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.shell.release.holders import Holders

RootKeys = Annotated[
    list[Path],
    typer.Option("--root-key", metavar="FILE.pub", help="A holder of the root; once for each."),
]
TargetsKeys = Annotated[
    list[Path],
    typer.Option("--targets-key", metavar="FILE.pub", help="Who may sign versions; once for each."),
]
OnlineKeys = Annotated[
    list[Path],
    typer.Option("--online-key", metavar="FILE.pub", help="Who publishes; another key."),
]
ThresholdOption = Annotated[
    int, typer.Option("--threshold", min=2, max=10, help="Signatures of root and versions.")
]


def new_key(
    file: Annotated[Path, typer.Argument(metavar="FILE.pem", help="Where to write it.")],
    *,
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="Ask for a passphrase that locks it.")
    ] = False,
    lang: LangOption = None,
) -> None:
    """Make a key of a holder; its public half is written beside it as .pub.

    The passphrase is asked, never given as an argument.
    """
    with parts():
        from sekisho.shell.release import keys

        keyid = keys.new_key(file, passphrase_of(file, language(lang)) if passphrase else None)
    say(_NEW_KEY.fill(file=file, public=file.with_suffix(".pub"), keyid=keyid), language(lang))


def init(
    repository: RepositoryArgument,
    *,
    root_key: RootKeys,
    targets_key: TargetsKeys,
    online_key: OnlineKeys,
    threshold: ThresholdOption = 2,
    expires: ExpiresOption = None,
    lang: LangOption = None,
) -> None:
    """Begin a repository: a first root that its holders must sign, and no versions yet."""
    found = repository_at(repository)
    held = _holders(root_key, targets_key, online_key, threshold)
    found.init(held, until(expires, ROOT_DAYS), until(expires, TARGETS_DAYS))
    tell_waits(found, Format.TEXT, language(lang))


def rotate(
    repository: RepositoryArgument,
    *,
    root_key: RootKeys,
    targets_key: TargetsKeys,
    online_key: OnlineKeys,
    threshold: ThresholdOption = 2,
    expires: ExpiresOption = None,
    lang: LangOption = None,
) -> None:
    """Draft the next root with other holders; enough of the old and of the new ones must sign it."""
    found = repository_at(repository)
    held = _holders(root_key, targets_key, online_key, threshold)
    found.rotate(held, until(expires, ROOT_DAYS))
    tell_waits(found, Format.TEXT, language(lang))


def sign(
    repository: RepositoryArgument,
    *,
    key: KeyOption,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Add one signature to every draft that waits for this key.

    A passphrase is asked where the key has one. Exit code: 0 enough signatures, 3 more are needed.
    """
    from sekisho.terms.verdict import ExitCode

    spoken = language(lang)
    found = repository_at(repository)
    found.sign(signer_of(key, spoken))
    missing = tell_waits(found, output, spoken)
    raise typer.Exit(ExitCode.UNDETERMINED if missing else ExitCode.GOOD)


def _holders(root: list[Path], targets: list[Path], online: list[Path], need: int) -> Holders:
    from sekisho.shell.release.holders import Holders
    from sekisho.shell.release.keys import load_publics

    return Holders(
        root=load_publics(root),
        targets=load_publics(targets),
        online=load_publics(online),
        threshold=need,
    )


_NEW_KEY = Text(
    "{file}: 鍵を作りました。ほかの人に渡してよいのは {public} だけです。\n鍵の名前: {keyid}",
    "{file}: made a key. Only {public} may be given to others.\nKey id: {keyid}",
)
