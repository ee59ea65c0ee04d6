"""`sekisho gate wipe` and `factory-reset`: the end of a gate's secrets, and a new beginning."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.gate_making import initialise
from sekisho.shell.cli.gate_options import AuthorityOption, SiteArgument, StateOption
from sekisho.shell.cli.options import Format, FormatOption, LangOption, language
from sekisho.shell.cli.showing import as_text, say
from sekisho.terms.texts import Text
from sekisho.terms.verdict import ExitCode

if TYPE_CHECKING:
    from sekisho.gate.keeping_document import WipedDoc
    from sekisho.shell.gate.wiping import Wiped
    from sekisho.terms.texts import Lang

app = typer.Typer(rich_markup_mode=None)
AdminOption = Annotated[
    Path | None,
    typer.Option(
        "--admin", metavar="DIR", help="The folder of the admin pages.", show_default=False
    ),
]
RecordOption = Annotated[
    Path, typer.Option("--record", metavar="FILE", help="Where the signed record is written.")
]
AtRestOption = Annotated[
    bool,
    typer.Option(
        "--plant-at-rest", help="You looked: the plant is at rest, whatever it said last."
    ),
]
YesOption = Annotated[bool, typer.Option("--yes", help="Wipe without asking.")]


@app.command("wipe")
def wipe(
    *,
    state: StateOption,
    record: RecordOption,
    admin: AdminOption = None,
    plant_at_rest: AtRestOption = False,
    yes: YesOption = False,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Remove keys, users, settings, journal and telemetry of a gate, and look for what is left.

    The gate must be ended and the plant at rest. A wipe that was cut off goes on when it is run again.

    Exit code: 0 removed and nothing found, 1 a secret stands in another file, 2 usage or input,
    3 not everything could be looked for.
    """
    spoken = language(lang)
    done = _wiped(state, admin, record, spoken, at_rest=plant_at_rest, yes=yes)
    _tell(done, spoken, output)
    raise typer.Exit(_code(done))


@app.command("factory-reset")
def factory_reset(
    site: SiteArgument,
    *,
    state: StateOption,
    authority: AuthorityOption,
    record: RecordOption,
    admin: AdminOption = None,
    plant_at_rest: AtRestOption = False,
    yes: YesOption = False,
    lang: LangOption = None,
) -> None:
    """Wipe a gate, then make it anew: new keys, no users, no trust, no bounds.

    The installed software stays as it is. What was cut off goes on when it is run again.

    Exit code: as for gate wipe.
    """
    from sekisho.shell.gate.configuration import load_configuration
    from sekisho.shell.gate.enrolment import checked_authority
    from sekisho.shell.gate.taking_over import refuse_anothers

    spoken = language(lang)
    # What would stop the new beginning is found before the end of the old one.
    checked_authority(load_configuration(site).settings, authority)
    refuse_anothers(state)
    code: int = ExitCode.GOOD
    if state.exists():
        done = _wiped(state, admin, record, spoken, at_rest=plant_at_rest, yes=yes)
        _tell(done, spoken, Format.TEXT)
        code = _code(done)
    initialise(site, state, authority, spoken)
    raise typer.Exit(code)


def _wiped(
    state: Path, admin: Path | None, record: Path, lang: Lang, *, at_rest: bool, yes: bool
) -> Wiped:
    from sekisho.shell.gate.wiping import refuse_moving
    from sekisho.shell.gate.wiping import wipe as wipe_all
    from sekisho.terms.errors import InputError, Problem

    if not at_rest:
        refuse_moving(state)
    if not yes:
        question = _ASK.fill(state=state).says(lang)
        if not sys.stdin.isatty() or not typer.confirm(question, err=True):
            raise InputError(Problem("gate wipe", _NOT_AGREED, _AGREE))
    return wipe_all(state, admin, record)


def _code(done: Wiped) -> int:
    if done.searched.found:
        return ExitCode.FOUND_BAD
    if done.resumed or done.credential or done.searched.unread or not done.searched.whole:
        return ExitCode.UNDETERMINED
    return ExitCode.GOOD


def _tell(done: Wiped, lang: Lang, output: Format) -> None:
    from sekisho.shell.gate.wipe_record import FLASH

    searched = done.searched
    if output is Format.JSON:
        doc: WipedDoc = {
            "record": str(done.record),
            "signed": done.signed,
            "removed": done.removed,
            "resumed": done.resumed,
            "credential_left": done.credential,
            "searched_files": searched.files,
            "searched_bytes": searched.bytes,
            "unread": searched.unread,
            "search_whole": searched.whole,
            "found": [str(place) for place in searched.found],
        }
        sys.stdout.write(as_text({**doc}))
        return
    said = _REMOVED if done.signed else _REMOVED_UNSIGNED
    say(said.fill(n=done.removed, record=done.record), lang)
    if searched.found:
        say(_FOUND, lang)
        for place in searched.found:
            say(Text(f"  {place}", f"  {place}"), lang)
    else:
        say(_CLEAN.fill(files=searched.files, size=f"{searched.bytes:,}"), lang)
    if done.resumed:
        say(_RESUMED, lang)
    if searched.unread or not searched.whole:
        say(_PARTLY.fill(n=searched.unread), lang)
    if done.credential:
        say(_CREDENTIAL, lang)
    say(FLASH, lang)


_ASK = Text(
    "{state} の鍵、利用者、設定、ジャーナル、計測値をすべて消します。戻せません。続けますか?",
    "This removes keys, users, settings, journal and telemetry in {state}, for good. Go on?",
)
_NOT_AGREED = Text("消去が確認されていません。", "The wipe was not agreed to.")
_AGREE = Text(
    "端末で質問に答えるか、--yes を付けてください。",
    "Answer the question on a terminal, or give --yes.",
)
_REMOVED = Text(
    "{n} 個のファイルを消しました。ゲートが署名した記録: {record}",
    "Removed {n} files. The gate's signed record: {record}",
)
_REMOVED_UNSIGNED = Text(
    "{n} 個のファイルを消しました。鍵が使えなかったので、記録 {record} に署名はありません。",
    "Removed {n} files. Its key could not be used: the record {record} is not signed.",
)
_CLEAN = Text(
    "残ったファイル {files} 個({size} バイト)に、消した秘密は見つかりませんでした。",
    "None of the secrets stands in the {files} files that are left beside it ({size} bytes).",
)
_FOUND = Text(
    "消した秘密が、次のファイルに残っています。消してください。",
    "Secrets that were removed stand in these files too. Remove them.",
)
_RESUMED = Text(
    "途中で切れた消去の続きでした。先に消えていた秘密は探せていません。",
    "This went on with a wipe that was cut off: what it had destroyed before could not be looked for.",
)
_PARTLY = Text(
    "すべては調べられませんでした(読めないもの {n} 個)。",
    "Not everything could be looked through ({n} could not be read).",
)
_CREDENTIAL = Text(
    "デバイス鍵は systemd の認証情報です。その暗号化ファイルと、封じた TPM の鍵も消してください。",
    "The device key is a systemd credential: destroy its encrypted file, and clear the TPM's key.",
)
