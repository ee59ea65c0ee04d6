"""Who may let the gate forget telemetry."""

from __future__ import annotations

import pytest

from sekisho.codec.jws import Signer, Typ, verify
from sekisho.codec.north import Ack
from sekisho.codec.north_form import ack_payload
from sekisho.gate.acknowledged import acknowledged
from sekisho.terms.ids import SessionId, SiteId
from tests.facts.gate.guard import asking

SITE = asking.gate().settings.site
ACK = Ack(site=SITE, session=SessionId("0" * 32), sequence=7)
TRUST = asking.gate().trust
THIEF = Signer(bytes(range(1, 33)))


def told(raw, trust=TRUST, clock=None):
    return acknowledged(raw, trust, clock or asking.clock(), verify)


def signed(ack=ACK, signer=asking.AGG, typ=Typ.ACK):
    return signer.sign(ack_payload(ack), typ)


def test_a_key_of_the_site_acknowledges():
    assert told(signed()) == 7


def test_what_is_not_signed_acknowledges_nothing():
    assert told(ack_payload(ACK)) is None


def test_a_key_that_the_site_does_not_know_acknowledges_nothing():
    assert told(signed(signer=THIEF)) is None


def test_another_signature_under_a_known_name_acknowledges_nothing():
    head, body, _ = signed().split(b".")
    mark = signed(Ack(site=SITE, session=ACK.session, sequence=6)).split(b".")[2]
    assert told(b".".join((head, body, mark))) is None


@pytest.mark.parametrize("typ", [Typ.COMMAND, Typ.SESSION, Typ.CHECKPOINT])
def test_a_signature_for_something_else_acknowledges_nothing(typ):
    assert told(signed(typ=typ)) is None


def test_another_sites_acknowledgement_is_none():
    assert told(signed(Ack(site=SiteId("other-1"), session=ACK.session, sequence=7))) is None


def test_a_revoked_key_acknowledges_nothing():
    trust = asking.gate(asking.key(revoked=True)).trust
    assert told(signed(), trust) is None


def test_a_key_outside_its_validity_acknowledges_nothing_while_time_is_sure():
    key = asking.key(valid_until=asking.NOW)
    trust = asking.gate(key).trust
    assert told(signed(), trust) is None
    assert told(signed(), trust, asking.clock(sure=False)) == 7
