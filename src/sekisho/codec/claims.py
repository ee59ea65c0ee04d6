"""The payload of a command: JSON to a `Command` and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from sekisho.codec import forms
from sekisho.codec.command import (
    HALF_HOUR_MS,
    MOST_HALF_HOURS,
    MOST_SEQUENCE,
    MOST_WATTS,
    Command,
    Curtail,
    Envelope,
    Kind,
    Product,
    Release,
    Schedule,
    Setpoint,
    Stop,
    kind_of,
)
from sekisho.codec.members import Members, written
from sekisho.codec.strict_json import Flaw, Malformed, canonical, parse
from sekisho.terms.ids import CommandId, IssuerId, SessionId, SiteId
from sekisho.terms.quantity import Watts
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.site.faults import Fault
    from sekisho.terms.quantity import WallMs

_MOST_OPENINGS = 2
"""The claims, and the list of powers."""
_AFTER = Text("期限が開始より後ではありません。", "expires_at is not after not_before.")
_ISSUED = Text("発行が期限より後です。", "issued_at is after expires_at.")
_BOUNDARY = Text("30 分の境界ではありません。", "start is not on a half-hour boundary.")
_MEND = Text("時刻を確かめてください。", "Check the times.")


def read_claims(payload: bytes) -> Command:
    """The command that a payload states; nothing here says that it may be obeyed.

    Raises:
        Malformed: it is not strict JSON, or a member is missing, unknown or out of its range.
    """
    found = parse(payload, _MOST_OPENINGS)
    if not isinstance(found, dict):
        raise Malformed(Flaw.JSON, "not an object")
    faults: list[Fault] = []
    members = Members(found, (), faults, hints=False)
    command = _command(members, _envelope(members))
    members.finish()
    if faults:
        first = faults[0]
        known = bool(first.path) and members.read(str(first.path[0]))
        raise Malformed(Flaw.VALUE if known else Flaw.MEMBER, first.what.en)
    return command


def claims_of(command: Command) -> bytes:
    """The payload of a command, in its one canonical spelling."""
    head = command.envelope
    claims: dict[str, object] = {
        "id": head.id,
        "site": head.site,
        "session": head.session,
        "issuer": head.issuer,
        "issued_at": written(head.issued_at),
        "not_before": written(head.not_before),
        "expires_at": written(head.expires_at),
        "sequence": head.sequence,
        "kind": kind_of(command).value,
    }
    match command:
        case Setpoint():
            claims |= {"power": command.power, "product": command.product.value}
        case Schedule():
            claims |= {
                "start": written(command.start),
                "powers": list(command.powers),
                "product": command.product.value,
            }
        case Curtail():
            claims |= {"export_max": command.export_max, "import_max": command.import_max}
        case Stop() | Release():
            pass
        case _:
            assert_never(command)
    return canonical(claims)


def _envelope(members: Members) -> Envelope:
    envelope = Envelope(
        id=CommandId(members.word("id", forms.COMMAND, forms.COMMAND_TEXT)),
        site=SiteId(members.word("site", forms.SITE, forms.SITE_TEXT)),
        session=SessionId(members.word("session", forms.SESSION, forms.SESSION_TEXT)),
        issuer=IssuerId(members.word("issuer", forms.ISSUER, forms.ISSUER_TEXT)),
        issued_at=members.time("issued_at"),
        not_before=members.time("not_before"),
        expires_at=members.time("expires_at"),
        sequence=members.integer("sequence", 1, MOST_SEQUENCE),
    )
    if envelope.expires_at <= envelope.not_before:
        members.fault("expires_at", _AFTER, _MEND)
    if envelope.expires_at < envelope.issued_at:
        members.fault("issued_at", _ISSUED, _MEND)
    return envelope


def _command(members: Members, envelope: Envelope) -> Command:
    kind = members.choice("kind", Kind)
    match kind:
        case Kind.SETPOINT:
            return Setpoint(
                envelope=envelope,
                power=Watts(members.integer("power", -MOST_WATTS, MOST_WATTS)),
                product=members.choice("product", Product),
            )
        case Kind.SCHEDULE:
            powers = members.integers("powers", MOST_HALF_HOURS, -MOST_WATTS, MOST_WATTS)
            return Schedule(
                envelope=envelope,
                start=_boundary(members),
                powers=tuple(Watts(power) for power in powers),
                product=members.choice("product", Product),
            )
        case Kind.CURTAIL:
            return Curtail(
                envelope=envelope,
                export_max=Watts(members.integer("export_max", 0, MOST_WATTS)),
                import_max=Watts(members.integer("import_max", 0, MOST_WATTS)),
            )
        case Kind.STOP:
            return Stop(envelope=envelope)
        case Kind.RELEASE:
            return Release(envelope=envelope)
        case _:
            assert_never(kind)


def _boundary(members: Members) -> WallMs:
    start = members.time("start")
    if start % HALF_HOUR_MS:
        members.fault("start", _BOUNDARY, _MEND)
    return start
