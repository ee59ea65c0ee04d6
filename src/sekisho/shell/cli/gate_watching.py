"""`sekisho gate status`, `top`, `reset`: a running gate asked from its state folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.gate_options import StateOption
from sekisho.shell.cli.options import Format, FormatOption, LangOption, language
from sekisho.shell.cli.showing import say
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.shell.gate.state_folder import StateFolder

_ASKED = Text(
    "復帰をゲートに依頼しました。sekisho gate status --state {folder} で結果を確かめてください。",
    "The gate was asked to reset. See the result with sekisho gate status --state {folder}.",
)
_NOT_RUNNING = Text("ゲートが動いていません。", "The gate is not running.")
_NOT_RUNNING_REMEDY = Text(
    "sekisho gate run で始めてから、もう一度実行してください。",
    "Start it with sekisho gate run, then try again.",
)


def status(
    *, state: StateOption, output: FormatOption = Format.TEXT, lang: LangOption = None
) -> None:
    """Show what a running gate says of itself: power, links, orders, latches, alarms.

    Exit code: 0 running and calm, 1 something calls for a person, 3 not running.
    """
    from sekisho.shell.cli.gate_status import show_status
    from sekisho.shell.gate.state_folder import open_state

    raise typer.Exit(show_status(open_state(state), language(lang), as_json=output is Format.JSON))


def top(
    *,
    state: StateOption,
    every: Annotated[
        float, typer.Option("--every", min=0.2, max=60, help="Seconds between two looks.")
    ] = 1.0,
    once: Annotated[bool, typer.Option("--once", help="One picture as text, then end.")] = False,
    lang: LangOption = None,
) -> None:
    """Watch a running gate live: power against set-point, charge, frequency, links, decisions.

    q or Ctrl-C ends it. Where standard output is no terminal it prints one picture.

    Exit code: as for gate status.
    """
    from sekisho.shell.cli.gate_top import show_top
    from sekisho.shell.gate.state_folder import open_state

    raise typer.Exit(show_top(open_state(state), language(lang), every_s=every, once=once))


def reset(*, state: StateOption, lang: LangOption = None) -> None:
    """Ask the running gate to reset its latches, as a person on the spot.

    The gate journals it. A stop that is still pressed or a cause that lasts latches again.
    """
    from sekisho.shell.gate.resetting import ask_for_reset
    from sekisho.shell.gate.state_folder import open_state

    folder = open_state(state)
    _refuse_without_gate(folder)
    ask_for_reset(folder)
    say(_ASKED.fill(folder=folder.path), language(lang))


def _refuse_without_gate(folder: StateFolder) -> None:
    from sekisho.terms.errors import InputError, Problem

    if not folder.is_held():
        raise InputError(Problem(str(folder.path), _NOT_RUNNING, _NOT_RUNNING_REMEDY))
