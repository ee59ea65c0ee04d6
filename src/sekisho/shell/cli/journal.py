"""`sekisho journal verify`, `show` and `export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.journal_asked import (
    KindOption,
    PlaceArgument,
    PublicOption,
    SinceOption,
    UntilOption,
    WitnessOption,
    wanted,
)
from sekisho.shell.cli.options import Format, FormatOption, LangOption, language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.evidence.checkpoint import Checkpoint, Unproven
    from sekisho.gate.journal.log import Log, Row

app = typer.Typer(
    help="Read and verify what the gate wrote down.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("verify")
def verify(
    place: PlaceArgument,
    *,
    witness: WitnessOption = None,
    public: PublicOption = None,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Say whether the journal is whole and as it was written.

    Exit code: 0 it holds, 1 it was changed, 2 it cannot be read, 3 nothing ties it to the gate.
    """
    _needs_gate_parts()
    from sekisho.evidence.chain import check
    from sekisho.evidence.checkpoint import opened_each
    from sekisho.gate.journal.judgement import Judgement
    from sekisho.gate.journal.pages import verified_data, verified_page
    from sekisho.shell.cli.showing import as_text, on_terminal
    from sekisho.shell.gate.journal_file import opened_log
    from sekisho.terms.verdict import exit_code

    with opened_log(place) as log:
        key = _key(place, public, own=log.whole)
        seen = _witness(witness, key)
        standing = _Last()
        checked = check(
            (row.link for row in standing.passing(log)),
            opened_each(log.tokens, key),
            seen,
            base=log.base,
            whole=log.whole,
        )
        judged = Judgement(
            name=log.name,
            checked=checked,
            last=standing.number,
            whole=log.whole,
            key=key is not None,
            witness=witness is not None,
        )
    if output is Format.JSON:
        sys.stdout.write(as_text(verified_data(judged)))
    else:
        sys.stdout.write(on_terminal([verified_page(judged, language(lang))]))
    raise typer.Exit(exit_code(judged.verdict))


@app.command("show")
def show(
    place: PlaceArgument,
    *,
    since: SinceOption = None,
    until: UntilOption = None,
    kind: KindOption = None,
    last: Annotated[
        int, typer.Option("--last", min=1, max=10_000, help="At most so many, the last ones.")
    ] = 100,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Print entries in plain words, the oldest first."""
    _needs_gate_parts()
    from sekisho.gate.journal.pages import shown_data, shown_page
    from sekisho.gate.journal.select import last_of
    from sekisho.shell.cli.showing import as_text, on_terminal
    from sekisho.shell.gate.journal_file import opened_log

    which = wanted(since, until, kind)
    with opened_log(place) as log:
        rows, count = last_of(log, which, last)
    if output is Format.JSON:
        sys.stdout.write(as_text(shown_data(rows, count)))
    else:
        sys.stdout.write(on_terminal([shown_page(log.name, rows, count, language(lang))]))


@app.command("export")
def export(
    place: PlaceArgument,
    *,
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="FILE", help="Where to: .jsonl, or .html or .txt for people too."
        ),
    ],
    since: SinceOption = None,
    until: UntilOption = None,
    lang: LangOption = None,
) -> None:
    """Write what happened in a time as one file that can be verified alone: the accident report."""
    _needs_gate_parts()
    from sekisho.evidence.checkpoint import Checkpoint, opened_each
    from sekisho.gate.journal.extract import extract
    from sekisho.gate.journal.pages import shown_page
    from sekisho.gate.journal.select import range_of
    from sekisho.shell.cli.journal_report import (
        Carrier,
        carried,
        carrier_of,
        nothing,
        readable,
        written,
    )
    from sekisho.shell.cli.showing import tell_written
    from sekisho.shell.gate.journal_file import opened_log
    from sekisho.shell.writing import write_whole

    carrier = carrier_of(out)
    with opened_log(place) as log:
        span = range_of(log, wanted(since, until, None))
        if span is None:
            raise nothing(log.name)
        marks = [m for m in opened_each(log.tokens, None) if isinstance(m, Checkpoint)]
        embedded = carrier is not Carrier.LINES
        lines = list(written(log, extract(log, *span, marks, embedded=embedded)))
        rows = readable(log, *span) if embedded else []
    page = shown_page(place.name, rows, len(rows), language(lang), carries=True)
    write_whole(out, carried(carrier, page, lines))
    tell_written(out)


@app.command("archive")
def archive(
    state: Annotated[Path, typer.Argument(metavar="STATE", help="The state folder.")],
    *,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help="The volume: a file that is not there yet."),
    ],
    lang: LangOption = None,
) -> None:
    """Put the entries until now into a volume of their own; the gate must be stopped.

    The journal goes on after them, and its quota is free again.
    """
    _needs_gate_parts()
    from sekisho.shell.cli.showing import tell_line
    from sekisho.shell.gate.archiving import archive as put_away
    from sekisho.shell.gate.state_folder import open_state
    from sekisho.terms.texts import Text

    folder = open_state(state)
    with folder.held():
        tip = put_away(folder.path, out)
    told = Text(
        "{out}: {n} 番までの記録。ジャーナルは {next} 番から続きます。",
        "{out}: entries up to {n}. The journal goes on with {next}.",
    ).fill(out=out, n=tip.number, next=tip.number + 1)
    tell_line(told.says(language(lang)))


# ---- what the commands share -----------------------------------------------------------------


class _Last:
    """Remembers the last entry that passed by with its content."""

    def __init__(self) -> None:
        self.number = 0

    def passing(self, log: Log) -> Iterator[Row]:
        for row in log.rows(log.base.number + 1, log.last):
            if row.entry is not None:
                self.number = row.number
            yield row


def _needs_gate_parts() -> None:
    """The journal's signatures need the extra `gate`.

    Raises:
        WorldError: it is not installed.
    """
    from importlib import import_module

    from sekisho.shell.keys import gate_parts_missing

    try:
        import_module("sekisho.evidence.checkpoint")
    except ImportError as error:
        raise gate_parts_missing(error) from error


def _key(place: Path, given: Path | None, *, own: bool) -> bytes | None:
    """The gate's public key: the one that is given, else the one of the gate's own folder.

    A key that lies beside an extract came from whoever made the extract, and shows nothing.
    """
    from sekisho.shell.gate.state_folder import PUBLIC
    from sekisho.shell.keys import load_public

    if given is not None:
        return load_public(given)
    beside = (place if place.is_dir() else place.parent) / PUBLIC
    return load_public(beside) if own and beside.is_file() else None


def _witness(path: Path | None, key: bytes | None) -> list[Checkpoint | Unproven]:
    """The checkpoints in a witness's file.

    Raises:
        InputError: there is none in it.
        WorldError: it cannot be read.
    """
    from sekisho.evidence.checkpoint import opened_each
    from sekisho.shell.gate.journal_file import witness_tokens

    return [] if path is None else list(opened_each(witness_tokens(path), key))
