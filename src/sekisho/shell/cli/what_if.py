"""`sekisho what-if`: change the plant on paper and see what changes, and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from sekisho.shell.cli.options import (
    AcceptStaleOption,
    AsOfOption,
    Format,
    FormatOption,
    KnownAtOption,
    LangOption,
    OutOption,
    RegisterOption,
    SiteArgument,
    day,
    language,
)
from sekisho.terms.errors import InputError, Problem, gather
from sekisho.terms.ids import DeviceId
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from sekisho.desk.changes import Edit
    from sekisho.site.model import Identity, Role

SwapOption = Annotated[
    list[str] | None,
    typer.Option(help="Another product: 'pcs-1: maker=…, model=…, label=…'."),
]
GatewayOption = Annotated[
    list[str] | None,
    typer.Option(help="A gateway in front: 'pcs-1: maker=…, model=…, label=…'."),
]
ConverterOption = Annotated[
    list[str] | None,
    typer.Option(help="A protocol converter in front: 'pcs-1: maker=…, model=…, label=…'."),
]
MoveOption = Annotated[
    list[str] | None, typer.Option(help="Another date: contract_application=2027-03-31.")
]
_FORM = Text("「{given}」を読めません。", '"{given}" cannot be read.')
_SWAP_FORM = Text(
    "『pcs-1: maker=…, model=…, label=…』の形で書いてください。",
    "Write it as 'pcs-1: maker=…, model=…, label=…'.",
)
_MOVE_FORM = Text(
    "contract_application=2027-03-31 の形で書いてください。使える名前: {known}",
    "Write it as contract_application=2027-03-31. Names: {known}",
)
_NO_EDIT = Text("変更が指定されていません。", "No change is given.")
_NO_EDIT_REMEDY = Text(
    "--swap、--gateway-before、--converter-before、--move のどれかを指定してください。",
    "Give --swap, --gateway-before, --converter-before or --move.",
)
_FIELDS = ("maker", "product", "model", "version", "label")


def what_if(
    site: SiteArgument,
    *,
    swap: SwapOption = None,
    gateway_before: GatewayOption = None,
    converter_before: ConverterOption = None,
    move: MoveOption = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    register: RegisterOption = None,
    output: FormatOption = Format.TEXT,
    out: OutOption = None,
    lang: LangOption = None,
    accept_stale: AcceptStaleOption = False,
) -> None:
    """Change the plant on paper: what changes, what stays open, and what does not change.

    The site file is not touched. The exit code is that of the changed plant.
    """
    from sekisho.desk.what_if import what_if as compared
    from sekisho.desk.what_if_page import what_if_document, what_if_json
    from sekisho.shell.cli.composition import prepare_desk
    from sekisho.shell.cli.showing import show
    from sekisho.shell.site_files import load_site
    from sekisho.site.model import Role
    from sekisho.terms.verdict import exit_code

    edits: list[Edit] = [
        *gather(_swap, swap or []),
        *gather(lambda g: _in_front(g, Role.GATEWAY), gateway_before or []),
        *gather(lambda g: _in_front(g, Role.PROTOCOL_CONVERTER), converter_before or []),
        *gather(_move, move or []),
    ]
    if not edits:
        raise InputError(Problem("what-if", _NO_EDIT, _NO_EDIT_REMEDY))
    desk = prepare_desk(
        as_of=as_of, known_at=known_at, register=register, accept_stale=accept_stale, strict=False
    )
    answer = compared(desk, load_site(site), edits)
    spoken = language(lang)
    show(
        lambda: what_if_document(answer, spoken),
        lambda: cast("dict[str, object]", what_if_json(answer, spoken)),
        json_wanted=output is Format.JSON,
        out=out,
        day=desk.question.known_at,
    )
    raise typer.Exit(exit_code(answer.after.verdict))


def _swap(given: str) -> Edit:
    from sekisho.desk.changes import Swap

    device, fields = _named(given, "--swap")
    return Swap(device, _identity(fields))


def _in_front(given: str, role: Role) -> Edit:
    from sekisho.desk.changes import InFront
    from sekisho.site.model import Role

    option = "--gateway-before" if role is Role.GATEWAY else "--converter-before"
    device, fields = _named(given, option)
    return InFront(device, role, _identity(fields))


def _move(given: str) -> Edit:
    from sekisho.desk.changes import Move
    from sekisho.site.model import Milestone

    name, equals, when = (part.strip() for part in given.partition("="))
    if not equals or name not in set(Milestone):
        remedy = _MOVE_FORM.fill(known=listed(m.value for m in Milestone))
        raise InputError(Problem("--move", _FORM.fill(given=given), remedy))
    milestone = Milestone(name)
    from datetime import date

    return Move(milestone, day(when, "--move", date.min))


def _named(given: str, option: str) -> tuple[DeviceId, dict[str, str]]:
    device, colon, rest = given.partition(":")
    fields: dict[str, str] = {}
    for part in rest.split(","):
        name, equals, value = (p.strip() for p in part.partition("="))
        if not equals or name not in _FIELDS or not value:
            raise InputError(Problem(option, _FORM.fill(given=given), _SWAP_FORM))
        fields[name] = value
    if not colon or not device.strip():
        raise InputError(Problem(option, _FORM.fill(given=given), _SWAP_FORM))
    return DeviceId(device.strip()), fields


def _identity(fields: dict[str, str]) -> Identity:
    from sekisho.site.model import Identity

    return Identity(**fields)
