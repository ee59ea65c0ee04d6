"""`sekisho gate backup` and `restore`: another box in the place of a broken one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.gate_options import SiteArgument, StateOption
from sekisho.shell.cli.options import Format, FormatOption, LangOption, language
from sekisho.shell.cli.showing import as_text, say
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.gate.keeping_document import BackupDoc, RestoredDoc

app = typer.Typer(rich_markup_mode=None)
PassphraseOption = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        metavar="FILE",
        help="A file of yours alone with the passphrase, 20 characters or more.",
        show_default=False,
    ),
]


@app.command("backup")
def backup(
    site: SiteArgument,
    *,
    state: StateOption,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="New file to write.")],
    passphrase_file: PassphraseOption = None,
    with_keys: Annotated[
        bool,
        typer.Option("--with-keys", help="Private keys too: who opens it can be this gate."),
    ] = False,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Write an encrypted backup of a gate: what it takes to put another box in its place.

    A gate may run meanwhile. Without --passphrase-file a code is made and shown this once.
    The journal is not in it: see journal archive.
    """
    from sekisho.shell.gate.backing_up import back_up, write_backup
    from sekisho.shell.gate.configuration import load_configuration
    from sekisho.shell.gate.state_folder import open_state
    from sekisho.shell.passphrase import new_code
    from sekisho.terms.errors import InputError, Problem

    if passphrase_file is None and output is Format.JSON:
        raise InputError(Problem("--passphrase-file", _NO_CODE_IN_JSON, _GIVE_FILE))
    settings = load_configuration(site).settings
    made = back_up(open_state(state), settings, with_keys=with_keys)
    code = new_code() if passphrase_file is None else None
    write_backup(made, out, code or kept_passphrase(passphrase_file))
    if output is Format.JSON:
        doc: BackupDoc = {
            "backup": str(out),
            "site": made.site,
            "kid": made.kid,
            "at": made.at,
            "with_keys": made.with_keys,
            "files": sorted(made.files),
            "entries": None if made.memory is None else made.memory.tip.number,
        }
        sys.stdout.write(as_text({**doc}))
        return
    spoken = language(lang)
    say((_WROTE_KEYS if with_keys else _WROTE).fill(out=out), spoken)
    if code is not None:
        say(SHOWN_CODE.fill(code=code), spoken)


@app.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What gate backup wrote.")],
    site: SiteArgument,
    *,
    state: StateOption,
    passphrase_file: PassphraseOption = None,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Make a gate's state folder from a backup, whole or not at all.

    Its first start begins a new session and ends what stood when the backup was made.
    """
    from sekisho.shell.gate.backing_up import read_backup
    from sekisho.shell.gate.configuration import load_configuration
    from sekisho.shell.gate.restoring import restore as put_back

    settings = load_configuration(site).settings
    found = read_backup(file, kept_passphrase(passphrase_file), settings)
    done = put_back(found, settings, state, str(file))
    if output is Format.JSON:
        doc: RestoredDoc = {
            "state": str(state),
            "kid": done.kid,
            "new_keys": done.new_keys,
            "at": found.at,
            "trust_version": done.trust_version,
            "bounds_version": done.bounds_version,
        }
        sys.stdout.write(as_text({**doc}))
        return
    spoken = language(lang)
    say(_RESTORED.fill(state=state, at=found.at, kid=done.kid), spoken)
    say(
        _VERSIONS.fill(
            trust=_NONE if done.trust_version is None else done.trust_version,
            bounds=_NONE if done.bounds_version is None else done.bounds_version,
        ),
        spoken,
    )
    if done.new_keys:
        say(_NEW_KEYS.fill(state=state), spoken)


def kept_passphrase(place: Path | None) -> str:
    """The passphrase of a file of its owner alone, or what is typed on a terminal.

    Raises:
        InputError: there is none, others can read it, or it is no text.
    """
    from sekisho.shell.keys import read_private
    from sekisho.terms.errors import InputError, Problem

    if place is None:
        if not sys.stdin.isatty():
            raise InputError(Problem("--passphrase-file", _NO_PASSPHRASE, _GIVE_FILE))
        return str(typer.prompt("Passphrase", hide_input=True, err=True)).strip()
    try:
        return read_private(place).decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise InputError(Problem(str(place), _NO_PASSPHRASE, _GIVE_FILE)) from error


_NO_PASSPHRASE = Text("パスフレーズがありません。", "There is no passphrase.")
_NO_CODE_IN_JSON = Text(
    "JSON の出力には、作られたコードを書きません。",
    "A code that is made is not written into JSON.",
)
_GIVE_FILE = Text(
    "--passphrase-file に、あなただけが読めるファイルを指定してください。",
    "Give a file that only you can read with --passphrase-file.",
)
_WROTE = Text(
    "{out} を書きました。秘密鍵は入っていません。", "Wrote {out}. It holds no private key."
)
_WROTE_KEYS = Text(
    "{out} を書きました。秘密鍵が入っています。開ける者は、このゲートになれます。",
    "Wrote {out}. It holds the private keys: who opens it can be this gate.",
)
SHOWN_CODE = Text(
    "コード(今だけ表示します。ファイルとは別に保管してください): {code}",
    "Code, shown this once; keep it apart from the file: {code}",
)
_NONE = Text("なし", "none")
_RESTORED = Text(
    "{state} を作りました({at} の状態、ゲートの鍵 {kid})。",
    "Made {state} (as of {at}, the gate's key {kid}).",
)
_VERSIONS = Text(
    "trust.json の版 {trust}、bounds.json の版 {bounds}。その後に失効させた鍵がここでは生きています。"
    "ゲートを動かす前に、最新のものを sekisho trust apply で入れてください。",
    "trust.json version {trust}, bounds.json version {bounds}. A key that was revoked since is alive "
    "in them: apply the newest with sekisho trust apply before the gate runs.",
)
_NEW_KEYS = Text(
    "鍵は新しいものです。{state}/gate.pub をアグリゲーターに渡し、{state}/north.csr の証明書を "
    "sekisho gate enrol で入れ、前の証明書を失効させてください。",
    "Its keys are new: give {state}/gate.pub to the aggregator, have {state}/north.csr certified and "
    "enrol it with sekisho gate enrol, and revoke the certificate of before.",
)
