"""Commands that are really signed, and a gate that has seen its plant and would take them."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sekisho.codec.claims import claims_of
from sekisho.codec.command import (
    Curtail,
    Envelope,
    Product,
    Release,
    Schedule,
    Setpoint,
    Stop,
)
from sekisho.codec.jws import Signer, Typ, verify
from sekisho.gate.clock import Clock
from sekisho.gate.cycle.frequency import Sure
from sekisho.gate.guard.decide import CHECKS
from sekisho.gate.guard.pressure import Pressure
from sekisho.gate.guard.receive import receive
from sekisho.gate.state import Run
from sekisho.terms.ids import CommandId, DeviceId, IssuerId, KeyId
from sekisho.terms.quantity import BootMs, Hertz, WallMs, Watts
from tests.facts.gate import scene

AGG = Signer(b"aggregator of these tests, 32 by")
OPERATOR = Signer(b"operator of these tests, 32 byte")
STRANGER = Signer(b"a stranger to these tests 32 byt")
START = 10 * 1_800_000
"""When the questions are asked, on CLOCK_BOOTTIME: on a half-hour boundary."""
NOW = WallMs(scene.EPOCH + START)
MINUTE = 60_000


def key(signer=AGG, issuer="agg", **changes):
    return scene.key(kid=signer.kid, public=signer.public, issuer=IssuerId(issuer), **changes)


def run(**changes):
    fields: dict[str, Any] = {
        "at": BootMs(START),
        "members": frozenset({DeviceId("pcs-1"), DeviceId("pcs-2")}),
        "frequency": Sure(Hertz(50.0)),
        "auxiliary": 10_000.0,
    }
    return Run(**(fields | changes))


def gate(*keys, **changes):
    """A gate that trusts the aggregator and the operator for everything."""
    known = keys or (key(), key(OPERATOR, "operator"))
    fields: dict[str, Any] = {"trust": scene.trust(*known), "run": run()}
    return scene.gate(**(fields | changes))


def clock(later=0, *, sure=True, error_ms=0):
    return Clock(wall=WallMs(NOW + later), boot=BootMs(START + later), sure=sure, error_ms=error_ms)


def head(sequence=1, **changes):
    fields: dict[str, Any] = {
        "id": CommandId(f"c-{sequence}"),
        "site": scene.SITE,
        "session": scene.SESSION,
        "issuer": IssuerId("agg"),
        "issued_at": NOW,
        "not_before": NOW,
        "expires_at": WallMs(NOW + 10 * MINUTE),
        "sequence": sequence,
    }
    return Envelope(**(fields | changes))


def setpoint(power=100_000, product=Product.JEPX_SPOT, **changes):
    return Setpoint(envelope=head(**changes), power=Watts(power), product=product)


def schedule(*powers, start=NOW, product=Product.JEPX_SPOT, **changes):
    changes.setdefault("expires_at", WallMs(start + len(powers) * 1_800_000))
    return Schedule(
        envelope=head(**changes),
        start=start,
        powers=tuple(Watts(p) for p in powers),
        product=product,
    )


def curtail(export=0, imports=0, **changes):
    return Curtail(envelope=head(**changes), export_max=Watts(export), import_max=Watts(imports))


def stop(**changes):
    return Stop(envelope=head(**changes))


def release(**changes):
    return Release(envelope=head(**changes))


def signed(command, signer=AGG):
    return signer.sign(claims_of(command), Typ.COMMAND)


def forged(command, kid: KeyId):
    """Signed by a stranger who writes another's key id."""
    stranger = Signer(b"a stranger to these tests 32 byt")
    stranger.kid = kid
    return stranger.sign(claims_of(command), Typ.COMMAND)


def image(later=0, **changes):
    return scene.image(START + later, **changes)


class Desk:
    """A gate that is asked one thing after another."""

    def __init__(self, of=None, checks=CHECKS):
        self.gate = of or gate()
        self.pressure = Pressure()
        self.checks = checks
        self.image = image()
        self.clock = clock()
        self.entries = []
        self.verified = 0

    def at(self, later, *, sure=True, error_ms=0):
        self.clock = clock(later, sure=sure, error_ms=error_ms)
        self.image = image(later)
        self.gate = replace(self.gate, run=replace(self.gate.run, at=self.clock.boot))
        return self

    def _verify(self, unverified, public):
        self.verified += 1
        return verify(unverified, public)

    def raw(self, raw):
        got = receive(
            self.gate, self.pressure, raw, self.image, self.clock, self._verify, self.checks
        )
        assert got.gate.next_entry == self.gate.next_entry + len(got.entries)
        self.gate, self.pressure = got.gate, got.pressure
        self.entries += got.entries
        return got

    def ask(self, command, signer=AGG):
        return self.raw(signed(command, signer))

    def reason(self, command, signer=AGG):
        """Why it is refused; None: it is not."""
        got = self.ask(command, signer)
        return got.counted or (got.decision and got.decision.reason)


def plan(of, **durable):
    return scene.durable(of, **durable)


def marks(**changes):
    return MappingProxyType(changes)
