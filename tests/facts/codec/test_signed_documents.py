"""trust.json and bounds.json: the authority's alone, complete, and told of with all their faults."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sekisho.codec.bounds import Lives
from sekisho.codec.bounds_document import bounds_of, bounds_payload
from sekisho.codec.command import Kind, Product
from sekisho.codec.jws import Signer, Typ
from sekisho.codec.signed_document import check_authority, read_bounds, read_trust
from sekisho.codec.thumbprint import fingerprint
from sekisho.codec.trust_document import trust_of, trust_payload
from sekisho.terms.errors import InputError
from sekisho.terms.quantity import WallMs
from tests.orders import (
    AGGREGATOR,
    AUTHORITY,
    NOW,
    bounds,
    setpoint,
    trust,
    trusted_key,
)

if TYPE_CHECKING:
    from sekisho.site.faults import Fault

TRUST = json.loads(trust_payload(trust()))
BOUNDS = json.loads(bounds_payload(bounds()))
DAY = 86_400_000


def faults_in(read, table):
    faults: list[Fault] = []
    read(table, faults)
    return [".".join(map(str, fault.path)) for fault in faults]


def key_with(**members):
    return {**TRUST, "keys": [{**TRUST["keys"][0], **members}]}


def without(table, name):
    return {k: v for k, v in table.items() if k != name}


def test_what_the_authority_signed_is_read():
    signed = AUTHORITY.sign_document(trust_payload(trust()), Typ.TRUST)
    assert read_trust(signed, AUTHORITY.public, "trust.json") == trust()


@pytest.mark.parametrize(
    "data",
    [
        AGGREGATOR.sign_document(trust_payload(trust()), Typ.TRUST),
        AUTHORITY.sign_document(trust_payload(trust()), Typ.BOUNDS),
        AUTHORITY.sign_document(b"[]", Typ.TRUST),
        AUTHORITY.sign(trust_payload(trust()), Typ.TRUST),
        trust_payload(trust()),
        b"",
    ],
    ids=["another-key", "another-typ", "no-object", "compact", "unsigned", "empty"],
)
def test_what_the_authority_did_not_sign_as_trust_is_refused(data):
    with pytest.raises(InputError):
        read_trust(data, AUTHORITY.public, "trust.json")


def test_a_key_that_only_claims_the_authoritys_name_is_refused():
    impostor = Signer(bytes(32))
    impostor.kid = AUTHORITY.kid
    data = impostor.sign_document(trust_payload(trust()), Typ.TRUST)
    with pytest.raises(InputError, match="authority"):
        read_trust(data, AUTHORITY.public, "trust.json")


def test_the_authority_is_the_one_that_the_site_file_names():
    check_authority(AUTHORITY.public, fingerprint(AUTHORITY.public), "authority.pem")
    with pytest.raises(InputError, match=fingerprint(AGGREGATOR.public)):
        check_authority(AGGREGATOR.public, fingerprint(AUTHORITY.public), "authority.pem")


def test_all_faults_of_a_document_are_told_at_once():
    broken = {**BOUNDS, "site": "a b", "version": 0, "soc_min": 2000, "colour": "red"}
    signed = AUTHORITY.sign_document(json.dumps(broken).encode(), Typ.BOUNDS)
    with pytest.raises(InputError) as caught:
        read_bounds(signed, AUTHORITY.public, "bounds.json")
    assert {p.where for p in caught.value.problems} == {
        "bounds.json: site",
        "bounds.json: version",
        "bounds.json: soc_min",
        "bounds.json: colour",
    }


@pytest.mark.parametrize("name", [n for n in BOUNDS if n not in {"droop", "life", "soc_reserve"}])
def test_a_bound_that_is_missing_is_a_fault(name):
    stated = without(BOUNDS, name)
    wanted = [] if name == "frequency_disturbed" else [name]
    assert faults_in(bounds_of, stated) == wanted


def test_no_droop_is_no_primary_control_and_no_life_is_the_ceiling():
    faults: list[Fault] = []
    read = bounds_of(without(without(BOUNDS, "droop"), "life"), faults)
    assert not faults
    assert read.droop is None
    assert read.life == Lives()


@pytest.mark.parametrize(
    ("members", "where"),
    [
        ({"soc_min": 950}, "soc_max"),
        ({"soc_reserve": 450}, "soc_reserve"),
        ({"temperature_min": 450}, "temperature_max"),
        ({"ramp_max": 1}, "ramp_max"),
        ({"frequency_nominal": 55_000}, "frequency_nominal"),
        ({"frequency_min": 50_000}, "frequency_min"),
        ({"frequency_max": 50_000}, "frequency_min"),
        ({"export_max": 1}, "droop"),
        ({"import_max": -1}, "import_max"),
        ({"ramp_dispatch": 0}, "ramp_dispatch"),
        ({"life": {"setpoint": 1801}}, "life.setpoint"),
        ({"life": {"schedule": 172_801}}, "life.schedule"),
        ({"life": {"trip": 1}}, "life.trip"),
        ({"droop": []}, "droop"),
        ({"droop": {**BOUNDS["droop"], "slope": 0}}, "droop.slope"),
    ],
)
def test_bounds_that_make_no_sense_are_a_fault(members, where):
    assert faults_in(bounds_of, {**BOUNDS, **members}) == [where]


def test_the_longest_life_of_each_kind_is_that_of_the_contract():
    assert Lives().of(Kind.SETPOINT) == 30 * 60_000
    assert Lives().of(Kind.SCHEDULE) == 48 * 3_600_000


@pytest.mark.parametrize("name", [n for n in TRUST["keys"][0] if n != "revoked"])
def test_a_member_of_a_key_that_is_missing_is_a_fault(name):
    table = {**TRUST, "keys": [without(TRUST["keys"][0], name)]}
    assert faults_in(trust_of, table) == ([] if name == "start_delay_max_s" else [f"keys.0.{name}"])


@pytest.mark.parametrize(
    ("table", "where"),
    [
        (key_with(may=["setpoint"]), "keys.0.may"),
        (key_with(may=["stop:fcr"]), "keys.0.may"),
        (key_with(may=[]), "keys.0.may"),
        (key_with(may=[["stop"]]), "keys.0.may.0"),
        (key_with(public="x" * 42), "keys.0.public"),
        (key_with(public="_" * 43), "keys.0.public"),
        (key_with(valid_until=TRUST["keys"][0]["valid_from"]), "keys.0.valid_until"),
        (key_with(start_delay_max_s=0), "keys.0.start_delay_max_s"),
        (key_with(revoked=1), "keys.0.revoked"),
        (key_with(power_max=-1), "keys.0.power_max"),
        (key_with(kid="x"), "keys.0.kid"),
        ({**TRUST, "keys": TRUST["keys"] * 2}, "keys"),
        ({**TRUST, "keys": [1]}, "keys.0"),
        ({**TRUST, "all_keys": None}, "all_keys"),
    ],
)
def test_trust_that_makes_no_sense_is_a_fault(table, where):
    assert where in faults_in(trust_of, table)


def test_a_key_for_balancing_alone_may_start_without_delay():
    may = ["setpoint:fcr", "schedule:rr", "curtail"]
    assert faults_in(trust_of, key_with(may=may, start_delay_max_s=0)) == []


def keys_of_one_issuer(*periods):
    keys = [
        trusted_key(
            Signer(bytes([n]) * 32),
            valid_from=WallMs(NOW + start * DAY),
            valid_until=WallMs(NOW + end * DAY),
            revoked=revoked,
        )
        for n, (start, end, revoked) in enumerate(periods)
    ]
    return json.loads(trust_payload(trust(keys=tuple(keys))))


def test_two_keys_of_one_issuer_may_overlap_and_a_third_may_not():
    assert faults_in(trust_of, keys_of_one_issuer((0, 9, False), (5, 20, False))) == []
    row = ((0, 9, False), (5, 20, False), (9, 30, False))
    assert faults_in(trust_of, keys_of_one_issuer(*row)) == []
    assert faults_in(trust_of, keys_of_one_issuer(*row[:2], (8, 30, False))) == ["keys"]
    assert faults_in(trust_of, keys_of_one_issuer(*row[:2], (8, 30, True))) == []


def test_a_key_permits_what_it_may_and_nothing_else():
    key = trusted_key(may=frozenset(trusted_key().may - {("x",)}))
    assert key.permits(setpoint(product=Product.FCR))
    none = trusted_key(may=frozenset())
    assert not none.permits(setpoint(product=Product.FCR))


def test_a_key_is_valid_from_its_first_moment_to_before_its_last():
    key = trusted_key(valid_from=WallMs(NOW), valid_until=WallMs(NOW + 10))
    assert [key.valid_at(WallMs(NOW + n)) for n in (-1, 0, 9, 10)] == [False, True, True, False]
