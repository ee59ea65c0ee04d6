"""A log that was changed is told from one that was not, and what was done to it is said."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sekisho.codec.jws import Signer, Typ
from sekisho.codec.strict_json import Malformed
from sekisho.evidence.canonical import read, written
from sekisho.evidence.chain import (
    GENESIS,
    MOST_FINDINGS,
    BadCheckpoint,
    BrokenLink,
    CutTail,
    Link,
    Missing,
    OutOfOrder,
    Rechained,
    Source,
    Tip,
    chained,
    check,
    leaf_of,
)
from sekisho.evidence.checkpoint import Checkpoint, make, opened
from sekisho.terms.ids import SiteId
from sekisho.terms.quantity import WallMs

GATE = Signer(bytes(range(32)))
SITE = SiteId("kushiro-1")
THIEF = Signer(bytes(32))


def log(*entries: bytes, base: Tip = GENESIS) -> list[Link]:
    """Entries, chained."""
    links, tip = [], base
    for entry in entries:
        tip = chained(tip, entry)
        links.append(Link(tip.number, leaf_of(entry), tip.digest))
    return links


TEN = log(*(b"entry %d" % n for n in range(1, 11)))


def seen(links: list[Link], count: int, signer: Signer = GATE) -> Checkpoint:
    """A checkpoint of the log when it had so many entries."""
    tip = GENESIS if count == 0 else Tip(count, links[count - 1].digest)
    return make(tip, WallMs(1_800_000_000_000), SITE, signer.sign)


def test_a_log_as_it_was_written_holds():
    found = check(TEN, [seen(TEN, 4), seen(TEN, 9)], [seen(TEN, 6)])
    assert found.findings == ()
    assert found.tip == Tip(10, TEN[-1].digest)
    assert (found.entries, found.signed_to, found.witnessed_to) == (10, 9, 6)


def test_an_empty_log_holds():
    assert check([], [seen([], 0)]).findings == ()


def test_an_entry_that_was_changed_is_named():
    forged = [replace(link, leaf=leaf_of(b"x")) if link.number == 4 else link for link in TEN]
    assert check(forged, []).findings == (BrokenLink(4),)


def test_an_entry_and_its_digest_that_were_changed_break_the_next_link():
    other = log(*(b"entry %d" % n for n in range(1, 4)), b"other")
    assert check([*other, *TEN[4:]], []).findings == (BrokenLink(5),)


def test_entries_that_are_missing_are_named():
    assert check([*TEN[:2], *TEN[5:]], []).findings == (Missing(3, 5),)


def test_a_log_without_its_beginning_lacks_it():
    assert check(TEN[3:], []).findings == (Missing(1, 3),)


def test_entries_that_changed_places_are_named():
    found = check([TEN[0], TEN[2], TEN[1], *TEN[3:]], [])
    assert found.findings == (Missing(2, 2), OutOfOrder(2))


def test_a_cut_tail_is_found_by_who_saw_more():
    found = check(TEN[:7], [seen(TEN, 5)], [seen(TEN, 5), seen(TEN, 9)])
    assert found.findings == (CutTail(7, 9, Source.WITNESS),)
    assert found.witnessed_to == 5


def test_a_cut_tail_is_found_by_a_checkpoint_that_was_left_beside_it():
    assert check(TEN[:7], [seen(TEN, 8)]).findings == (CutTail(7, 8, Source.OWN),)


def test_a_log_that_is_gone_is_a_cut_tail():
    assert check([], [], [seen(TEN, 9)]).findings == (CutTail(0, 9, Source.WITNESS),)


def test_a_log_chained_anew_with_the_stolen_key_is_found_by_the_witness_alone():
    forged = log(*(b"entry %d" % n for n in range(1, 4)), *[b"forged"] * 7)
    own = [seen(forged, 5), seen(forged, 10)]
    assert check(forged, own).findings == ()
    found = check(forged, own, [seen(TEN, 2), seen(TEN, 6)])
    assert found.findings == (Rechained(6, Source.WITNESS),)
    assert found.witnessed_to == 2


def test_a_log_chained_anew_beside_the_old_checkpoints_is_found():
    forged = log(*[b"forged"] * 10)
    assert check(forged, [seen(TEN, 4)]).findings == (Rechained(4, Source.OWN),)


def test_an_extract_is_not_cut_by_a_witness_of_more():
    found = check(
        TEN[3:7], [], [seen(TEN, 5), seen(TEN, 9)], base=Tip(3, TEN[2].digest), whole=False
    )
    assert found.findings == ()
    assert found.witnessed_to == 5


def test_an_extract_is_held_against_the_witness_at_its_beginning():
    forged = log(b"forged", base=Tip(3, bytes(32)))
    found = check(forged, [], [seen(TEN, 3)], base=Tip(3, bytes(32)), whole=False)
    assert found.findings == (Rechained(3, Source.WITNESS),)


def test_a_checkpoint_of_another_key_is_none():
    token = seen(TEN, 4, THIEF).token
    assert opened(token, GATE.public) == "signature"
    found = check(TEN, [opened(token, GATE.public)])
    assert found.findings == (BadCheckpoint(1, Source.OWN, "signature"),)
    assert found.signed_to == 0


def test_a_checkpoint_comes_back_as_it_was_made():
    made = seen(TEN, 4)
    assert opened(made.token, GATE.public) == replace(made, verified=True)
    assert opened(made.token, None) == made


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"entries": -1},
        {"entries": True},
        {"entries": 1.0},
        {"head": "00" * 31},
        {"head": "AA" * 32},
        {"head": "zz" * 32},
        {"head": 1},
        {"at": 5},
        {"site": "a site"},
        {"more": 1},
    ],
)
def test_a_signed_payload_of_another_form_is_no_checkpoint(payload):
    whole = {"site": "s", "at": "2027-05-10T04:00:00Z", "entries": 4, "head": "00" * 32}
    spelled = json.dumps(whole | payload if payload else {}).encode()
    assert opened(GATE.sign(spelled, Typ.CHECKPOINT), GATE.public) == "payload"
    good = GATE.sign(json.dumps(whole).encode(), Typ.CHECKPOINT)
    assert isinstance(opened(good, GATE.public), Checkpoint)


def test_a_checkpoint_of_a_gate_whose_clock_was_never_set_can_be_read():
    made = make(GENESIS, WallMs(5), SITE, GATE.sign)
    assert opened(made.token, GATE.public) == replace(made, verified=True)


def test_a_signature_for_another_thing_is_none_for_a_checkpoint():
    token = GATE.sign(b"{}", Typ.DECISION)
    assert opened(token, GATE.public) == "form"


def test_so_many_findings_are_told_and_the_rest_counted():
    forged = [replace(link, leaf=bytes(32)) for link in log(*[b"x"] * (MOST_FINDINGS + 5))]
    found = check(forged, [])
    assert (len(found.findings), found.unsaid) == (MOST_FINDINGS, 5)


def test_the_chain_begins_and_goes_on_as_published():
    tip = chained(GENESIS, b'{"a":1}')
    assert GENESIS.digest.hex() == (
        "413e26c6f700be794e3e3ad30f3b5391ed5da46c865fd1c2fbda77edd9844b06"
    )
    assert tip.digest.hex() == "4653d90eda266b13d91f4f314720c1061ba531603a56dd35eb0a63c0df3e4979"


@pytest.mark.parametrize(
    "value", [1.0, 2**53, -(2**53), b"x", {1: 2}, {"a": object()}, float("nan")]
)
def test_what_two_readers_could_read_differently_is_not_written(value):
    with pytest.raises(Malformed):
        written({"value": value})


def test_what_was_written_is_read_in_no_other_spelling():
    value = {"b": [True, None, "関所\n"], "a": {"n": -5}}
    data = written(value)
    assert data == b'{"a":{"n":-5},"b":[true,null,"\\u95a2\\u6240\\n"]}'
    assert read(data) == value
    for other in (b" " + data, data.replace(b'"n"', b'"\\u006e"'), b"[1]", b"{", b"\xff", b""):
        with pytest.raises(Malformed):
            read(other)
