"""The journal against crashes, and against somebody with the file and even with the gate's key.

What can be found is found: every changed, missing, added or moved entry, a cut end and a log chained anew
as far as a checkpoint reaches that the attacker could not change. What nobody could find, a log
written anew by a thief of the key where no witness saw it, is asserted as well, so that the limit that
the documentation states is the real one.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from typing_extensions import override

from sekisho.codec.jws import Signer
from sekisho.evidence.chain import GENESIS, Link, Rechained, Tip, chained, check
from sekisho.evidence.checkpoint import Checkpoint, make, opened_each
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.gate.journal.extract import NoExtract, extract, opened_extract
from sekisho.gate.journal.form import entry_bytes
from sekisho.gate.journal.log import Log, Row, row_of
from sekisho.shell.gate.journal_file import opened_journal
from sekisho.shell.gate.state_folder import STORE
from sekisho.shell.gate.store import Point, Store, Submitted
from sekisho.terms.errors import SekishoError
from sekisho.terms.ids import SiteId
from sekisho.terms.quantity import BootMs, WallMs
from tools.generated.journal_sample import SIGNER, journal

if TYPE_CHECKING:
    from collections.abc import Sequence

GATE = Signer(bytes(range(32)))
SITE = SiteId("kushiro-1")
LONG_S = 20.0
TEXTS = st.text(max_size=20)


def entry(text: str) -> Entry:
    """An entry that says this."""
    return Entry(kind=EntryKind.ALARM, wall=WallMs(1), boot=BootMs(1), body={"what": text})


class Halting(Store):
    """A store whose commits can be halted before they begin."""

    def __init__(self, folder: Path) -> None:
        self.free = threading.Event()
        self.free.set()
        super().__init__(folder)

    @override
    def _reached(self, point: Point) -> None:
        if point is Point.BEGUN:
            assert self.free.wait(LONG_S)


def rows_of(folder: Path) -> tuple[list[Row], tuple[bytes, ...]]:
    """What is on the disk."""
    with opened_journal(folder / STORE) as log:
        return list(log.rows(1, log.last)), log.tokens


class Journal(RuleBasedStateMachine):
    """A gate that writes, crashes and comes back; and at any time somebody with the file."""

    @initialize()
    def begin(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="sekisho-journal-"))
        self.lives = 0
        self.written: list[bytes] = []
        """Entries that were acknowledged."""
        self.witness: list[Checkpoint] = []
        self.store = Halting(self.folder)

    @property
    def folder(self) -> Path:
        folder = self.place / str(self.lives)
        folder.mkdir(exist_ok=True)
        return folder

    @rule(texts=st.lists(TEXTS, max_size=8))
    def append(self, texts: list[str]) -> None:
        entries = [entry(text) for text in texts]
        durable = str(len(self.written) + len(entries)).encode()
        sent = self.store.submit(entries, durable, BootMs(0))
        assert isinstance(sent, Submitted)
        assert sent.first == len(self.written) + 1
        self.written += map(entry_bytes, entries)
        assert sent.done.result(LONG_S) == len(self.written)

    @rule(kept=st.booleans(), seen=st.booleans())
    def vouch(self, kept: bool, seen: bool) -> None:
        mark = make(self.store.committed, WallMs(len(self.witness) * 3_600_000), SITE, GATE.sign)
        if kept:
            self.store.keep_checkpoint(mark)
            sent = self.store.submit((), None, BootMs(0))
            assert isinstance(sent, Submitted)
            sent.done.result(LONG_S)
        if seen:
            self.witness.append(mark)

    @rule(texts=st.lists(TEXTS, max_size=4))
    def crash(self, texts: list[str]) -> None:
        """The process dies with entries on their way; another one takes the folder over."""
        old, before = self.store, self.folder
        old.free.clear()
        old.submit([entry(text) for text in texts], b"-1", BootMs(0))
        self.lives += 1
        shutil.copytree(before, self.folder, dirs_exist_ok=True)
        old.free.set()
        assert old.close()
        self.store = Halting(self.folder)
        assert self.store.loaded.tip.number == len(self.written)
        if self.written:
            assert self.store.loaded.durable == str(len(self.written)).encode()

    @precondition(lambda self: self.written)
    @rule(data=st.data())
    def somebody_changes_it(self, data: st.DataObject) -> None:
        rows, tokens = rows_of(self.folder)
        changed = list(rows)
        at = data.draw(st.integers(0, len(rows) - 1))
        match data.draw(st.sampled_from(["entry", "digest", "gone", "twice", "moved"])):
            case "entry":
                other = flipped(data, rows[at].entry or b"")
                changed[at] = row_of(rows[at].number, other, rows[at].digest)
            case "digest":
                changed[at] = replace(rows[at], digest=flipped(data, rows[at].digest))
            case "gone" if at < len(rows) - 1:
                del changed[at]
            case "twice":
                changed.insert(at, rows[at])
            case _ if at < len(rows) - 1:
                changed[at], changed[at + 1] = rows[at + 1], rows[at]
        found = check((row.link for row in changed), opened_each(tokens, GATE.public), self.witness)
        assert bool(found.findings) == (changed != rows)

    @precondition(lambda self: self.written)
    @rule(data=st.data(), own=st.booleans())
    def somebody_cuts_the_end(self, data: st.DataObject, own: bool) -> None:
        """With the checkpoints that lie beside it, where `own`."""
        rows, tokens = rows_of(self.folder)
        end = data.draw(st.integers(0, len(rows) - 1))
        left = [c for c in opened_each(tokens, GATE.public) if isinstance(c, Checkpoint)]
        if own:
            left = [c for c in left if c.count <= end]
        found = check((row.link for row in rows[:end]), left, self.witness)
        most = max([c.count for c in (*left, *self.witness)], default=0)
        assert bool(found.findings) == (most > end)

    @precondition(lambda self: self.written)
    @rule(data=st.data(), text=TEXTS)
    def a_thief_of_the_key_writes_it_anew(self, data: st.DataObject, text: str) -> None:
        first = data.draw(st.integers(1, len(self.written)))
        forged = list(self.written)
        forged[first - 1] = entry_bytes(entry(text + "forged"))
        if forged == self.written:
            return
        links, tip = [], GENESIS
        for one in forged:
            tip = chained(tip, one)
            links.append(Link(tip.number, row_of(tip.number, one, tip.digest).leaf, tip.digest))
        own = [make(Tip(link.number, link.digest), WallMs(0), SITE, GATE.sign) for link in links]
        found = check(links, own, self.witness)
        seen = {c.count for c in self.witness if c.count >= first}
        assert {f.count for f in found.findings if isinstance(f, Rechained)} == seen
        assert bool(found.findings) == bool(seen)

    @invariant()
    def holds(self) -> None:
        if not hasattr(self, "store"):
            return
        rows, tokens = rows_of(self.folder)
        assert [row.entry for row in rows] == self.written
        found = check((row.link for row in rows), opened_each(tokens, GATE.public), self.witness)
        assert found.findings == ()

    @override
    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            shutil.rmtree(self.place)


def flipped(data: st.DataObject, value: bytes, where: Sequence[int] | None = None) -> bytes:
    """The value with one bit of one byte changed."""
    places = range(len(value)) if where is None else where
    at, bit = places[data.draw(st.integers(0, len(places) - 1))], data.draw(st.integers(0, 7))
    return value[:at] + bytes([value[at] ^ 1 << bit]) + value[at + 1 :]


TestJournal = Journal.TestCase
TestJournal.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)


def _database() -> bytes:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Store(folder) as store:
            for n in range(12):
                store.submit([entry(f"entry {n}")], b"durable", BootMs(0))
                if n % 4 == 3:
                    sent = store.submit((), None, BootMs(0))
                    assert isinstance(sent, Submitted)
                    sent.done.result(LONG_S)
                    store.keep_checkpoint(
                        make(store.committed, WallMs(n * 3_600_000), SITE, GATE.sign)
                    )
        return (folder / STORE).read_bytes()


DATABASE = _database()
CONTENT = [
    at
    for n in range(12)
    for at in range(
        DATABASE.index(entry_bytes(entry(f"entry {n}"))) - 4,
        DATABASE.index(entry_bytes(entry(f"entry {n}"))) + 120,
    )
]
"""Where the file holds entries and their digests."""


@settings(max_examples=400)
@given(data=st.data())
def test_a_database_with_one_changed_bit_reads_the_same_or_is_found(data):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / STORE).write_bytes(DATABASE)
        whole = rows_of(folder)
        where = data.draw(st.sampled_from([range(len(DATABASE)), CONTENT]))
        (folder / STORE).write_bytes(flipped(data, DATABASE, where))
        try:
            rows, tokens = rows_of(folder)
        except SekishoError:
            return
        with opened_journal(folder / STORE) as log:
            found = check(
                (row.link for row in rows), opened_each(tokens, GATE.public), base=log.base
            )
        assert (
            found.findings
            or (rows, tokens) == whole
            or _only_own_checkpoints_went(rows, tokens, whole)
        )


def _only_own_checkpoints_went(
    rows: list[Row], tokens: tuple[bytes, ...], whole: tuple[list[Row], tuple[bytes, ...]]
) -> bool:
    """What lies beside the journal can be taken away; the witness has it."""
    return rows == whole[0] and set(tokens) < set(whole[1])


SAMPLE, MARKS = journal()
EXTRACT = b"".join(extract(SAMPLE, 5, 11, MARKS))


@settings(max_examples=400)
@given(data=st.data())
def test_an_extract_with_one_changed_bit_is_found(data):
    try:
        log: Log = opened_extract("x", flipped(data, EXTRACT))
    except NoExtract:
        return
    found = check(
        (row.link for row in log.rows(log.base.number + 1, log.last)),
        opened_each(log.tokens, SIGNER.public),
        base=log.base,
        whole=False,
    )
    assert found.findings
