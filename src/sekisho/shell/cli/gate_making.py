"""`sekisho gate init`, `check`, `trial`, `commission`: a gate made and tried before it runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.gate_options import AuthorityOption, SiteArgument, StateOption
from sekisho.shell.cli.options import (
    Format,
    FormatOption,
    LangOption,
    RegisterOption,
    language,
)
from sekisho.shell.cli.showing import say
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.terms.texts import Lang

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


def init(
    site: SiteArgument,
    *,
    state: StateOption,
    authority: AuthorityOption,
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
    say(
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
