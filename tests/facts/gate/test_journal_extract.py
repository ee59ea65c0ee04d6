"""An extract can be checked alone, carries only what was asked for, and is read in one spelling."""

from __future__ import annotations

import re

import pytest

from sekisho.codec.strict_json import Malformed
from sekisho.evidence.chain import GENESIS, BrokenLink, Missing, chained, check
from sekisho.evidence.checkpoint import Checkpoint, opened_each
from sekisho.gate.journal.entries import Entry
from sekisho.gate.journal.extract import BEGIN, END, NoExtract, extract, opened_extract
from sekisho.gate.journal.form import read_entry
from sekisho.gate.journal.judgement import Judgement
from sekisho.gate.journal.log import Log, row_of
from sekisho.gate.journal.select import Wanted, last_of, range_of
from sekisho.terms.quantity import WallMs
from sekisho.terms.verdict import Verdict
from tools.generated.journal_sample import SIGNER, journal, story

LOG, MARKS = journal()


def taken(first: int, last: int, marks=MARKS, *, embedded=False) -> bytes:
    """An extract of the sample."""
    return b"".join(extract(LOG, first, last, marks, embedded=embedded))


def judged(content: bytes, key: bytes | None = SIGNER.public) -> Judgement:
    """The extract, checked."""
    log = opened_extract("x", content)
    rows = list(log.rows(log.base.number + 1, log.last))
    found = check(
        (row.link for row in rows), opened_each(log.tokens, key), base=log.base, whole=False
    )
    return Judgement(
        name="x",
        checked=found,
        last=max(row.number for row in rows if row.entry is not None),
        whole=False,
        key=key is not None,
        witness=False,
    )


@pytest.mark.parametrize(("first", "last"), [(1, 20), (1, 1), (6, 9), (13, 13), (18, 20)])
def test_any_part_of_a_journal_is_verified_alone(first, last):
    found = judged(taken(first, last))
    assert found.verdict is Verdict.MET
    assert found.last == last
    assert found.checked.signed_to >= last


def test_only_the_entries_asked_for_stand_in_it():
    log = opened_extract("x", taken(6, 9))
    rows = list(log.rows(6, 100))
    assert [row.number for row in rows if row.entry is not None] == [6, 7, 8, 9]
    assert [row.number for row in rows if row.entry is None] == [10, 11, 12, 13]


def test_an_extract_of_an_extract_holds():
    log = opened_extract("x", taken(3, 15))
    marks = [m for m in opened_each(log.tokens, None) if isinstance(m, Checkpoint)]
    assert judged(b"".join(extract(log, 6, 9, marks))) == judged(taken(6, 9))


def test_without_a_key_or_witness_nothing_ties_it_to_the_gate():
    assert judged(taken(6, 9), None).verdict is Verdict.UNDETERMINED


def test_entries_after_the_last_checkpoint_are_not_tied_to_the_gate():
    found = judged(taken(15, 18, MARKS[:3]))
    assert found.verdict is Verdict.UNDETERMINED
    assert found.covered == 17


def test_an_entry_that_was_changed_is_named():
    content = taken(6, 9).replace(b'"power":50000000', b'"power":49000000', 1)
    assert judged(content).checked.findings == (BrokenLink(6),)


def test_an_entry_that_was_left_out_is_named():
    lines = taken(6, 9).splitlines(keepends=True)
    assert judged(b"".join(lines[:2] + lines[3:])).checked.findings == (Missing(7, 7),)


def test_a_checkpoint_of_another_gate_does_not_count():
    found = judged(taken(6, 9), bytes(31) + b"\x01")
    assert found.verdict is Verdict.BROKEN


@pytest.mark.parametrize("place", range(0, len(taken(12, 13)), 7))
def test_no_byte_can_be_changed(place):
    content = bytearray(taken(12, 13))
    content[place] ^= 0x01
    try:
        verdict = judged(bytes(content)).verdict
    except (NoExtract, ValueError):
        return
    assert verdict is not Verdict.MET


def test_the_lines_in_a_page_are_found_and_cannot_end_its_comment():
    evil = b"--><script>alert(1)</script>"
    entry = b'{"behind":false,"body":{"what":"%s"},"boot":1,"kind":"alarm","wall":1}' % evil
    tip = chained(GENESIS, entry)
    log = Log(
        name="x",
        base=GENESIS,
        last=1,
        tokens=(),
        whole=True,
        rows=lambda *_: iter([row_of(1, entry, tip.digest)]),
    )
    data = b"".join(extract(log, 1, 1, [], embedded=True))
    assert b">" not in data
    page = b"<p>" + BEGIN + b"</p>\n<!--\n" + BEGIN + b"\n" + data + END + b"\n-->\n"
    read = opened_extract("x", page)
    (row,) = read.rows(1, 1)
    assert row.entry == entry
    assert row.digest == tip.digest


def test_an_extract_in_a_page_is_the_same_extract():
    page = b"text\n\n" + BEGIN + b"\n" + taken(6, 9, embedded=True) + END + b"\n"
    assert judged(page) == judged(taken(6, 9))


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 0),
        (b"hello\n", 1),
        (b'{"sekisho":"other"}\n', 1),
        (taken(6, 9)[:-1], 11),
        (taken(6, 9)[:-40], 11),
        (taken(6, 9) + b"{}\n", 12),
        (taken(6, 9).replace(b'{"digest"', b'{ "digest"', 1), 1),
        (taken(6, 9).replace(b'"n":7', b'"n":7.0', 1), 3),
        (BEGIN + b"\n" + taken(6, 9), 0),
    ],
)
def test_what_is_no_extract_is_told_with_its_line(content, line):
    with pytest.raises(NoExtract) as caught:
        opened_extract("x", content)
    assert caught.value.line == line


def test_an_extract_needs_entries_that_can_be_read():
    broken = Log(
        name="x",
        base=LOG.base,
        last=1,
        tokens=(),
        whole=True,
        rows=lambda *_: iter([row_of(1, b"{ }", bytes(32))]),
    )
    with pytest.raises(Malformed):
        list(extract(broken, 1, 1, []))


def test_entries_are_chosen_by_time_and_kind():
    entries = [read_entry(row.entry or b"") for row in LOG.rows(1, 20)]
    walls = [entry.wall for entry in entries if isinstance(entry, Entry)]
    since, until = WallMs(walls[8]), WallMs(walls[13])
    rows, count = last_of(LOG, Wanted(since=since, until=until), 3)
    assert ([row.number for row in rows], count) == ([11, 12, 13], 5)
    assert range_of(LOG, Wanted(since=since, until=until)) == (9, 13)
    assert range_of(LOG, Wanted(since=WallMs(walls[-1] + 1))) is None
    alarms = {kind for _, kind, _, _ in story() if kind.value in {"alarm", "cleared"}}
    rows, count = last_of(LOG, Wanted(kinds=tuple(alarms)), 100)
    assert ([row.number for row in rows], count) == ([13, 18], 2)
    rows, count = last_of(LOG, Wanted(), 4)
    assert ([row.number for row in rows], count) == ([17, 18, 19, 20], 20)


def test_a_time_in_the_body_is_not_taken_for_the_time_of_the_entry():
    entry = b'{"behind":false,"body":{"wall":5},"boot":1,"kind":"alarm","wall":77}'
    log = Log(
        name="x",
        base=LOG.base,
        last=1,
        tokens=(),
        whole=True,
        rows=lambda *_: iter([row_of(1, entry, bytes(32))]),
    )
    assert range_of(log, Wanted(since=WallMs(77), until=WallMs(78))) == (1, 1)
    assert range_of(log, Wanted(until=WallMs(77))) is None
    assert re.search(rb"77\}\Z", entry)
