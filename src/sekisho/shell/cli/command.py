"""`sekisho command`: sign a command, send it to the gate, show its answer."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.asking import ask
from sekisho.shell.cli.options import Format, FormatOption, LangOption, language
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.codec.asked import Plan

app = typer.Typer(
    name="command",
    help="Ask something of a plant: sign a command, send it, show the gate's answer.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class ProductWord(StrEnum):
    """As `sekisho.codec.command.Product`, which only a running command loads."""

    FCR = "fcr"
    S_FRR = "s-frr"
    FRR = "frr"
    RR = "rr"
    RR_FIT = "rr-fit"
    COMPOUND = "compound"
    JEPX_SPOT = "jepx-spot"
    JEPX_INTRADAY = "jepx-intraday"
    CAPACITY = "capacity"
    LOCAL = "local"


HeadEndOption = Annotated[
    Path,
    typer.Option(
        "--head-end",
        metavar="FILE",
        help="Broker, certificates and keys of the head-end (TOML).",
    ),
]
ProductOption = Annotated[ProductWord, typer.Option("--product", help="What the power is sold as.")]
WaitOption = Annotated[
    float, typer.Option("--wait", min=0.1, max=300.0, help="Seconds to wait for the answer.")
]
SequenceOption = Annotated[
    int | None,
    typer.Option(
        "--sequence",
        min=1,
        max=2**53 - 1,
        help="This number instead of the one after the last (where the record was lost).",
        show_default=False,
    ),
]
PlanArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="[PLAN]",
        help="CSV with the columns start and power, a line a half-hour; or TOML.",
    ),
]
PowersOption = Annotated[
    str | None,
    typer.Option(
        "--powers",
        metavar="POWERS",
        help="Instead of PLAN: powers of the half-hours, 0,1MW,-500kW.",
        show_default=False,
    ),
]
StartOption = Annotated[
    str | None,
    typer.Option(
        "--start",
        metavar="TIME",
        help="With --powers: start of the first (default: the next half-hour).",
        show_default=False,
    ),
]
_DEFAULT_FILE = Path("head-end.toml")


@app.command("setpoint")
def setpoint(
    *,
    power: Annotated[
        str, typer.Option("--power", metavar="POWER", help="1.5MW, -500kW; discharge is positive.")
    ],
    product: ProductOption,
    last: Annotated[
        str, typer.Option("--for", metavar="TIME", help="How long it holds: 90s, 10m (most 30m).")
    ] = "10m",
    head_end: HeadEndOption = _DEFAULT_FILE,
    wait: WaitOption = 10.0,
    sequence: SequenceOption = None,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Hold a power.

    Exit code: 0 accepted (a limit is told), 1 refused, 2 usage or no connection, 3 no answer.
    """
    from sekisho.codec.asked import For, duration_ms
    from sekisho.codec.asked import power as watts
    from sekisho.codec.command import Product, Setpoint

    asked, sold = watts(power, "--power"), Product(product.value)
    ask(
        lambda envelope: Setpoint(envelope=envelope, power=asked, product=sold),
        For(duration_ms(last, "--for")),
        head_end,
        wait,
        sequence,
        output,
        language(lang),
    )


@app.command("schedule")
def schedule(
    plan: PlanArgument = None,
    *,
    product: ProductOption,
    powers: PowersOption = None,
    start: StartOption = None,
    head_end: HeadEndOption = _DEFAULT_FILE,
    wait: WaitOption = 10.0,
    sequence: SequenceOption = None,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Hold a power for each half-hour, up to 96 of them.

    Exit code: 0 accepted (a limit is told), 1 refused, 2 usage or no connection, 3 no answer.
    """
    from sekisho.codec.asked import Until
    from sekisho.codec.command import HALF_HOUR_MS, Product, Schedule
    from sekisho.shell.clock import wall_ms
    from sekisho.terms.errors import InputError, Problem
    from sekisho.terms.quantity import WallMs

    wanted, sold = _plan(plan, powers, start), Product(product.value)
    end = WallMs(wanted.start + len(wanted.powers) * HALF_HOUR_MS)
    if end <= wall_ms():
        raise InputError(Problem("command schedule", _OVER, _OVER_DO))
    ask(
        lambda envelope: Schedule(
            envelope=envelope, start=wanted.start, powers=wanted.powers, product=sold
        ),
        Until(end),
        head_end,
        wait,
        sequence,
        output,
        language(lang),
    )


@app.command("curtail")
def curtail(
    *,
    export_max: Annotated[
        str, typer.Option("--export-max", metavar="POWER", help="Largest discharge, not negative.")
    ],
    import_max: Annotated[
        str, typer.Option("--import-max", metavar="POWER", help="Largest charge, not negative.")
    ],
    last: Annotated[
        str,
        typer.Option("--for", metavar="TIME", help="How long it holds: 90s, 10m, 2h (most 48h)."),
    ] = "1h",
    head_end: HeadEndOption = _DEFAULT_FILE,
    wait: WaitOption = 10.0,
    sequence: SequenceOption = None,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Stay under these powers.

    Exit code: 0 accepted (a limit is told), 1 refused, 2 usage or no connection, 3 no answer.
    """
    from sekisho.codec.asked import For, duration_ms
    from sekisho.codec.asked import power as watts
    from sekisho.codec.command import Curtail

    out, into = (
        watts(export_max, "--export-max", least=0),
        watts(import_max, "--import-max", least=0),
    )
    ask(
        lambda envelope: Curtail(envelope=envelope, export_max=out, import_max=into),
        For(duration_ms(last, "--for")),
        head_end,
        wait,
        sequence,
        output,
        language(lang),
    )


@app.command("stop")
def stop(
    *,
    head_end: HeadEndOption = _DEFAULT_FILE,
    wait: WaitOption = 10.0,
    sequence: SequenceOption = None,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Ramp to zero and stay there until a release.

    Exit code: 0 accepted, 1 refused, 2 usage or no connection, 3 no answer.
    """
    from sekisho.codec.asked import For
    from sekisho.codec.command import Stop

    ask(
        lambda envelope: Stop(envelope=envelope),
        For(_SOON_MS),
        head_end,
        wait,
        sequence,
        output,
        language(lang),
    )


@app.command("release")
def release(
    *,
    head_end: HeadEndOption = _DEFAULT_FILE,
    wait: WaitOption = 10.0,
    sequence: SequenceOption = None,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Lift a remote stop.

    Exit code: 0 accepted, 1 refused, 2 usage or no connection, 3 no answer.
    """
    from sekisho.codec.asked import For
    from sekisho.codec.command import Release

    ask(
        lambda envelope: Release(envelope=envelope),
        For(_SOON_MS),
        head_end,
        wait,
        sequence,
        output,
        language(lang),
    )


_SOON_MS = 120_000
"""A stop or release that did not arrive within two minutes is not to surprise anybody."""


def _plan(file: Path | None, powers: str | None, start: str | None) -> Plan:
    from sekisho.codec.asked import boundary, next_boundary, plan_of, plan_of_csv, plan_of_toml
    from sekisho.codec.asked import power as watts
    from sekisho.shell.clock import wall_ms
    from sekisho.shell.site_files import text_of
    from sekisho.terms.errors import InputError, Problem

    if (file is None) == (powers is None) or (file is not None and start is not None):
        raise InputError(Problem("command schedule", _ONE_PLAN, _ONE_PLAN_DO))
    if file is not None:
        read = plan_of_toml if file.suffix.lower() == ".toml" else plan_of_csv
        return read(text_of(file, _NO_PLAN), str(file))
    first = next_boundary(wall_ms()) if start is None else boundary(start, "--start")
    given = [watts(one, "--powers") for one in (powers or "").split(",")]
    return plan_of(first, given, "--powers")


_NO_PLAN = Text("計画の CSV ファイルの場所を確かめてください。", "Check where the plan's CSV is.")
_OVER = Text("計画はもう終わっています。", "The plan is over already.")
_OVER_DO = Text("これからのコマを書いてください。", "Give half-hours that are to come.")
_ONE_PLAN = Text(
    "PLAN か --powers のどちらか一方が要ります(--start は --powers と使います)。",
    "Either PLAN or --powers is wanted (--start goes with --powers).",
)
_ONE_PLAN_DO = Text(
    "sekisho command schedule --help を見てください。", "See sekisho command schedule --help."
)
