"""`sekisho release`: the maker's side of updates — keys, signatures of several holders, publishing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.options import Format, FormatOption, LangOption, language
from sekisho.shell.cli.showing import say
from sekisho.shell.cli.update_words import parts, told
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from datetime import datetime

    from securesystemslib.signer import CryptoSigner

    from sekisho.gate.update.version import Version
    from sekisho.shell.release.repository import Holders, Repository
    from sekisho.terms.texts import Lang

app = typer.Typer(
    help="The maker's side: keys of several holders, signatures, publishing.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
RepositoryArgument = Annotated[
    Path, typer.Argument(metavar="REPOSITORY", help="Folder of the releases.")
]
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
ExpiresOption = Annotated[
    str | None,
    typer.Option("--expires", metavar="DATE", help="Last day it counts (UTC).", show_default=False),
]
KeyOption = Annotated[
    Path, typer.Option("--key", metavar="FILE.pem", help="A private key, its owner's alone.")
]
ROOT_DAYS, TARGETS_DAYS, NEWEST_DAYS = 365, 180, 30


@app.command("new-key")
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

        keyid = keys.new_key(file, _passphrase(file, language(lang)) if passphrase else None)
    say(_NEW_KEY.fill(file=file, public=file.with_suffix(".pub"), keyid=keyid), language(lang))


@app.command("init")
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
    found = _repository(repository)
    held = _holders(root_key, targets_key, online_key, threshold)
    found.init(held, _until(expires, ROOT_DAYS), _until(expires, TARGETS_DAYS))
    _waits(found, Format.TEXT, language(lang))


@app.command("rotate")
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
    found = _repository(repository)
    held = _holders(root_key, targets_key, online_key, threshold)
    found.rotate(held, _until(expires, ROOT_DAYS))
    _waits(found, Format.TEXT, language(lang))


@app.command("build")
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
    model: Annotated[
        str, typer.Option("--model", metavar="MODEL", help="What it is for.")
    ] = "sekisho-gate",
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


@app.command("add")
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

    found = _repository(repository)
    try:
        with opened(archive) as one:
            name = target_name(one.manifest.model, one.manifest.version)
    except Refused as error:
        raise InputError(Problem(str(archive), SAID[error.reason], _REBUILD)) from error
    found.add(archive, name, _until(expires, TARGETS_DAYS))
    _waits(found, Format.TEXT, language(lang))


@app.command("sign")
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
    found = _repository(repository)
    found.sign(_signer(key, spoken))
    missing = _waits(found, output, spoken)
    raise typer.Exit(ExitCode.UNDETERMINED if missing else ExitCode.GOOD)


@app.command("publish")
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
    found = _repository(repository)
    found.publish(_signer(key, spoken), _until(expires, NEWEST_DAYS))
    if archive is not None:
        found.archive(archive)
    say(_PUBLISHED.fill(folder=found.published, archive=archive or "-"), spoken)


@app.command("verify")
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
    model: Annotated[
        str, typer.Option("--model", metavar="MODEL", help="What it is for.")
    ] = "sekisho-gate",
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


# ---- parts -----------------------------------------------------------------------------------------


def _repository(path: Path) -> Repository:
    with parts():
        from sekisho.shell.release.repository import Repository
    return Repository(path)


def _holders(root: list[Path], targets: list[Path], online: list[Path], need: int) -> Holders:
    from sekisho.shell.release.keys import load_publics
    from sekisho.shell.release.repository import Holders

    return Holders(
        root=load_publics(root),
        targets=load_publics(targets),
        online=load_publics(online),
        threshold=need,
    )


def _signer(key: Path, lang: Lang) -> CryptoSigner:
    from sekisho.shell.release.keys import load_signer

    return load_signer(key, lambda: _passphrase(key, lang))


def _passphrase(key: Path, lang: Lang) -> str:
    """Asked of the person; where nobody sits there, one line of standard input."""
    import getpass

    if sys.stdin.isatty():
        return getpass.getpass(_PASSPHRASE.fill(file=key.name).says(lang))
    return sys.stdin.readline(_MOST_PASSPHRASE).rstrip("\n")


def _waits(repository: Repository, output: Format, lang: Lang) -> int:
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


def _version(option: str, given: str) -> Version:
    from sekisho.gate.update.version import read_version
    from sekisho.terms.errors import InputError, Problem

    try:
        return read_version(given)
    except ValueError as error:
        raise InputError(Problem(option, _NO_VERSION.fill(given=given), _A_VERSION)) from error


def _until(given: str | None, days: int) -> datetime:
    from datetime import UTC, datetime, time, timedelta

    from sekisho.shell.cli.options import day

    today = datetime.now(UTC).date()
    last = day(given, "--expires", today + timedelta(days=days))
    return datetime.combine(last, time(23, 59, 59), UTC)


_MOST_PASSPHRASE = 1024
_PASSPHRASE = Text("{file} の合言葉: ", "Passphrase of {file}: ")
_NEW_KEY = Text(
    "{file}: 鍵を作りました。ほかの人に渡してよいのは {public} だけです。\n鍵の名前: {keyid}",
    "{file}: made a key. Only {public} may be given to others.\nKey id: {keyid}",
)
_ONE_OF = Text(
    "--wheels と --program のどちらか一方が要ります。", "Exactly one of --wheels and --program."
)
_ONE_OF_DO = Text("一方だけを指定してください。", "Give one of them.")
_BUILT = Text(
    "{file}: {bytes} バイト\nSHA-256: {digest}", "{file}: {bytes} bytes\nSHA-256: {digest}"
)
_REBUILD = Text("sekisho release build で作り直してください。", "Make it anew with release build.")
_WAIT = Text(
    "下書き {name} {version}: 署名 {signed}、あと {missing}",
    "draft {name} {version}: {signed} signed, {missing} missing",
)
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
