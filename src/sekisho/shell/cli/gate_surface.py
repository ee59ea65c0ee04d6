"""`sekisho gate surface`: the table of open ports, and what a running gate really has open."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.gate_options import SiteArgument
from sekisho.shell.cli.options import Format, FormatOption, LangOption, host_port, language
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sekisho.gate.surface import Port, Process
    from sekisho.gate.surface_document import SurfaceDoc
    from sekisho.gate.surface_seen import Comparison, Seen
    from sekisho.present.document import Block, Document
    from sekisho.shell.gate.state_folder import StateFolder
    from sekisho.terms.texts import Lang

RunningOption = Annotated[
    Path | None,
    typer.Option(
        "--state",
        metavar="DIR",
        help="State folder of a running gate: compare with what it has open.",
        show_default=False,
    ),
]
SocketOption = Annotated[
    str | None,
    typer.Option(
        "--admin",
        metavar="SOCKET",
        help="The socket that the gate opens for the pages (gate run --admin).",
        show_default=False,
    ),
]
PagesOption = Annotated[
    str | None,
    typer.Option(
        "--listen",
        metavar="HOST:PORT",
        help="Where the pages listen, HOST:PORT (admin run --listen).",
        show_default=False,
    ),
]
RunningPagesOption = Annotated[
    Path | None,
    typer.Option(
        "--admin-state",
        metavar="DIR",
        help="State folder of the running pages: compare those too.",
        show_default=False,
    ),
]
_NOT_RUNNING = Text("ゲートが動いていません。", "The gate is not running.")
_NOT_RUNNING_REMEDY = Text(
    "--state を外すと表だけを示します。", "Leave --state out to see the table alone."
)
_TITLE = Text("開いている口の表", "Table of open ports")
_AS_DECLARED = Text("表にない口は開いていません。", "Nothing is open that the table does not name.")
_MORE = Text("表にない口が {n} つ開いています。", "Open, and not in the table: {n}.")
_LOOKED = Text(
    "プロセス {pid} をカーネルの表で確かめました。", "Process {pid}, by the kernel's tables."
)
_HEADER = (
    Text("口", "Port"),
    Text("向き", "Who begins"),
    Text("プロトコル", "Protocol"),
    Text("認証", "Authentication"),
    Text("理由", "Reason"),
)
_OPEN = Text("いま", "Now")
_BEGINS = {
    "listens": Text("相手から(待受け)", "the other side (listens)"),
    "connects": Text("こちらから", "this side"),
}
_FOR = Text("{address}\n{serves}", "{address}\n{serves}")
_UNASKED = Text("見ていません", "not looked at")
_COUNT = Text("開 {n}", "open: {n}")
_CLOSED = Text("閉", "closed")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """What runs, compared with its table."""

    pids: tuple[int, ...]
    found: Comparison


def surface(
    site: SiteArgument,
    *,
    state: RunningOption = None,
    admin: SocketOption = None,
    listen: PagesOption = None,
    admin_state: RunningPagesOption = None,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Show every port that this site's gate opens or connects to, and why.

    With --state, what the running gate really has open is compared with the table.

    Exit code: 0 nothing beyond the table, 1 something else is open, 2 usage or input.
    """
    from sekisho.gate.surface import Pages, Process
    from sekisho.gate.surface import surface as table_of
    from sekisho.gate.surface_document import published
    from sekisho.shell.cli.showing import as_text, on_terminal
    from sekisho.shell.gate.configuration import load_configuration
    from sekisho.shell.gate.state_folder import open_state
    from sekisho.terms.verdict import ExitCode

    configuration = load_configuration(site)
    pages = Pages(socket=admin, listen=None if listen is None else host_port(listen))
    ports = table_of(configuration.settings, pages)
    folders = {Process.GATE: state, Process.ADMIN: admin_state}
    running = {owner: open_state(path) for owner, path in folders.items() if path is not None}
    looked = _looked(running, ports) if running else None
    found = None if looked is None else looked.found
    spoken = language(lang)
    if output is Format.JSON:
        doc: SurfaceDoc = published(str(configuration.settings.site), ports, found, spoken)
        sys.stdout.write(as_text(doc))
    else:
        sys.stdout.write(on_terminal([_document(configuration.site.name, ports, looked, spoken)]))
    raise typer.Exit(ExitCode.FOUND_BAD if found and found.unexpected else ExitCode.GOOD)


def _looked(running: Mapping[Process, StateFolder], ports: tuple[Port, ...]) -> _Looked:
    """What the processes that hold the folders have open, each against its own rows.

    Raises:
        InputError: no process holds one of them.
        WorldError: the kernel does not show it.
    """
    from sekisho.gate.surface_seen import Comparison, compare
    from sekisho.shell.surface.sockets import addresses_of, sockets_of
    from sekisho.terms.errors import InputError, Problem

    names = addresses_of(ports)
    pids: list[int] = []
    counted: dict[Port, int] = {}
    unexpected: list[Seen] = []
    for process, folder in running.items():
        pid = folder.holder()
        if pid is None:
            raise InputError(Problem(str(folder.path), _NOT_RUNNING, _NOT_RUNNING_REMEDY))
        own = [port for port in ports if port.about.process is process]
        found = compare(own, sockets_of(pid), names)
        pids.append(pid)
        counted |= found.open
        unexpected += found.unexpected
    return _Looked(pids=tuple(pids), found=Comparison(open=counted, unexpected=tuple(unexpected)))


def _document(site: str, ports: tuple[Port, ...], looked: _Looked | None, lang: Lang) -> Document:
    from sekisho.present.document import Document

    return Document(
        title=_TITLE.says(lang),
        subtitle=site,
        lang=lang.value,
        footer="",
        blocks=tuple(_blocks(ports, looked, lang)),
    )


def _blocks(ports: tuple[Port, ...], looked: _Looked | None, lang: Lang) -> Iterator[Block]:
    from sekisho.present.document import Banner, Bullets, Cell, Table
    from sekisho.terms.verdict import Verdict

    header = [*(h.says(lang) for h in _HEADER)]
    if looked is not None:
        others = looked.found.unexpected
        verdict, said = (Verdict.BROKEN, _MORE) if others else (Verdict.MET, _AS_DECLARED)
        detail = _LOOKED.fill(pid=", ".join(map(str, looked.pids))).says(lang)
        yield Banner(verdict, said.fill(n=len(others)).says(lang), detail)
        if others:
            yield Bullets(tuple(f"{s.carrier} {s.address} ({s.stance})" for s in others))
        header.append(_OPEN.says(lang))
    rows = []
    for port in ports:
        about = port.about
        texts = [
            _FOR.fill(address=port.address, serves=port.serves).says(lang),
            _BEGINS[about.direction].says(lang),
            about.protocol,
            about.authentication.says(lang),
            about.reason.says(lang),
        ]
        if looked is not None:
            texts.append(_now(port, looked.found).says(lang))
        rows.append(tuple(Cell(text) for text in texts))
    widths = (3, 2, 2, 4, 4) if looked is None else (3, 2, 2, 4, 4, 1)
    yield Table(header=tuple(header), rows=tuple(rows), widths=widths)


def _now(port: Port, found: Comparison) -> Text:
    from sekisho.gate.surface import Carrier

    count = found.open.get(port)
    if count is None or port.about.carrier is Carrier.SERIAL:
        return _UNASKED
    return _COUNT.fill(n=count) if count else _CLOSED
