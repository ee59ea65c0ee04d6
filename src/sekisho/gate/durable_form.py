"""The durable state as bytes, and back: what is committed in the journal's transaction.

JSON with a version of its own. Standing orders are kept as the claims they came with. Bytes that
cannot be read are never guessed at: the gate then begins with a new session and nothing standing.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sekisho.codec.claims import claims_of, read_claims
from sekisho.codec.command import CommandClass, Curtail, Rank, Schedule, Setpoint
from sekisho.codec.strict_json import Malformed
from sekisho.gate.budget import Purse
from sekisho.gate.clock import Term
from sekisho.gate.state import Curtailment, Durable, Latch, RemoteStop, Standing
from sekisho.terms.ids import CommandId, IssuerId, KeyId, SessionId
from sekisho.terms.quantity import BootMs, WallMs, Watts

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1
_WRITER = json.JSONEncoder(separators=(",", ":"))


class UnreadableError(Exception):
    """The bytes are no durable state of this version."""


def to_bytes(durable: Durable) -> bytes:
    """The state as bytes."""
    form = {
        "version": VERSION,
        "session": durable.session,
        "trust_version": durable.trust_version,
        "bounds_version": durable.bounds_version,
        "high_water": [
            [kid, str(of), number] for (kid, of), number in sorted(durable.high_water.items())
        ],
        "standing": [_standing(one) for one in durable.standing],
        "curtailments": [_curtailment(one) for one in durable.curtailments],
        "latches": sorted(durable.latches),
        "stopped_by": None if durable.stopped_by is None else _stopped_by(durable.stopped_by),
        "purses": {kid: _purse_form(purse) for kid, purse in sorted(durable.purses.items())},
        "purse": None if durable.purse is None else _purse_form(durable.purse),
        "side": durable.side,
        "commissioned": durable.commissioned,
    }
    return _WRITER.encode(form).encode()


def from_bytes(data: bytes) -> Durable:
    """The state that the bytes hold.

    Raises:
        UnreadableError: they are not what `to_bytes` wrote.
    """
    try:
        form = json.loads(data)
        if form["version"] != VERSION:
            raise UnreadableError(f"version {form['version']}")
        return _durable(form)
    except (ValueError, KeyError, TypeError, AttributeError, Malformed, RecursionError) as error:
        raise UnreadableError(str(error)) from error


def _durable(form: Mapping[str, Any]) -> Durable:
    stopped = form["stopped_by"]
    purse = form["purse"]
    return Durable(
        session=SessionId(form["session"]),
        trust_version=int(form["trust_version"]),
        bounds_version=int(form["bounds_version"]),
        high_water=MappingProxyType(
            {(KeyId(k), CommandClass(c)): int(n) for k, c, n in form["high_water"]}
        ),
        standing=tuple(_read_standing(one) for one in form["standing"]),
        curtailments=tuple(_read_curtailment(one) for one in form["curtailments"]),
        latches=frozenset(Latch(word) for word in form["latches"]),
        stopped_by=None
        if stopped is None
        else RemoteStop(
            command=CommandId(stopped["command"]),
            issuer=IssuerId(stopped["issuer"]),
            kid=KeyId(stopped["kid"]),
        ),
        purses=MappingProxyType({KeyId(k): _purse(one) for k, one in form["purses"].items()}),
        purse=None if purse is None else _purse(purse),
        side=int(form.get("side", 0)),
        commissioned=str(form["commissioned"]),
    )


def _standing(one: Standing) -> Mapping[str, object]:
    claims = one.claims if one.claims is not None else claims_of(one.order)
    return {
        "order": claims.decode(),
        "kid": one.kid,
        "rank": int(one.rank),
        "power": one.power,
        "term": _term_form(one.term),
        "begins": one.begins,
        "anchor": one.anchor,
        "delay_ms": one.delay_ms,
        "entry": one.entry,
    }


def _read_standing(form: Mapping[str, Any]) -> Standing:
    order = read_claims(str(form["order"]).encode())
    if not isinstance(order, Setpoint | Schedule):
        raise UnreadableError("a standing order is no dispatch")
    return Standing(
        order=order,
        kid=KeyId(form["kid"]),
        rank=Rank(form["rank"]),
        power=Watts(int(form["power"])),
        term=_term(form["term"]),
        begins=BootMs(int(form["begins"])),
        anchor=int(form["anchor"]),
        delay_ms=int(form["delay_ms"]),
        entry=int(form["entry"]),
    )


def _curtailment(one: Curtailment) -> Mapping[str, object]:
    return {
        "order": claims_of(one.order).decode(),
        "kid": one.kid,
        "term": _term_form(one.term),
        "begins": one.begins,
        "entry": one.entry,
        "lifted": one.lifted,
    }


def _read_curtailment(form: Mapping[str, Any]) -> Curtailment:
    order = read_claims(str(form["order"]).encode())
    if not isinstance(order, Curtail):
        raise UnreadableError("a standing curtailment is none")
    return Curtailment(
        order=order,
        kid=KeyId(form["kid"]),
        term=_term(form["term"]),
        begins=BootMs(int(form["begins"])),
        entry=int(form["entry"]),
        lifted=int(form["lifted"]),
    )


# Spelled out: `asdict` copies deeply, which a commit before every effect would pay for.


def _term_form(term: Term) -> Mapping[str, object]:
    return {"wall": term.wall, "boot": term.boot, "boot_id": term.boot_id}


def _stopped_by(stop: RemoteStop) -> Mapping[str, object]:
    return {"command": stop.command, "issuer": stop.issuer, "kid": stop.kid}


def _purse_form(purse: Purse) -> Mapping[str, object]:
    return {
        "minute": purse.minute,
        "hour": purse.hour,
        "reversals": purse.reversals,
        "energy": purse.energy,
        "at": purse.at,
        "wall": purse.wall,
        "boot_id": purse.boot_id,
    }


def _term(form: Mapping[str, Any]) -> Term:
    return Term(
        wall=WallMs(int(form["wall"])),
        boot=BootMs(int(form["boot"])),
        boot_id=str(form["boot_id"]),
    )


def _purse(form: Mapping[str, Any]) -> Purse:
    return Purse(
        minute=float(form["minute"]),
        hour=float(form["hour"]),
        reversals=float(form["reversals"]),
        energy=float(form["energy"]),
        at=BootMs(int(form["at"])),
        wall=WallMs(int(form["wall"])),
        boot_id=str(form["boot_id"]),
    )
