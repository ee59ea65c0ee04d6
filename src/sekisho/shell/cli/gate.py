"""`sekisho gate`: the running checkpoint — made, checked, watched, reset."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli import gate_documents, gate_software, gate_surface, gate_units
from sekisho.shell.cli.options import (
    Format,
    FormatOption,
    LangOption,
    RegisterOption,
    language,
)
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.shell.gate.admin_socket import AdminEnd
    from sekisho.shell.gate.state_folder import StateFolder
    from sekisho.terms.texts import Lang

app = typer.Typer(
    help="The running checkpoint between the cloud and the plant.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("surface")(gate_surface.surface)
app.command("documents")(gate_documents.documents)
app.command("units")(gate_units.units)
app.command("sbom")(gate_software.sbom)
app.command("vulnerabilities")(gate_software.vulnerabilities)
SiteArgument = Annotated[
    Path, typer.Argument(metavar="SITE", help="A site file with the gate's tables, or its folder.")
]
StateOption = Annotated[
    Path, typer.Option("--state", metavar="DIR", help="The gate's state folder.")
]

_INITIALISED = Text(
    """{folder}: ゲートの状態フォルダーを作りました({site})。
ゲートの鍵: {kid}
鍵の指紋(電話などで照合します): {fingerprint}
次にすること:
1. {request} を認証局に送り、受け取った証明書を {certificate}、ブローカーの認証局の証明書を {ca} としてフォルダーに置く。
2. {public} をサイトの認証元とアグリゲーターに渡す(決定とジャーナルの署名を確かめる鍵)。
3. 認証元が署名した trust.json と bounds.json を sekisho trust apply で入れる。
4. sekisho gate check {file} --state {folder} で確かめる。""",
    """{folder}: made the gate's state folder ({site}).
Gate's key: {kid}
Its fingerprint, to be compared by telephone: {fingerprint}
Next:
1. Send {request} to the certificate authority; put what it returns into the folder as {certificate}, and the broker's authority as {ca}.
2. Give {public} to the site's authority and to the aggregator: it verifies decisions and journal.
3. Apply trust.json and bounds.json, signed by the authority, with sekisho trust apply.
4. Check with sekisho gate check {file} --state {folder}.""",
)
_ASKED = Text(
    "復帰をゲートに依頼しました。sekisho gate status --state {folder} で結果を確かめてください。",
    "The gate was asked to reset. See the result with sekisho gate status --state {folder}.",
)
_NOT_RUNNING = Text("ゲートが動いていません。", "The gate is not running.")
_NOT_RUNNING_REMEDY = Text(
    "sekisho gate run で始めてから、もう一度実行してください。",
    "Start it with sekisho gate run, then try again.",
)

_NO_USER = Text("この利用者はいません。", "There is no such user.")
_MAKE_USER = Text(
    "管理画面のプロセスの利用者を作るか、名前を確かめてください。",
    "Make the user of the admin process, or check the name.",
)
_RUNS = Text(
    "{site}: ゲートを運転しています(機器 {devices} 台、ブローカー {broker})。"
    "状態は sekisho gate status --state {folder}",
    "{site}: the gate runs ({devices} devices, broker {broker}). "
    "See sekisho gate status --state {folder}",
)


@app.command("init")
def init(
    site: SiteArgument,
    *,
    state: StateOption,
    authority: Annotated[
        Path,
        typer.Option("--authority", metavar="FILE.pem", help="Public key of the site's authority."),
    ],
    lang: LangOption = None,
) -> None:
    """Make a gate's state folder: its own keys and the request for its certificate.

    Keys are made here and never leave the folder; a folder that is there already is kept.
    """
    initialise(site, state, authority, language(lang))


def initialise(site: Path, state: Path, authority: Path, lang: Lang) -> None:
    """Make a state folder, and say what comes next.

    Raises:
        InputError: the folder exists already, or the authority is another one.
        WorldError: it cannot be written.
    """
    from sekisho.shell.gate.configuration import load_configuration
    from sekisho.shell.gate.enrolment import enrol
    from sekisho.shell.gate.state_folder import NORTH_REQUEST, PUBLIC

    settings = load_configuration(site).settings
    made = enrol(settings, state, authority)
    _say(
        _INITIALISED.fill(
            folder=made.folder.path,
            site=settings.site,
            kid=made.kid,
            fingerprint=made.fingerprint,
            request=made.folder.file(NORTH_REQUEST),
            public=made.folder.file(PUBLIC),
            ca=settings.north.ca,
            certificate=settings.north.certificate,
            file=site,
        ),
        lang,
    )


@app.command("check")
def check(
    site: SiteArgument,
    *,
    state: Annotated[
        Path | None,
        typer.Option("--state", metavar="DIR", help="The gate's state folder.", show_default=False),
    ] = None,
    register: RegisterOption = None,
    offline: Annotated[bool, typer.Option("--offline", help="Connect to no device.")] = False,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Ask everything that should be right before the gate runs, and say every problem.

    Each device is connected to once and nothing is written to it.

    Exit code: 0 it can run, 1 something is wrong, 2 usage or input, 3 something could not be asked.
    """
    from sekisho.register.index import Index
    from sekisho.shell.cli.gate_check import check_gate
    from sekisho.shell.clock import today_in_japan
    from sekisho.shell.register_store import load_register

    today = today_in_japan()
    index = Index(load_register(register, today, today))
    raise typer.Exit(
        check_gate(
            site,
            state,
            index,
            language(lang),
            offline=offline,
            as_json=output is Format.JSON,
        )
    )


@app.command("trial")
def trial(site: SiteArgument, *, state: StateOption, lang: LangOption = None) -> None:
    """Read a copy of a gate's state with this program, as before a switch to it.

    The state is not touched, and a gate may run on it. Then ask what gate check --offline asks.

    Exit code: 0 this program reads it, 1 something is wrong, 2 usage or it cannot be read.
    """
    from sekisho.register.index import Index
    from sekisho.shell.cli.gate_check import check_gate
    from sekisho.shell.clock import today_in_japan
    from sekisho.shell.gate.configuration import load_configuration
    from sekisho.shell.gate.kernel_time import KernelClock
    from sekisho.shell.gate.state_folder import open_state
    from sekisho.shell.gate.trial import copied, read_by_this_program
    from sekisho.shell.register_store import load_register
    from sekisho.terms.verdict import ExitCode

    today = today_in_japan()
    index = Index(load_register(None, today, today))
    with copied(open_state(state)) as copy:
        read_by_this_program(load_configuration(site), copy, KernelClock())
        code = check_gate(site, copy.path, index, language(lang), offline=True, as_json=False)
    raise typer.Exit(ExitCode.GOOD if code == ExitCode.UNDETERMINED else code)


@app.command("commission")
def commission(
    site: SiteArgument,
    *,
    state: StateOption,
    hold: Annotated[
        int, typer.Option("--hold", min=5, max=120, help="Seconds that each step is held.")
    ] = 15,
    yes: Annotated[bool, typer.Option("--yes", help="Move the plant without asking.")] = False,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Move the plant by 1 % both ways and see that every reading moves with it.

    The gate must not be running. Without a good commissioning of the present configuration it takes
    no market command.

    Exit code: 0 all right, 1 a reading moved wrongly, 2 usage or input, 3 something was not seen.
    """
    from sekisho.shell.cli.gate_commission import commission_gate

    raise typer.Exit(
        commission_gate(
            site,
            state,
            language(lang),
            hold_ms=hold * 1_000,
            asked=yes,
            as_json=output is Format.JSON,
        )
    )


@app.command("run")
def run(
    site: SiteArgument,
    *,
    state: StateOption,
    log: Annotated[
        bool, typer.Option("--log", help="Write a structured log (JSON lines) to standard error.")
    ] = False,
    admin: Annotated[
        Path | None,
        typer.Option(
            "--admin",
            metavar="SOCKET",
            help="Open this socket for the process of the pages (sekisho admin run).",
            show_default=False,
        ),
    ] = None,
    admin_user: Annotated[
        str | None,
        typer.Option(
            "--admin-user",
            metavar="NAME",
            help="The user of that process (default: the gate's own).",
            show_default=False,
        ),
    ] = None,
    beat: Annotated[
        Path | None,
        typer.Option(
            "--beat",
            metavar="FILE",
            help="Show the updater twice a second that the gate runs.",
            show_default=False,
        ),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Run the gate until it is asked to end (SIGTERM, Ctrl-C).

    One gate for each state folder; when it ends, the watchdog of each PCS brings that to rest unless
    the gate runs again before.
    """
    from sekisho.present import escape
    from sekisho.shell.gate.beating import own_telling
    from sekisho.shell.gate.configuration import load_configuration
    from sekisho.shell.gate.run import Site, run_gate
    from sekisho.shell.gate.state_folder import open_state

    spoken = language(lang)
    configuration = load_configuration(site)
    settings = configuration.settings
    running = Site(
        settings=settings,
        profiles=configuration.profiles,
        state=open_state(state),
        admin=_admin_end(admin, admin_user),
        beat=beat,
        told=own_telling(),
    )
    line = _RUNS.fill(
        site=settings.site,
        devices=len(settings.south),
        broker=f"{settings.north.host}:{settings.north.port}",
        folder=state,
    )

    def begun() -> None:
        # Standard output is delivered when a command ends; this one does not.
        sys.stderr.write(escape.terminal(line.says(spoken)) + "\n")
        sys.stderr.flush()

    def write(line: str) -> None:
        sys.stderr.write(line)
        sys.stderr.flush()

    run_gate(running, begun, write if log else None)


@app.command("status")
def status(
    *, state: StateOption, output: FormatOption = Format.TEXT, lang: LangOption = None
) -> None:
    """Show what a running gate says of itself: power, links, orders, latches, alarms.

    Exit code: 0 running and calm, 1 something calls for a person, 3 not running.
    """
    from sekisho.shell.cli.gate_status import show_status
    from sekisho.shell.gate.state_folder import open_state

    raise typer.Exit(show_status(open_state(state), language(lang), as_json=output is Format.JSON))


@app.command("top")
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


@app.command("reset")
def reset(*, state: StateOption, lang: LangOption = None) -> None:
    """Ask the running gate to reset its latches, as a person on the spot.

    The gate journals it. A stop that is still pressed or a cause that lasts latches again.
    """
    from sekisho.shell.gate.resetting import ask_for_reset
    from sekisho.shell.gate.state_folder import open_state

    folder = open_state(state)
    _refuse_without_gate(folder)
    ask_for_reset(folder)
    _say(_ASKED.fill(folder=folder.path), language(lang))


def _admin_end(path: Path | None, user: str | None) -> AdminEnd | None:
    import os
    import pwd

    from sekisho.shell.gate.admin_socket import AdminEnd
    from sekisho.terms.errors import InputError, Problem

    if path is None:
        return None
    try:
        uid = os.geteuid() if user is None else pwd.getpwnam(user).pw_uid
    except KeyError as error:
        raise InputError(Problem(str(user), _NO_USER, _MAKE_USER)) from error
    return AdminEnd(path=path, uid=uid)


def _refuse_without_gate(folder: StateFolder) -> None:
    from sekisho.terms.errors import InputError, Problem

    if not folder.is_held():
        raise InputError(Problem(str(folder.path), _NOT_RUNNING, _NOT_RUNNING_REMEDY))


def _say(text: Text, lang: Lang) -> None:
    from sekisho.present import escape

    for line in text.says(lang).splitlines():
        sys.stdout.write(escape.terminal(line) + "\n")
