"""`sekisho release build`, `add`, `publish`, `verify`: a version on its way to the machines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.options import Format, FormatOption, LangOption, language
from sekisho.shell.cli.release_repository import (
    NEWEST_DAYS,
    TARGETS_DAYS,
    ExpiresOption,
    KeyOption,
    RepositoryArgument,
    repository_at,
    signer_of,
    tell_waits,
    until,
)
from sekisho.shell.cli.showing import say
from sekisho.shell.cli.update_words import parts, told
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.gate.update.version import Version

ModelOption = Annotated[str, typer.Option("--model", metavar="MODEL", help="What it is for.")]


def build(
    out: Annotated[Path, typer.Argument(metavar="FILE.zip", help="Where to write the archive.")],
    *,
    version: Annotated[str, typer.Option("--version", metavar="X.Y.Z", help="Of the program.")],
    wheels: Annotated[
        Path | None,
        typer.Option("--wheels", metavar="DIR", help="All wheels it needs.", show_default=False),
    ] = None,
    program: Annotated[
        Path | None,
        typer.Option(
            "--program", metavar="FILE", help="Or: one executable file.", show_default=False
        ),
    ] = None,
    model: ModelOption = "sekisho-gate",
    minimum: Annotated[
        str, typer.Option("--minimum", metavar="X.Y.Z", help="Least version it may follow on.")
    ] = "0.0.0",
    beat_s: Annotated[
        int,
        typer.Option("--beat", min=5, max=600, help="Seconds it may take to run well."),
    ] = 60,
    lang: LangOption = None,
) -> None:
    """Make the archive of a version; the same files give the same bytes everywhere."""
    import hashlib

    from sekisho.shell.release import archive
    from sekisho.shell.writing import write_whole
    from sekisho.terms.errors import InputError, Problem

    about = archive.About(
        model=model,
        version=_version("--version", version),
        minimum=_version("--minimum", minimum),
        beat_s=beat_s,
    )
    match wheels, program:
        case Path(), None:
            content = archive.of_wheels(wheels, about)
        case None, Path():
            content = archive.of_program(program, about)
        case _:
            raise InputError(Problem("release build", _ONE_OF, _ONE_OF_DO))
    write_whole(out, content)
    digest = hashlib.sha256(content).hexdigest()
    say(_BUILT.fill(file=out, bytes=f"{len(content):,}", digest=digest), language(lang))


def add(
    repository: RepositoryArgument,
    archive: Annotated[
        Path, typer.Argument(metavar="FILE.zip", help="An archive made by release build.")
    ],
    *,
    expires: ExpiresOption = None,
    lang: LangOption = None,
) -> None:
    """Add an archive to the draft of versions; the holders must sign it anew."""
    from sekisho.gate.update.manifest import target_name
    from sekisho.gate.update.reasons import SAID, Refused
    from sekisho.shell.update.archive import opened
    from sekisho.terms.errors import InputError, Problem

    found = repository_at(repository)
    try:
        with opened(archive) as one:
            name = target_name(one.manifest.model, one.manifest.version)
    except Refused as error:
        raise InputError(Problem(str(archive), SAID[error.reason], _REBUILD)) from error
    found.add(archive, name, until(expires, TARGETS_DAYS))
    tell_waits(found, Format.TEXT, language(lang))


def publish(
    repository: RepositoryArgument,
    *,
    key: KeyOption,
    expires: ExpiresOption = None,
    archive: Annotated[
        Path | None,
        typer.Option(
            "--archive",
            metavar="FILE.zip",
            help="Also as one file, for a stick.",
            show_default=False,
        ),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Publish the drafts that have their signatures, and say anew what is newest.

    Without drafts it only says anew, before the last saying expires.
    """
    spoken = language(lang)
    found = repository_at(repository)
    found.publish(signer_of(key, spoken), until(expires, NEWEST_DAYS))
    if archive is not None:
        found.archive(archive)
    say(_PUBLISHED.fill(folder=found.published, archive=archive or "-"), spoken)


def verify(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE", help="Folder or archive of an update, or an https:// address."
        ),
    ],
    *,
    root: Annotated[
        Path, typer.Option("--root", metavar="FILE", help="The root.json to begin with.")
    ],
    model: ModelOption = "sekisho-gate",
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Read what was published as a machine that has never seen any of it.

    Exit code: 0 it holds, 1 it does not, 2 usage or input.
    """
    from sekisho.gate.update.published import update_doc
    from sekisho.gate.update.reasons import SAID, Refused
    from sekisho.terms.verdict import ExitCode

    spoken = language(lang)
    with parts():
        from sekisho.shell.release.verify import verified
    try:
        found = verified(source, root, model)
    except Refused as error:
        doc = update_doc("refused", reason=error.reason, detail=error.detail)
        text = _NOT_HELD.fill(why=SAID[error.reason], detail=error.detail)
        told(doc, text, output, spoken)
        raise typer.Exit(ExitCode.FOUND_BAD) from None
    doc = update_doc("offered", new=found.manifest.version, digest=found.digest)
    text = _HELD.fill(model=model, version=found.manifest.version, digest=found.digest)
    told(doc, text, output, spoken)


def _version(option: str, given: str) -> Version:
    from sekisho.gate.update.version import read_version
    from sekisho.terms.errors import InputError, Problem

    try:
        return read_version(given)
    except ValueError as error:
        raise InputError(Problem(option, _NO_VERSION.fill(given=given), _A_VERSION)) from error


_ONE_OF = Text(
    "--wheels と --program のどちらか一方が要ります。", "Exactly one of --wheels and --program."
)
_ONE_OF_DO = Text("一方だけを指定してください。", "Give one of them.")
_BUILT = Text(
    "{file}: {bytes} バイト\nSHA-256: {digest}", "{file}: {bytes} bytes\nSHA-256: {digest}"
)
_REBUILD = Text("sekisho release build で作り直してください。", "Make it anew with release build.")
_PUBLISHED = Text(
    "公開しました: {folder}(書庫: {archive})", "Published: {folder} (archive: {archive})"
)
_HELD = Text(
    "正しく公開されています: {model} {version}\nSHA-256: {digest}",
    "It holds: {model} {version}\nSHA-256: {digest}",
)
_NOT_HELD = Text("正しくありません。{why}({detail})", "It does not hold. {why} ({detail})")
_NO_VERSION = Text("版「{given}」を読めません。", 'The version "{given}" cannot be read.')
_A_VERSION = Text("1.2.3 の形で書いてください。", "Write it as 1.2.3.")
