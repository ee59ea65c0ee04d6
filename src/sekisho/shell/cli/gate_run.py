"""`sekisho gate run`: the gate itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.gate_options import SiteArgument, StateOption
from sekisho.shell.cli.options import LangOption, language
from sekisho.shell.cli.showing import tell_at_once
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.shell.gate.admin_socket import AdminEnd

LogOption = Annotated[
    bool, typer.Option("--log", help="Write a structured log (JSON lines) to standard error.")
]
AdminOption = Annotated[
    Path | None,
    typer.Option(
        "--admin",
        metavar="SOCKET",
        help="Open this socket for the process of the pages (sekisho admin run).",
        show_default=False,
    ),
]
AdminUserOption = Annotated[
    str | None,
    typer.Option(
        "--admin-user",
        metavar="NAME",
        help="The user of that process (default: the gate's own).",
        show_default=False,
    ),
]
BeatOption = Annotated[
    Path | None,
    typer.Option(
        "--beat",
        metavar="FILE",
        help="Show the updater twice a second that the gate runs.",
        show_default=False,
    ),
]
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


def run(
    site: SiteArgument,
    *,
    state: StateOption,
    log: LogOption = False,
    admin: AdminOption = None,
    admin_user: AdminUserOption = None,
    beat: BeatOption = None,
    lang: LangOption = None,
) -> None:
    """Run the gate until it is asked to end (SIGTERM, Ctrl-C).

    One gate for each state folder; when it ends, the watchdog of each PCS brings that to rest unless
    the gate runs again before.
    """
    from sekisho.shell.gate.beating import own_telling
    from sekisho.shell.gate.configuration import load_configuration
    from sekisho.shell.gate.run import Site, run_gate
    from sekisho.shell.gate.service_notices import service_manager
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
        manager=service_manager(os.environ),
    )
    line = _RUNS.fill(
        site=settings.site,
        devices=len(settings.south),
        broker=f"{settings.north.host}:{settings.north.port}",
        folder=state,
    )
    run_gate(running, lambda: tell_at_once(line, spoken), _logged if log else None)


def _logged(line: str) -> None:
    sys.stderr.write(line)
    sys.stderr.flush()


def _admin_end(path: Path | None, user: str | None) -> AdminEnd | None:
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
