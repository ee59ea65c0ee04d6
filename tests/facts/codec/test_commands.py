"""A command is read strictly: each fault has its word, and ranks and classes are as the contract says."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import OKPKey

from sekisho.codec.claims import claims_of, read_claims
from sekisho.codec.command import (
    CommandClass,
    Curtail,
    Product,
    Rank,
    Release,
    Schedule,
    Stop,
    class_of,
    kind_of,
    product_of,
    rank_of,
    rank_of_product,
)
from sekisho.codec.jws import MOST_COMMAND_BYTES, Signer, Typ, open_envelope, verify
from sekisho.codec.strict_json import Flaw, Malformed
from sekisho.codec.thumbprint import fingerprint, thumbprint
from sekisho.terms.quantity import WallMs, Watts
from tests.orders import AGGREGATOR, NOW, envelope, setpoint

CLAIMS = json.loads(claims_of(setpoint()))
SCHEDULE = Schedule(
    envelope=envelope(), start=NOW, powers=(Watts(1), Watts(-1)), product=Product.LOCAL
)


def flaw_of(read, data):
    with pytest.raises(Malformed) as caught:
        read(data)
    return caught.value.flaw


def changed(**members):
    return json.dumps({**CLAIMS, **members}).encode()


def without(name):
    return json.dumps({k: v for k, v in CLAIMS.items() if k != name}).encode()


def signed(header, payload=b"{}", signature=bytes(64)):
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    parts = (head, payload, signature)
    return b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)


GOOD_HEADER = {"alg": "Ed25519", "kid": AGGREGATOR.kid, "typ": "sekisho-cmd+jws"}


@pytest.mark.parametrize(
    ("header", "flaw"),
    [
        ({**GOOD_HEADER, "crit": []}, Flaw.JSON),
        ({**GOOD_HEADER, "crit": 1}, Flaw.HEADER),
        ({**GOOD_HEADER, "jwk": "x"}, Flaw.HEADER),
        ({**GOOD_HEADER, "alg": "none"}, Flaw.HEADER),
        ({**GOOD_HEADER, "alg": "EdDSA"}, Flaw.HEADER),
        ({**GOOD_HEADER, "alg": "HS256"}, Flaw.HEADER),
        ({**GOOD_HEADER, "alg": None}, Flaw.HEADER),
        ({**GOOD_HEADER, "typ": "JWT"}, Flaw.HEADER),
        ({**GOOD_HEADER, "typ": "sekisho-trust+jws"}, Flaw.HEADER),
        ({**GOOD_HEADER, "kid": "../../key"}, Flaw.HEADER),
        ({**GOOD_HEADER, "kid": 1}, Flaw.HEADER),
        ({"alg": "Ed25519", "typ": "sekisho-cmd+jws"}, Flaw.HEADER),
        (b'{"alg":"Ed25519","alg":"none","kid":"x","typ":"y"}', Flaw.JSON),
        (b"[]", Flaw.HEADER),
        (b" " * 300, Flaw.HEADER),
    ],
)
def test_a_header_is_exactly_ours_or_refused(header, flaw):
    assert flaw_of(open_envelope, signed(header)) is flaw


def test_the_right_header_opens():
    assert open_envelope(signed(GOOD_HEADER)).kid == AGGREGATOR.kid


@pytest.mark.parametrize(
    ("raw", "flaw"),
    [
        (b"", Flaw.FORM),
        (b"a.b", Flaw.FORM),
        (b"a.b.c.d", Flaw.FORM),
        (signed(GOOD_HEADER) + b"=", Flaw.FORM),
        (signed(GOOD_HEADER, signature=bytes(63)), Flaw.FORM),
        (signed(GOOD_HEADER, signature=bytes(65)), Flaw.FORM),
        (signed(GOOD_HEADER).replace(b".e30.", b".e31."), Flaw.FORM),
        (signed(GOOD_HEADER) + b"\n", Flaw.FORM),
        (b"." * (MOST_COMMAND_BYTES + 1), Flaw.SIZE),
    ],
)
def test_an_envelope_of_another_form_is_refused(raw, flaw):
    assert flaw_of(open_envelope, raw) is flaw


def test_the_largest_command_opens_and_one_byte_more_does_not():
    fixed = len(signed(GOOD_HEADER, b""))
    room = (MOST_COMMAND_BYTES - fixed) // 4 * 3
    raw = signed(GOOD_HEADER, bytes(room))
    assert open_envelope(raw).payload == bytes(room)
    assert flaw_of(lambda data: open_envelope(data, most_bytes=len(raw) - 1), raw) is Flaw.SIZE


def test_a_signature_of_another_key_does_not_verify():
    other = Signer(bytes(32))
    opened = open_envelope(other.sign(claims_of(setpoint()), Typ.COMMAND))
    assert verify(opened, other.public)
    assert not verify(opened, AGGREGATOR.public)


def test_a_signer_shows_nothing_of_its_key():
    assert not hasattr(AGGREGATOR, "__dict__")
    assert b"aggregator of the tests".hex() not in repr(AGGREGATOR)


def test_the_thumbprint_is_that_of_the_rfc():
    # RFC 8037 appendix A.3
    public = base64.urlsafe_b64decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
    assert thumbprint(public) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_the_fingerprint_is_over_the_public_key_as_openssl_writes_it():
    der = Ed25519PublicKey.from_public_bytes(AGGREGATOR.public).public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert fingerprint(AGGREGATOR.public) == f"sha256:{hashlib.sha256(der).hexdigest()}"


@pytest.mark.parametrize(
    ("data", "flaw"),
    [
        (b"", Flaw.JSON),
        (b"[]", Flaw.JSON),
        (b"1", Flaw.JSON),
        (b"\xff{}", Flaw.JSON),
        (b"\xef\xbb\xbf{}", Flaw.JSON),
        (b"[" * 10_000, Flaw.JSON),
        (b'{"a":1e3}', Flaw.JSON),
        (b'{"a":1.0}', Flaw.JSON),
        (b'{"a":NaN}', Flaw.JSON),
        (b'{"a":-Infinity}', Flaw.JSON),
        (b'{"a":-0}', Flaw.JSON),
        (b'{"a":123456789012345678}', Flaw.JSON),
        (b'{"power":1,"power":2}', Flaw.JSON),
        *((without(name), Flaw.MEMBER) for name in CLAIMS),
        (changed(colour="red"), Flaw.MEMBER),
        (changed(export_max=1), Flaw.MEMBER),
        (changed(kind="trip"), Flaw.VALUE),
        (changed(product="negawatt"), Flaw.VALUE),
        (changed(power="1"), Flaw.VALUE),
        (changed(power=True), Flaw.VALUE),
        (changed(power=10**10 + 1), Flaw.VALUE),
        (changed(power=None), Flaw.VALUE),
        (changed(sequence=0), Flaw.VALUE),
        (changed(sequence=2**53), Flaw.VALUE),
        (changed(session="0123456789ABCDEF0123456789ABCDEF"), Flaw.VALUE),
        (changed(id=""), Flaw.VALUE),
        (changed(id="x" * 65), Flaw.VALUE),
        (changed(id="a\nb"), Flaw.VALUE),
        (changed(site="釧路"), Flaw.VALUE),
        (changed(issued_at="2027-01-15T08:00:00"), Flaw.VALUE),
        (changed(issued_at="2027-01-15T17:00:00+09:00"), Flaw.VALUE),
        (changed(issued_at=NOW), Flaw.VALUE),
        (changed(expires_at=CLAIMS["not_before"]), Flaw.VALUE),
        (changed(issued_at="2027-01-16T08:00:00Z"), Flaw.VALUE),
    ],
)
def test_claims_that_are_not_exactly_a_command_are_refused(data, flaw):
    assert flaw_of(read_claims, data) is flaw


@pytest.mark.parametrize(
    "members",
    [
        {"powers": []},
        {"powers": [0] * 97},
        {"powers": [0, "1"]},
        {"powers": [0, 10**10 + 1]},
        {"powers": 1},
        {"start": "2027-01-15T08:15:00Z"},
        {"start": "2027-01-15T08:00:00.001Z"},
    ],
)
def test_a_schedule_has_whole_half_hours(members):
    claims = {**json.loads(claims_of(SCHEDULE)), **members}
    assert flaw_of(read_claims, json.dumps(claims).encode()) is Flaw.VALUE


def test_the_longest_schedule_fits_the_size():
    most = Schedule(
        envelope=envelope(), start=NOW, powers=(Watts(-(10**10)),) * 96, product=Product.LOCAL
    )
    raw = AGGREGATOR.sign(claims_of(most), Typ.COMMAND)
    assert read_claims(open_envelope(raw).payload) == most
    assert most.end == NOW + 48 * 3_600_000


@pytest.mark.parametrize(("name", "value"), [("export_max", -1), ("import_max", -1)])
def test_a_curtailment_is_never_negative(name, value):
    curtail = Curtail(envelope=envelope(), export_max=Watts(0), import_max=Watts(0))
    claims = {**json.loads(claims_of(curtail)), name: value}
    assert flaw_of(read_claims, json.dumps(claims).encode()) is Flaw.VALUE


def test_ranks_rise_from_the_local_plan_to_the_local_stop():
    assert list(Rank) == sorted(Rank)
    assert [rank.name for rank in Rank] == [
        "LOCAL_SCHEDULE",
        "MARKET",
        "BALANCING",
        "CURTAILMENT",
        "REMOTE_STOP",
        "LOCAL_STOP",
    ]


@pytest.mark.parametrize(
    ("command", "rank", "group"),
    [
        (setpoint(product=Product.FCR), Rank.BALANCING, CommandClass.DISPATCH),
        (setpoint(product=Product.CAPACITY), Rank.MARKET, CommandClass.DISPATCH),
        (SCHEDULE, Rank.LOCAL_SCHEDULE, CommandClass.DISPATCH),
        (
            Curtail(envelope=envelope(), export_max=Watts(0), import_max=Watts(0)),
            Rank.CURTAILMENT,
            CommandClass.SAFETY,
        ),
        (Stop(envelope=envelope()), Rank.REMOTE_STOP, CommandClass.SAFETY),
        (Release(envelope=envelope()), Rank.REMOTE_STOP, CommandClass.SAFETY),
    ],
    ids=lambda value: kind_of(value) if hasattr(value, "envelope") else str(value),
)
def test_each_command_has_its_rank_and_class(command, rank, group):
    assert (rank_of(command), class_of(command)) == (rank, group)
    product = product_of(command)
    assert (product is None) == (group is CommandClass.SAFETY)


def test_every_product_has_a_rank_below_curtailment():
    assert all(rank_of_product(product) < Rank.CURTAILMENT for product in Product)


def test_the_life_of_a_permission_is_counted_from_its_start():
    assert envelope(not_before=WallMs(NOW + 1000)).life_ms == 599_000


def test_what_is_signed_here_is_a_jws_to_another_library():
    raw = AGGREGATOR.sign(claims_of(setpoint()), Typ.COMMAND)
    public = Ed25519PublicKey.from_public_bytes(AGGREGATOR.public)
    read = jws.deserialize_compact(raw, OKPKey.import_key(public), algorithms=["Ed25519"])
    assert read.payload == claims_of(setpoint())
    assert read.headers() == GOOD_HEADER
    stranger = OKPKey.import_key(Ed25519PublicKey.from_public_bytes(Signer(bytes(32)).public))
    with pytest.raises(BadSignatureError):
        jws.deserialize_compact(raw, stranger, algorithms=["Ed25519"])
