"""Every entry has canonical bytes, comes back from them, and says what it is in both languages."""

from __future__ import annotations

from string import Formatter

import pytest

from sekisho.codec.decision import Reason
from sekisho.codec.strict_json import Malformed
from sekisho.gate.failures import Failure
from sekisho.gate.image import WatchdogState
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.gate.journal.form import MOST_ENTRY_BYTES, Unknown, entry_bytes, read_entry
from sekisho.gate.journal.member_words import MEMBERS
from sekisho.gate.journal.said import TEMPLATES, jst, said
from sekisho.gate.journal.words import WORDS
from sekisho.gate.restart import Why
from sekisho.gate.state import Alarm, Latch
from sekisho.terms.quantity import BootMs, WallMs
from tools.generated import journal_sample


def entry(kind: EntryKind, *, behind: bool = False, **body) -> Entry:
    """An entry of one moment."""
    return Entry(
        kind=kind, wall=WallMs(1_809_921_600_001), boot=BootMs(5), body=body, behind=behind
    )


def test_the_bytes_of_an_entry_are_these():
    data = entry_bytes(entry(EntryKind.ALARM, behind=True, what="関所", n=None))
    assert data == (
        b'{"behind":true,"body":{"n":null,"what":"\\u95a2\\u6240"},"boot":5,"kind":"alarm",'
        b'"wall":1809921600001}'
    )


@pytest.mark.parametrize("kind", EntryKind)
def test_an_entry_comes_back_from_its_bytes(kind):
    one = entry(kind, text="x", count=-3, yes=True, none=None, inner={"a": 1})
    assert read_entry(entry_bytes(one)) == one


@pytest.mark.parametrize("value", [1.5, b"x", 2**60, object()])
def test_what_is_no_plain_value_is_not_written(value):
    with pytest.raises(Malformed):
        entry_bytes(entry(EntryKind.ALARM, what=value))


def test_a_text_full_of_brackets_is_written():
    one = entry(EntryKind.DECISION, detail="{[" * 5_000)
    assert read_entry(entry_bytes(one)) == one


def test_an_entry_that_is_too_large_is_not_written():
    with pytest.raises(Malformed):
        entry_bytes(entry(EntryKind.ALARM, what="x" * MOST_ENTRY_BYTES))


@pytest.mark.parametrize(
    "data",
    [
        b'{"behind":false,"body":{},"boot":5,"kind":"later","wall":1}',
        b'{"behind":false,"body":{},"boot":5,"kind":["alarm"],"wall":1}',
        b'{"behind":0,"body":{},"boot":5,"kind":"alarm","wall":1}',
        b'{"behind":false,"body":[],"boot":5,"kind":"alarm","wall":1}',
        b'{"behind":false,"body":{},"boot":true,"kind":"alarm","wall":1}',
        b'{"body":{},"boot":5,"kind":"alarm","wall":1}',
    ],
)
def test_an_entry_of_another_version_is_kept_as_it_is(data):
    assert isinstance(read_entry(data), Unknown)


@pytest.mark.parametrize("kind", EntryKind)
def test_every_kind_has_a_sentence_with_the_same_members_in_both_languages(kind):
    template = TEMPLATES[kind]
    fields = [
        sorted(name for _, name, _, _ in Formatter().parse(said) if name)
        for said in (template.ja, template.en)
    ]
    assert fields[0] == fields[1]
    bare = said(entry(kind))
    assert bare.ja.strip()
    assert bare.en.strip()
    assert "None" not in bare.en


@pytest.mark.parametrize(
    ("member", "words"),
    [
        ("what", [*Latch, *Alarm, *Failure]),
        ("reason", list(Reason)),
        ("state", list(WatchdogState)),
        ("why", list(Why)),
    ],
)
def test_every_word_of_the_gate_has_a_name_in_both_languages(member, words):
    assert [word for word in words if word.value not in WORDS[member]] == []


def test_a_sentence_tells_what_the_body_holds_and_hides_only_evidence_for_machines():
    one = entry(
        EntryKind.DECISION,
        command="c-1",
        issuer="agg",
        asked="setpoint",
        outcome="refused",
        reason="expired",
        asked_power=-5_000_000,
        expires_at=1_809_921_600_001,
        powers=(1_000, -2_000),
        urgent=True,
        product=None,
        signed="eyJ…",
    )
    assert said(one).en == (
        "The set-point c-1 of agg was refused. It has expired. (power asked for: -5,000,000 W, "
        "expires at: 2027-05-10 13:00:00.001, powers: 1,000 W -2,000 W, urgent: yes)"
    )
    assert said(one).ja.startswith(
        "agg の設定値 c-1 を断りました。期限が過ぎています。(求められた電力: -5,000,000 W、有効期限: "
    )


@pytest.mark.parametrize("reason", ["password", "code", "one-time-code", "token", "role engineer"])
def test_why_something_was_done_on_the_pages_is_said_in_both_languages(reason):
    told = said(entry(EntryKind.ADMIN, what="admin-sign-in-failed", reason=reason)).ja
    assert reason not in told
    assert "理由: " in told


def test_what_was_commissioned_is_told_device_by_device():
    one = entry(EntryKind.COMMISSIONED, passed=True, moved={"pcs-1": 20_000, "pcs-2": None})
    assert said(one).en.endswith("(passed: yes, moved: pcs-1 20000 pcs-2 None)")
    assert said(one).ja.endswith("(合格: はい、応答: pcs-1 20000 pcs-2 None)")


def test_every_member_has_a_name_in_both_languages():
    assert [name for name, said_of in MEMBERS.items() if said_of.ja.isascii()] == []
    bodies = [body for _, _, body, _ in journal_sample.story()]
    in_sentence = {
        name for one in TEMPLATES.values() for _, name, _, _ in Formatter().parse(one.ja)
    }
    told = {name for body in bodies for name in body} - in_sentence - {"signed", "digest", "kid"}
    assert told
    assert told - set(MEMBERS) == set()


def test_what_was_done_first_and_written_afterwards_says_so():
    said_of = said(entry(EntryKind.LATCHED, behind=True, what="local-stop"))
    assert (
        said_of.en == "Latched until it is released: local stop. (done first, written afterwards)"
    )


def test_a_body_cannot_play_with_the_template():
    one = entry(EntryKind.ALARM, what="{device} {0} {", device="{what}")
    assert said(one).en == "Alarm: {device} {0} {. (device: {what})"


def test_a_time_beyond_the_calendar_is_shown_as_its_number():
    assert jst(2**53) == "9007199254740992 ms"
    assert jst(-1) == "1970-01-01 08:59:59.999"


def test_the_reserve_of_the_quota_is_for_these_kinds():
    assert entry(EntryKind.TRIP).safety
    assert not entry(EntryKind.SETPOINT, behind=True).safety
    assert not entry(EntryKind.DECISION).safety
    assert entry(EntryKind.DECISION, behind=True).safety  # a stop, or a tighter curtailment
