"""`sekisho`: every command, and what happens when one fails.

Start-up time matters: this module and the command modules import nothing heavy at the top; each
command imports what it needs where it needs it (tests/architecture holds the list).
"""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

import typer
import typer.main
from typer._click.exceptions import NoArgsIsHelpError, UsageError

from sekisho import __version__
from sekisho.shell.cli import (
    admin,
    admin_backup,
    assess,
    attack,
    checklist,
    command,
    demo,
    gate,
    journal,
    judge,
    letter,
    options,
    pack,
    portfolio,
    probe,
    profile,
    register,
    release,
    report,
    site,
    timeline,
    trust,
    trust_certify,
    update,
    verify,
    what_if,
)
from sekisho.shell.cli.delivery import Held
from sekisho.shell.cli.showing import tell_problems
from sekisho.shell.cli.usage import REMEDY, usage_fault
from sekisho.terms.errors import Problem, SekishoError
from sekisho.terms.texts import Lang, Text
from sekisho.terms.verdict import ExitCode

if TYPE_CHECKING:
    from typer._click.core import Command

_OURS = Text(
    "sekisho の不具合です({kind})。入力は変更していません。SEKISHO_DEBUG=1 を付けて再実行した"
    "出力を添えて報告してください。",
    "This is a fault of sekisho ({kind}); your input was not changed. Please report it with the "
    "output of a run with SEKISHO_DEBUG=1.",
)
_STOPPED = Text("中断しました。", "Interrupted.")
_UNWRITTEN = Text(
    "標準出力に書き込めません({why})。", "The standard output cannot be written ({why})."
)

app = typer.Typer(
    name="sekisho",
    help="The checkpoint for grid-scale batteries: JC-STAR papers, gate and proof.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)
app.add_typer(site.app, name="site")
app.add_typer(register.app, name="register")
app.add_typer(command.app, name="command")
trust.app.add_typer(trust_certify.app)
app.add_typer(trust.app, name="trust")
app.add_typer(journal.app, name="journal")
app.add_typer(gate.app, name="gate")
admin.app.add_typer(admin_backup.app)
app.add_typer(admin.app, name="admin")
app.add_typer(profile.app, name="profile")
app.add_typer(update.app, name="update")
app.add_typer(release.app, name="release")
app.command("assess")(assess.assess)
app.command("attack")(attack.attack)
app.command("demo")(demo.demo)
app.command("timeline")(timeline.timeline)
app.command("what-if")(what_if.what_if)
app.command("portfolio")(portfolio.portfolio)
app.command("pack")(pack.pack)
app.command("letter")(letter.letter)
app.command("probe")(probe.probe)
app.command("report")(report.report)
app.command("judge")(judge.judge)
app.command("checklist")(checklist.checklist)
app.command("verify")(verify.verify)


@app.callback(invoke_without_command=True)
def _top(
    *,
    version: bool = typer.Option(False, "--version", help="Print the version and exit."),
) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


def run() -> None:
    """Run the command line: the console script's entry."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code; no traceback reaches a user."""
    real, lang = sys.stdout, _lang(arguments)
    sys.stdout = held = Held(real)
    try:
        code = _code(arguments, lang)
    finally:
        sys.stdout = real
    why = held.deliver()
    if why is not None:
        sys.stderr.write(_UNWRITTEN.fill(why=why).says(lang) + "\n")
        return ExitCode.USAGE
    return code


def _code(arguments: list[str], lang: Lang) -> int:
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")
    try:
        ended = _command(arguments, lang)(arguments, prog_name="sekisho", standalone_mode=False)
    except SekishoError as error:
        tell_problems(error.problems, lang)
    except UsageError as error:
        _tell_usage(error, lang)
    except KeyboardInterrupt:
        sys.stderr.write(_STOPPED.says(lang) + "\n")
    except Exception as error:
        # Whatever is left is ours: no traceback reaches a user, who is told how to get one for us.
        if os.environ.get("SEKISHO_DEBUG"):
            raise
        sys.stderr.write(_OURS.fill(kind=_kind(error)).says(lang) + "\n")
    else:
        known = {ExitCode.GOOD, ExitCode.FOUND_BAD, ExitCode.USAGE, ExitCode.UNDETERMINED}
        if ended in known:
            return int(ended)
        if ended is None:
            return ExitCode.GOOD
        sys.stderr.write(_STOPPED.says(lang) + "\n")  # 130: the parser caught the interrupt
    return ExitCode.USAGE


def _kind(error: BaseException) -> str:
    """What a fault is called: of a group of tasks, the first one's."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return type(error).__name__


def _command(arguments: list[str], lang: Lang) -> Command:
    """The whole command; its help in Japanese where somebody may read it."""
    command = typer.main.get_command(app)
    bare = not any(word.startswith("-") or "/" in word for word in arguments)
    if lang is Lang.JA and ("--help" in arguments or bare):
        from sekisho.shell.cli.help_ja import in_japanese

        return in_japanese(command)
    return command


def _tell_usage(error: UsageError, lang: Lang) -> None:
    if isinstance(error, NoArgsIsHelpError):
        error.show()
        return
    command = error.ctx.command_path if error.ctx is not None else "sekisho"
    what = usage_fault(error.format_message())
    tell_problems([Problem(command, what, REMEDY.fill(command=command))], lang)


def _lang(arguments: list[str]) -> Lang:
    """The language of an error: found in the arguments even where they are otherwise wrong."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=False):
        given = word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if word == "--lang":
            given = following
        if given in set(Lang):
            return Lang(given)
    return options.language(None)
