"""Whatever is written is read back the same, and whatever was touched is refused."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sekisho.codec.bounds_document import bounds_payload
from sekisho.codec.claims import claims_of, read_claims
from sekisho.codec.jws import Typ, open_document, open_envelope, verify
from sekisho.codec.members import instant, written
from sekisho.codec.signed_document import read_bounds, read_trust
from sekisho.codec.strict_json import Malformed, base64url, unbase64
from sekisho.codec.trust_document import trust_payload
from sekisho.terms.errors import InputError
from tests.orders import AGGREGATOR, AUTHORITY, commands, every_bounds, setpoint, trusts

SIGNED = AGGREGATOR.sign(claims_of(setpoint()), Typ.COMMAND)


def obeyed(raw):
    """The command, if these bytes would be believed."""
    try:
        opened = open_envelope(raw)
    except Malformed:
        return None
    return read_claims(opened.payload) if verify(opened, AGGREGATOR.public) else None


@given(commands())
def test_a_command_is_read_back_as_it_was_written(command):
    assert read_claims(claims_of(command)) == command


@given(commands())
def test_a_signed_command_is_believed(command):
    assert obeyed(AGGREGATOR.sign(claims_of(command), Typ.COMMAND)) == command


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_a_signed_command_with_any_byte_changed_is_refused(place, change):
    touched = bytearray(SIGNED)
    touched[place] ^= change
    assert obeyed(bytes(touched)) is None


@given(st.integers(0, len(SIGNED)), st.binary(min_size=1, max_size=20))
def test_a_signed_command_with_anything_put_in_is_refused(place, more):
    assert obeyed(SIGNED[:place] + more + SIGNED[place:]) is None


@given(st.integers(0, len(SIGNED) - 1))
def test_a_signed_command_cut_anywhere_is_refused(end):
    assert obeyed(SIGNED[:end]) is None


@given(st.binary(max_size=200))
def test_bytes_are_read_or_malformed_and_nothing_else(data):
    with contextlib.suppress(Malformed):
        open_envelope(data)
    with contextlib.suppress(Malformed):
        read_claims(data)
    with pytest.raises(InputError):
        read_trust(data, AUTHORITY.public, "file")
    with pytest.raises(InputError):
        read_bounds(data, AUTHORITY.public, "file")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=20,
)
_CLAIMS = json.loads(claims_of(setpoint()))


@given(st.sampled_from(sorted(_CLAIMS)), _JSON)
def test_a_claim_of_any_json_is_read_or_malformed(name, value):
    data = json.dumps({**_CLAIMS, name: value}).encode()
    with contextlib.suppress(Malformed):
        read_claims(data)


@given(trusts())
def test_trust_is_read_back_as_it_was_signed(trust):
    data = AUTHORITY.sign_document(trust_payload(trust), Typ.TRUST)
    assert read_trust(data, AUTHORITY.public, "trust.json") == trust


@given(every_bounds())
def test_bounds_are_read_back_as_they_were_signed(bounds):
    data = AUTHORITY.sign_document(bounds_payload(bounds), Typ.BOUNDS)
    assert read_bounds(data, AUTHORITY.public, "bounds.json") == bounds


@given(st.integers(0, 10**6), st.integers(1, 255))
def test_a_signed_document_with_any_byte_changed_is_refused(place, change):
    data = AUTHORITY.sign_document(b'{"a":1}', Typ.TRUST).rstrip()
    touched = bytearray(data)
    touched[place % len(data)] ^= change
    with contextlib.suppress(Malformed):
        assert not verify(open_document(bytes(touched), Typ.TRUST), AUTHORITY.public)


@given(st.binary(max_size=64))
def test_base64url_has_one_spelling(value):
    assert unbase64(base64url(value)) == value


@given(st.integers(1_577_836_800_000, 7_258_118_400_000))
def test_a_time_is_read_back_as_it_was_written(moment):
    assert instant(written(moment)) == moment


@given(st.text(max_size=30))
@example("2026-11-24T00:00:60Z")
@example("2026-11-24T24:00:00Z")
@example("2026-11-24T00:00:00+00:00")
@example("2026-11-24t00:00:00z")
@example("2026-11-24T00:00:00.0001Z")
@example("2026-02-30T00:00:00Z")
@example("2019-12-31T23:59:59Z")
@example("２026-11-24T00:00:00Z")
def test_what_is_no_time_of_ours_is_none(text):
    assert instant(text) is None
