"""How the messages of `north` are spelled: strict JSON with whole numbers, both ways.

Frequency is in mHz and state of charge in ‰; what is not known is left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from sekisho.codec import forms
from sekisho.codec.command import MOST_SEQUENCE, MOST_WATTS
from sekisho.codec.decision import SAID, Decision, Limit, Outcome, Reason
from sekisho.codec.members import Members, written
from sekisho.codec.north import (
    Ack,
    CheckpointMessage,
    DecisionMessage,
    SessionMessage,
    State,
    Telemetry,
)
from sekisho.codec.strict_json import Flaw, Malformed, canonical, parse
from sekisho.codec.trust_document import MOST_VERSION
from sekisho.terms.ids import CommandId, KeyId, SessionId, SiteId
from sekisho.terms.quantity import Hertz, Share, Watts
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sekisho.site.faults import Fault

M = TypeVar("M")

MOST_LIMITS = 16
MOST_DEVICES = 1_000
MOST_POINTS = 1_000
MOST_DETAIL = 400
_MOST_WORDS = 64
_MOST_NAME = 128
_MOST_OPENINGS = MOST_DEVICES + 2
DIGEST = re.compile(r"[0-9a-f]{64}")
_DIGEST_TEXT = Text("16 進 64 桁です。", "64 hexadecimal digits.")
_MOST_NUMBER = 2**53 - 1

_OUTCOME_SAID = {
    Outcome.ACCEPTED: Text("受け付けました。", "It was accepted."),
    Outcome.LIMITED: Text("制限して受け付けました。", "It was accepted with a limit."),
    Outcome.REFUSED: Text("拒否しました。", "It was refused."),
}


def said(decision: Decision) -> Text:
    """What a decision says to a person."""
    return _OUTCOME_SAID[decision.outcome] if decision.reason is None else SAID[decision.reason]


def session_payload(message: SessionMessage) -> bytes:
    """A session, to be signed as `Typ.SESSION`."""
    return canonical(
        {
            "site": message.site,
            "session": message.session,
            "at": written(message.at),
            "trust_version": message.trust_version,
            "bounds_version": message.bounds_version,
        }
    )


def read_session(payload: bytes) -> SessionMessage:
    """The session that a payload states.

    Raises:
        Malformed: it states none; so for every reader here.
    """
    return _read(payload, _session)


def decision_payload(message: DecisionMessage) -> bytes:
    """An answer, to be signed as `Typ.DECISION`."""
    decision = message.decision
    text = said(decision)
    form: dict[str, object] = {
        "site": message.site,
        "at": written(message.at),
        "outcome": decision.outcome.value,
        "said": {"ja": text.ja, "en": text.en},
        "limits": [
            {"bound": limit.bound, "value": limit.value, "where": limit.where}
            for limit in decision.limits
        ],
        "detail": decision.detail[:MOST_DETAIL],
        "digest": message.digest,
        "journal": message.journal,
    }
    stated = {
        "command": decision.command,
        "kid": decision.kid,
        "reason": None if decision.reason is None else decision.reason.value,
        "power": decision.power,
    }
    return canonical(form | _known(stated))


def read_decision(payload: bytes) -> DecisionMessage:
    """The answer that a payload states."""
    return _read(payload, _decision)


def checkpoint_payload(message: CheckpointMessage) -> bytes:
    """A checkpoint, to be signed as `Typ.CHECKPOINT`."""
    return canonical(
        {
            "site": message.site,
            "at": written(message.at),
            "entries": message.entries,
            "head": message.head,
        }
    )


def read_checkpoint(payload: bytes) -> CheckpointMessage:
    """The checkpoint that a payload states."""
    return _read(payload, _checkpoint)


def telemetry_payload(message: Telemetry) -> bytes:
    """The plant at one moment."""
    form: dict[str, object] = {
        "site": message.site,
        "session": message.session,
        "sequence": message.sequence,
        "at": written(message.at),
        "live": message.live,
        "devices": {device: dict(points) for device, points in message.devices.items()},
    }
    stated = {
        "gap": message.gap or None,
        "power": message.power,
        "setpoint": message.setpoint,
        "frequency": None if message.frequency is None else round(message.frequency * 1_000),
        "soc": None if message.soc is None else round(message.soc * 1_000),
    }
    return canonical(form | _known(stated))


def read_telemetry(payload: bytes) -> Telemetry:
    """The plant as a payload states it."""
    return _read(payload, _telemetry)


def state_payload(message: State) -> bytes:
    """Whether the gate is there; retained."""
    form: dict[str, object] = {
        "site": message.site,
        "online": message.online,
        "time_sure": message.time_sure,
        "commissioned": message.commissioned,
        "latches": list(message.latches),
        "alarms": list(message.alarms),
        "failures": list(message.failures),
    }
    return canonical(form if message.at is None else form | {"at": written(message.at)})


def read_state(payload: bytes) -> State:
    """The state that a payload states."""
    return _read(payload, _state)


def ack_payload(message: Ack) -> bytes:
    """What the head-end holds, to be signed as `Typ.ACK`."""
    return canonical(
        {"site": message.site, "session": message.session, "sequence": message.sequence}
    )


def read_ack(payload: bytes) -> Ack:
    """What a payload says that the head-end holds."""
    return _read(payload, _ack)


def _read(payload: bytes, build: Callable[[Members], M]) -> M:
    found = parse(payload, _MOST_OPENINGS)
    if not isinstance(found, dict):
        raise Malformed(Flaw.JSON, "not an object")
    faults: list[Fault] = []
    members = Members(found, (), faults, hints=False)
    message = build(members)
    members.finish()
    if faults:
        raise Malformed(Flaw.VALUE, f"{faults[0].path}: {faults[0].what.en}")
    return message


def _known(stated: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in stated.items() if value is not None}


def _site(members: Members) -> SiteId:
    return SiteId(members.word("site", forms.SITE, forms.SITE_TEXT))


def _session_id(members: Members) -> SessionId:
    return SessionId(members.word("session", forms.SESSION, forms.SESSION_TEXT))


def _session(members: Members) -> SessionMessage:
    return SessionMessage(
        site=_site(members),
        session=_session_id(members),
        at=members.time("at"),
        trust_version=members.integer("trust_version", 1, MOST_VERSION),
        bounds_version=members.integer("bounds_version", 1, MOST_VERSION),
    )


def _decision(members: Members) -> DecisionMessage:
    text = members.inner("said")
    text.text("ja", MOST_DETAIL)
    text.text("en", MOST_DETAIL)
    text.finish()
    decision = Decision(
        outcome=members.choice("outcome", Outcome),
        command=CommandId(members.word("command", forms.COMMAND, forms.COMMAND_TEXT))
        if members.has("command")
        else None,
        kid=KeyId(members.word("kid", forms.KEY, forms.KEY_TEXT)) if members.has("kid") else None,
        reason=members.choice("reason", Reason) if members.has("reason") else None,
        limits=tuple(_limit(entry) for entry in members.inners("limits", MOST_LIMITS)),
        power=_watts(members, "power"),
        detail=members.text("detail", MOST_DETAIL),
    )
    return DecisionMessage(
        site=_site(members),
        at=members.time("at"),
        decision=decision,
        digest=members.word("digest", DIGEST, _DIGEST_TEXT),
        journal=members.integer("journal", 0, _MOST_NUMBER),
    )


def _limit(members: Members) -> Limit:
    limit = Limit(
        bound=members.text("bound", _MOST_NAME),
        value=members.integer("value", -_MOST_NUMBER, _MOST_NUMBER),
        where=members.text("where", _MOST_NAME),
    )
    members.finish()
    return limit


def _checkpoint(members: Members) -> CheckpointMessage:
    return CheckpointMessage(
        site=_site(members),
        at=members.time("at"),
        entries=members.integer("entries", 0, _MOST_NUMBER),
        head=members.word("head", DIGEST, _DIGEST_TEXT),
    )


def _telemetry(members: Members) -> Telemetry:
    frequency = members.integer("frequency", 0, 100_000) if members.has("frequency") else None
    soc = members.integer("soc", 0, 1_000) if members.has("soc") else None
    return Telemetry(
        site=_site(members),
        session=_session_id(members),
        sequence=members.integer("sequence", 1, MOST_SEQUENCE),
        at=members.time("at"),
        live=members.flag("live"),
        gap=members.integer("gap", 1, MOST_SEQUENCE) if members.has("gap") else 0,
        power=_watts(members, "power"),
        setpoint=_watts(members, "setpoint"),
        frequency=None if frequency is None else Hertz(frequency / 1_000),
        soc=None if soc is None else Share(soc / 1_000),
        devices=_devices(members.inner("devices")),
    )


def _devices(members: Members) -> Mapping[str, Mapping[str, int]]:
    return {name: _points(members.inner(name)) for name in members.names(MOST_DEVICES)}


def _points(members: Members) -> Mapping[str, int]:
    return {
        name: members.integer(name, -_MOST_NUMBER, _MOST_NUMBER)
        for name in members.names(MOST_POINTS)
    }


def _state(members: Members) -> State:
    return State(
        site=_site(members),
        online=members.flag("online"),
        at=members.time("at") if members.has("at") else None,
        time_sure=members.flag("time_sure"),
        commissioned=members.flag("commissioned"),
        latches=members.words("latches", _MOST_WORDS, 0),
        alarms=members.words("alarms", _MOST_WORDS, 0),
        failures=members.words("failures", _MOST_WORDS, 0),
    )


def _ack(members: Members) -> Ack:
    return Ack(
        site=_site(members),
        session=_session_id(members),
        sequence=members.integer("sequence", 1, MOST_SEQUENCE),
    )


def _watts(members: Members, key: str) -> Watts | None:
    if not members.has(key):
        return None
    return Watts(members.integer(key, -MOST_WATTS, MOST_WATTS))
