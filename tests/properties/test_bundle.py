"""A bundle reads as it was written, and a change of any byte is found."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sekisho.codec.jws import Signer, Typ
from sekisho.codec.strict_json import Malformed, base64url, canonical, unbase64
from sekisho.evidence import bundle as files
from sekisho.evidence.bundle import (
    KnownSigner,
    UnknownSigner,
    Unsigned,
    counts,
    digest_of,
    opened,
    sealed,
)
from sekisho.evidence.observation import Bundle, Record
from sekisho.evidence.observation_paper import NotDone
from sekisho.evidence.observation_words import ObservationKind, WhyNot
from sekisho.terms.quantity import WallMs
from tests.observed import KINDS, bundles

SIGNER = Signer(bytes(range(32)))
OTHER = Signer(bytes(32))
SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck))


def small(**changed):
    record = Record(
        at=WallMs(0),
        program="p",
        method="m",
        target="t",
        transcript=digest_of(b"seen"),
        observed=NotDone(what=ObservationKind.ROUTES, why=WhyNot.DRY_RUN),
    )
    if "target" in changed:
        record = replace(record, target=changed["target"])
    whole = Bundle(
        target="t", profile="", program="p", began=WallMs(0), ended=WallMs(1), records=(record,)
    )
    return replace(whole, **changed)


def unsigned_with(change):
    """An unsigned bundle whose payload was changed as JSON, in the right spelling."""
    outer = json.loads(sealed(small(), [b"seen"], None))
    payload = json.loads(unbase64(outer["payload"].encode()))
    change(outer, payload)
    outer["payload"] = base64url(canonical(payload)).decode()
    return canonical(outer) + b"\n"


def test_a_record_about_another_device_is_no_part_of_a_bundle() -> None:
    def others(_, payload):
        payload["bundle"]["records"][0]["target"] = "u"

    with pytest.raises(Malformed, match="another device"):
        opened(unsigned_with(others), [])


def test_kinds_are_those_of_the_union() -> None:
    kinds = [kind.__dataclass_fields__["kind"].default for kind in KINDS]
    assert sorted(kinds) == sorted(ObservationKind)


@SLOW
@given(bundles(), st.sampled_from([None, SIGNER]))
def test_a_bundle_reads_as_it_was_written(made, signer) -> None:
    whole, blobs = made
    data = sealed(whole, blobs, signer)
    found = opened(data, [SIGNER.public])
    assert found.bundle == whole
    assert sorted(found.blobs.values()) == sorted(blobs)
    assert found.signature == (Unsigned() if signer is None else KnownSigner(SIGNER.kid))
    assert found.sha256 == digest_of(data)


@settings(SLOW, max_examples=200)
@given(bundles(), st.data())
def test_a_changed_byte_is_found(made, data) -> None:
    whole, blobs = made
    file = bytearray(sealed(whole, blobs, SIGNER))
    place = data.draw(st.integers(0, len(file) - 1))
    file[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Malformed):
        opened(bytes(file), [SIGNER.public])


@SLOW
@given(st.binary(max_size=300))
def test_what_is_no_bundle_is_refused_and_nothing_else_happens(data) -> None:
    with pytest.raises(Malformed):
        opened(data, [SIGNER.public])


def test_an_unknown_signer_is_told_and_does_not_count() -> None:
    found = opened(sealed(small(), [b"seen"], OTHER), [SIGNER.public])
    assert found.signature == UnknownSigner(OTHER.kid)
    assert not counts(found.signature)
    assert not counts(Unsigned())
    assert counts(opened(sealed(small(), [b"seen"], SIGNER), [SIGNER.public]).signature)


def test_a_signature_of_another_key_than_the_named_one_is_refused() -> None:
    mine = json.loads(sealed(small(), [b"seen"], SIGNER))
    theirs = json.loads(sealed(small(target="u"), [b"seen"], SIGNER))
    mine["payload"] = theirs["payload"]
    with pytest.raises(Malformed, match="signature"):
        opened(canonical(mine) + b"\n", [SIGNER.public])


def test_a_bundle_whose_signature_was_taken_off_is_refused() -> None:
    outer = json.loads(sealed(small(), [b"seen"], SIGNER))
    bare = {"blobs": outer["blobs"], "payload": outer["payload"]}
    with pytest.raises(Malformed, match="names a signer"):
        opened(canonical(bare) + b"\n", [SIGNER.public])


@pytest.mark.parametrize(
    "change",
    [
        lambda _, payload: payload.update(more=1),
        lambda _, payload: payload.pop("signer"),
        lambda _, payload: payload.update(format="sekisho-bundle/2"),
        lambda _, payload: payload["bundle"]["records"][0].update(verdict="met"),
        lambda _, payload: payload["bundle"]["records"][0]["observed"].update(why="because"),
        lambda _, payload: payload["bundle"]["records"][0]["observed"].update(kind="verdict"),
        lambda _, payload: payload["bundle"]["records"][0].update(at="0"),
        lambda _, payload: payload["bundle"]["records"][0].update(transcript=None),
        lambda _, payload: payload["bundle"].update(target="t" * 201),
        lambda outer, _: outer["blobs"].clear(),
        lambda outer, _: outer["blobs"].update({digest_of(b"more"): "bW9yZQ"}),
    ],
)
def test_a_member_that_is_not_of_the_form_is_refused(change) -> None:
    assert opened(unsigned_with(lambda *_: None), []).signature == Unsigned()
    with pytest.raises(Malformed):
        opened(unsigned_with(change), [])


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b'"blobs":', b'"blobs": '),
        lambda data: data[:-1],
        lambda data: data[:-1] + b" ",
        lambda data: data.replace(b'"blobs":', b'"blobs":{},"blobs":'),
        lambda data: data.replace(b"c2Vlbg", b"c2Vlbw"),
        lambda data: data.replace(b"c2Vlbg", b"c2Vlbh"),
    ],
)
def test_another_spelling_or_another_blob_of_the_same_size_is_refused(change) -> None:
    data = sealed(small(), [b"seen"], SIGNER)
    assert change(data) != data
    with pytest.raises(Malformed):
        opened(change(data), [SIGNER.public])


def test_a_payload_in_another_spelling_is_refused_though_it_is_signed() -> None:
    outer = json.loads(sealed(small(), [b"seen"], SIGNER))
    payload = unbase64(outer["payload"].encode())
    for changed in (
        payload.replace(b'"began":0', b'"began":0,"began":0'),
        payload.replace(b'"began":0', b'"began":0.0'),
        payload.replace(b'"began":0', b'"began": 0'),
    ):
        assert changed != payload
        protected, body, mark = SIGNER.sign(changed, Typ.BUNDLE).decode().split(".")
        outer |= {"protected": protected, "payload": body, "signature": mark}
        with pytest.raises(Malformed):
            opened(canonical(outer) + b"\n", [SIGNER.public])


def test_a_blob_nobody_points_to_is_not_sealed() -> None:
    with pytest.raises(Malformed, match="belong"):
        sealed(small(), [b"seen", b"more"], SIGNER)
    with pytest.raises(Malformed, match="belong"):
        sealed(small(), [], SIGNER)


def test_sizes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    data = sealed(small(), [b"seen"], SIGNER)
    for name in ("MOST_BYTES", "MOST_PAYLOAD", "MOST_BLOB", "MOST_BLOBS", "MOST_RECORDS"):
        with monkeypatch.context() as patch:
            patch.setattr(files, name, 0)
            with pytest.raises(Malformed):
                opened(data, [SIGNER.public])
