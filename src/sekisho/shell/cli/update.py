"""`sekisho update`: the updater on the machine itself — looked at, applied, taken back, resumed."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.options import Format, FormatOption, LangOption, language
from sekisho.shell.cli.showing import as_text, say
from sekisho.shell.cli.update_words import parts, told
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.gate.update.reasons import Reason, Refused
    from sekisho.shell.update.updater import Applied, Updater
    from sekisho.terms.texts import Lang

app = typer.Typer(
    help="Install a signed update of the gate, watch it, and take it back.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
FolderOption = Annotated[
    Path, typer.Option("--folder", metavar="DIR", help="The updater's folder.")
]
SourceArgument = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE", help="Folder or archive of an update, or an https:// address."
    ),
]


@app.command("init")
def init(
    *,
    folder: FolderOption,
    root: Annotated[
        Path, typer.Option("--root", metavar="FILE", help="The maker's first root.json.")
    ],
    model: Annotated[
        str, typer.Option("--model", metavar="MODEL", help="Model of this machine.")
    ] = "sekisho-gate",
    lang: LangOption = None,
) -> None:
    """Make the updater's folder: its key, the first root of trust, settings to fill in.

    Compare the root with the maker by another way before: everything later rests on it.
    """
    from sekisho.shell.gate.kernel_time import KernelClock

    with parts():
        from sekisho.shell.update.making import make

        place = make(folder, root, model, int(KernelClock()().wall))
    say(_MADE.fill(folder=place.path), language(lang))


@app.command("status")
def status(
    *, folder: FolderOption, output: FormatOption = Format.TEXT, lang: LangOption = None
) -> None:
    """Show which version runs, which one it can go back to, and what was done.

    Exit code: 0 all is in order, 1 the last update was rolled back, 3 a switch has not ended.
    """
    from sekisho.gate.update.published import status_doc
    from sekisho.shell.cli.update_words import standing, status_lines

    with _updater(folder) as updater:
        doc = status_doc(
            updater.settings.model,
            updater.machine.record,
            updater.running(),
            updater.log.lines[-_SHOWN:],
            waiting=updater.place.dropped.exists(),
        )
    spoken = language(lang)
    if output is Format.JSON:
        sys.stdout.write(as_text(doc))
    else:
        for line in status_lines(doc):
            say(line, spoken)
    raise typer.Exit(standing(doc))


@app.command("check")
def check(
    source: SourceArgument,
    *,
    folder: FolderOption,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Say whether an update is signed, newest, whole and for this machine; install nothing.

    Exit code: 0 it may be installed, 1 it is refused, 2 usage or input, 3 it cannot be told now.
    """
    from sekisho.gate.update.published import update_doc
    from sekisho.gate.update.reasons import Refused

    spoken = language(lang)
    with _updater(folder) as updater:
        try:
            found = updater.check(source, by_hand=True)
        except Refused as error:
            raise typer.Exit(_refused(error, output, spoken)) from None
        manifest = found.offer.manifest
        doc = update_doc("offered", old=found.old, new=manifest.version, digest=found.offer.digest)
        told(doc, _OFFERED.fill(old=_shown(found.old), new=manifest.version), output, spoken)


@app.command("apply")
def apply(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="[SOURCE]",
            help="Folder or archive of an update, or an https:// address; else what lies in the "
            "drop.",
            show_default=False,
        ),
    ] = None,
    *,
    folder: FolderOption,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Install an update beside the running version, try it, switch, watch, and go back if need be.

    The plant must be at rest. What is refused changes nothing.

    Exit code: 0 it runs, or was installed already; 1 refused, or the old version is back;
    2 usage or input; 3 it cannot be told now (time unsure, plant not at rest).
    """
    from sekisho.gate.update.published import update_doc
    from sekisho.gate.update.reasons import Refused

    spoken = language(lang)
    with _updater(folder) as updater:
        try:
            taken = source or updater.take_drop()
            if taken is None:
                told(update_doc("nothing"), _NOTHING, output, spoken)
                return
            applied = updater.apply(taken, by_hand=source is not None)
        except Refused as error:
            raise typer.Exit(_refused(error, output, spoken)) from None
    raise typer.Exit(_ended(applied, output, spoken))


@app.command("rollback")
def rollback(
    *, folder: FolderOption, output: FormatOption = Format.TEXT, lang: LangOption = None
) -> None:
    """Go back to the version before, as a person on the machine; there is no other one to go to.

    Exit code: 0 the version before runs, 1 there is none or it does not run, 3 plant not at rest.
    """
    from sekisho.gate.update.reasons import Refused

    spoken = language(lang)
    with _updater(folder) as updater:
        try:
            applied = updater.go_back()
        except Refused as error:
            raise typer.Exit(_refused(error, output, spoken)) from None
    raise typer.Exit(_ended(applied, output, spoken))


@app.command("resume")
def resume(
    *, folder: FolderOption, output: FormatOption = Format.TEXT, lang: LangOption = None
) -> None:
    """End a switch that was interrupted: in the new version if it runs well, else in the old one.

    Run it at each start of the machine, before updates are taken.

    Exit code: 0 nothing was left, or the new version runs; 1 the old version is back.
    """
    from sekisho.gate.update.published import update_doc

    spoken = language(lang)
    with _updater(folder) as updater:
        applied = updater.resume()
    if applied is None:
        told(update_doc("nothing"), _NOTHING_LEFT, output, spoken)
        return
    raise typer.Exit(_ended(applied, output, spoken))


# ---- parts -----------------------------------------------------------------------------------------


@contextmanager
def _updater(folder: Path) -> Iterator[Updater]:
    from sekisho.gate.update.admit import FLOORS
    from sekisho.shell.gate.kernel_time import KernelClock

    with parts():
        from sekisho.shell.update.gate import CommandGate
        from sekisho.shell.update.place import open_place
        from sekisho.shell.update.updater import updating

    place = open_place(folder)
    with updating(place, lambda found: CommandGate(found.gate), KernelClock(), FLOORS) as updater:
        yield updater


def _refused(error: Refused, output: Format, lang: Lang) -> int:
    from sekisho.gate.update.published import update_doc
    from sekisho.gate.update.reasons import SAID, UNDETERMINED, Reason
    from sekisho.terms.verdict import ExitCode

    doc = update_doc("refused", reason=error.reason, detail=error.detail)
    told(doc, _REFUSED.fill(why=SAID[error.reason], detail=_detail(error.detail)), output, lang)
    if error.reason is Reason.INSTALLED:
        return ExitCode.GOOD
    return ExitCode.UNDETERMINED if error.reason in UNDETERMINED else ExitCode.FOUND_BAD


def _ended(applied: Applied, output: Format, lang: Lang) -> int:
    from sekisho.gate.update.published import update_doc
    from sekisho.gate.update.reasons import UNDETERMINED, Reason
    from sekisho.gate.update.steps import End
    from sekisho.terms.verdict import ExitCode

    doc = update_doc(
        applied.end.value,
        old=applied.old,
        new=applied.new,
        reason=applied.why,
        detail=applied.detail,
    )
    asked = applied.why is Reason.ASKED
    text = (_BACK if asked else _ENDED[applied.end.value]).fill(
        old=_shown(applied.old),
        new=applied.new,
        why=_said(applied.why),
        detail=_detail(applied.detail),
    )
    told(doc, text, output, lang)
    if applied.end is End.NEW or (asked and not applied.detail):
        return ExitCode.GOOD
    return ExitCode.UNDETERMINED if applied.why in UNDETERMINED else ExitCode.FOUND_BAD


def _said(reason: Reason | None) -> Text:
    from sekisho.gate.update.reasons import SAID

    return Text("", "") if reason is None else SAID[reason]


def _detail(detail: str) -> str:
    return f"\n({detail})" if detail else ""


def _shown(version: object) -> Text:
    return Text("なし", "none") if version is None else Text(str(version), str(version))


_SHOWN = 20
_MADE = Text(
    """{folder}: 更新用のフォルダーを作りました。
次にすること:
1. update.toml に、このゲートの止め方、始め方、切替え前の点検を書く。
2. sekisho update apply SOURCE --folder {folder} で最初の版を入れる。""",
    """{folder}: made the updater's folder.
Next:
1. Say in update.toml how this gate is ended, started and tried.
2. Install the first version: sekisho update apply SOURCE --folder {folder}""",
)
_OFFERED = Text(
    "入れられます: {old} → {new}。何も変えていません。",
    "It may be installed: {old} → {new}. Nothing was changed.",
)
_NOTHING = Text("受け口に更新はありません。", "No update lies in the drop.")
_NOTHING_LEFT = Text("途中の更新はありません。", "No switch was left unended.")
_REFUSED = Text(
    "拒否しました。{why}動いている版は変えていません。{detail}",
    "Refused. {why} What runs was not changed.{detail}",
)
_BACK = Text("元に戻しました: {old} → {new}。{detail}", "Went back: {old} → {new}.{detail}")
_ENDED = {
    "new": Text("更新しました: {old} → {new}。", "Updated: {old} → {new}."),
    "old": Text(
        "{new} から {old} に自動で戻しました。{why}{detail}",
        "Went back by itself from {new} to {old}. {why}{detail}",
    ),
    "unchanged": Text(
        "{new} には切り替えていません。{why}動いている版は変えていません。{detail}",
        "{new} was not switched to. {why} What runs was not changed.{detail}",
    ),
}
