"""The way of a switch, and what its readers face, held against everything that may happen."""

import io
import zipfile
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from typing_extensions import override

from sekisho.codec.strict_json import Malformed
from sekisho.gate.update.admit import FLOORS, Offer, Standing, admit
from sekisho.gate.update.beat import beat_bytes, read_beat
from sekisho.gate.update.manifest import (
    FILE,
    Manifest,
    Part,
    Program,
    manifest_bytes,
    read_manifest,
    target_name,
    target_version,
)
from sekisho.gate.update.members import Member, agreed, plain_members
from sekisho.gate.update.reasons import SAID, Reason, Refused
from sekisho.gate.update.record import read_record, record_bytes
from sekisho.gate.update.steps import (
    BEFORE_SWITCH,
    TRIES,
    WAYS,
    Change,
    End,
    Outcome,
    Phase,
    Record,
    after,
    begun,
    end_of,
    going_back,
)
from sekisho.gate.update.told import Told, read_told, told_bytes
from sekisho.gate.update.version import Version, read_version
from sekisho.shell.update.archive import opened
from tests.releases import beat

VERSIONS = st.builds(Version, *[st.integers(0, 3)] * 3)
REASONS = st.sampled_from(Reason)
DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64)


class Switching(RuleBasedStateMachine):
    """A disk that holds the record, the link and the gate, and loses power wherever it likes.

    The machine does what the shell does: writes the record, does the act, asks the table. A power cut
    may come before the act, in the middle of it, or after it and before the next record.
    """

    def __init__(self):
        super().__init__()
        self.record: Any = Record()
        self.link = None
        self.whole = set()
        self.running = None
        self.good = set()
        self.highest = None
        self.ends = 0
        self.before: Any = None
        self.cuts = 0

    @initialize(version=VERSIONS)
    def factory(self, version):
        self.record = Record(current=version, highest=version)
        self.link = self.running = version
        self.whole, self.highest = {version}, version
        self.good = {version}

    @precondition(lambda self: self.record.change is None)
    @rule(version=VERSIONS, digest=DIGESTS, good=st.booleans())
    def offered(self, version, digest, good):
        manifest = Manifest(
            model="m",
            version=version,
            minimum=Version(0, 0, 0),
            program=Program.FILE,
            beat_s=5,
            files=(),
        )
        standing = Standing(
            model="m", current=self.record.current, highest=self.record.highest, failed=None
        )
        try:
            admit(Offer(manifest=manifest, digest=digest), standing, FLOORS)
        except Refused:
            return
        self.good = {self.record.current} | ({version} if good else set())
        self.before = self.record
        self.record = begun(self.record, version, digest, 5)
        self.cuts = 0

    @precondition(lambda self: self.record.change is None and self.record.previous is not None)
    @rule()
    def asked_back(self):
        self.good = {self.record.previous}
        self.before = self.record
        self.record = going_back(self.record, 5)
        self.cuts = 0

    @precondition(lambda self: self.record.change is not None)
    @rule(fails=st.sampled_from([None, None, None, Reason.TRIAL]))
    def acts(self, fails):
        """One act to its end."""
        phase = self.record.change.phase
        ok = self.act()
        may_fail = phase in BEFORE_SWITCH - {Phase.DISCARD} or phase in {Phase.STOP, Phase.POINT}
        if not ok or (fails and may_fail):
            self.next(Outcome.FAILED, fails or Reason.NOT_RUNNING)
        else:
            self.next(Outcome.DONE, None)

    @precondition(lambda self: self.record.change is not None)
    @rule(acted=st.booleans())
    def power_is_lost(self, acted):
        """Before the act, or after it and before anybody wrote that down; then the machine starts."""
        if acted:
            self.act()
        self.cuts += 1
        self.running = self.link  # the service manager starts whatever `current` points at
        self.next(Outcome.INTERRUPTED, None)

    def act(self):
        change = self.record.change
        match change.phase:
            case Phase.BUILD:
                self.whole.add(change.new)
            case Phase.STOP | Phase.BACK_STOP:
                self.running = None
            case Phase.POINT:
                self.link = change.new
            case Phase.BACK_POINT:
                self.link = change.old
            case Phase.START | Phase.BACK_START:
                self.running = self.link
            case Phase.WATCH:
                return change.new in self.good
            case Phase.DISCARD:
                self.whole -= {change.new} - {self.record.current, self.record.previous}
            case _:
                pass
        return True

    def next(self, outcome, why):
        later = after(self.record, outcome, why)
        assert read_record(record_bytes(later)) == later
        end = end_of(self.record, later)
        change = self.record.change
        self.record = later
        if end is None:
            return
        self.ends += 1
        match end:
            case End.NEW:
                assert (self.record.current, self.link, self.running) == (change.new,) * 3
                assert self.record.previous == change.old
                assert change.new in self.good
            case End.OLD:
                assert (self.record.current, self.link, self.running) == (change.old,) * 3
            case End.UNCHANGED:
                assert replace(self.record, seen=None) == replace(self.before, seen=None)
                assert self.link == self.before.current == self.running

    @invariant()
    def what_the_link_points_at_is_whole(self):
        assert self.link is None or self.link in self.whole

    @invariant()
    def the_floor_never_falls_and_covers_whatever_runs(self):
        if self.highest is not None:
            assert self.record.highest >= self.highest
        self.highest = self.record.highest
        if self.link is not None:
            assert self.link <= self.record.highest

    @invariant()
    def before_the_switch_nothing_that_runs_is_touched(self):
        change = self.record.change
        if change is not None and change.phase in BEFORE_SWITCH:
            assert self.link == self.running == self.before.current

    @invariant()
    def at_rest_the_record_is_what_is_there(self):
        if self.record.change is None:
            assert self.link == self.record.current == self.running

    @override
    def teardown(self):
        """Whatever was left: with no more harm it ends, soon, in the new version or the old one."""
        for _ in range(len(Phase) * (TRIES + 2)):
            if self.record.change is None:
                break
            ok = self.act()
            self.next(*((Outcome.DONE, None) if ok else (Outcome.FAILED, Reason.NOT_RUNNING)))
        assert self.record.change is None


TestSwitching = Switching.TestCase
TestSwitching.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


def test_a_start_that_kills_the_machine_is_not_tried_for_ever():
    record: Any = Record(current=Version(1, 0, 0), highest=Version(1, 0, 0))
    record = begun(record, Version(1, 1, 0), "a" * 64, 5)
    for _ in range(5):
        record = after(record, Outcome.DONE)
    assert record.change.phase is Phase.START
    starts = 0
    while record.change.phase in {Phase.START, Phase.WATCH}:
        starts += 1
        record = after(record, Outcome.DONE)
        record = after(record, Outcome.INTERRUPTED)
    assert starts == TRIES + 1
    assert (record.change.phase, record.change.why) == (Phase.BACK_STOP, Reason.INTERRUPTED)


def test_every_phase_has_its_ways_and_every_reason_its_sentence():
    assert set(WAYS) == set(Phase)
    assert set(SAID) == set(Reason)


# ---- readers that face an enemy -------------------------------------------------------------------

NAMES = st.from_regex(FILE, fullmatch=True)
PARTS = st.builds(
    lambda name, size, sha256: Part(name=name, size=size, sha256=sha256),
    NAMES,
    st.integers(0, 9),
    DIGESTS,
)


@st.composite
def manifests(draw):
    low, high = sorted(draw(st.tuples(VERSIONS, VERSIONS)))
    wheels = draw(
        st.lists(st.from_regex(r"wheels/[a-z]{1,9}\.whl", fullmatch=True), unique=True, max_size=5)
    )
    names = ["program"] if not wheels else sorted([*wheels, "requirements.txt"])
    return Manifest(
        model=draw(st.from_regex(r"[a-z][a-z0-9-]{0,9}[a-z]", fullmatch=True)),
        version=high,
        minimum=low,
        program=Program.WHEELS if wheels else Program.FILE,
        beat_s=draw(st.integers(5, 600)),
        files=tuple(
            Part(name=n, size=draw(st.integers(0, 99)), sha256=draw(DIGESTS)) for n in names
        ),
    )


@given(manifests())
def test_a_manifest_is_read_as_it_was_written(manifest):
    assert read_manifest(manifest_bytes(manifest)) == manifest
    assert (
        target_version(target_name(manifest.model, manifest.version), manifest.model)
        == manifest.version
    )


@given(manifests(), st.data())
def test_a_changed_byte_of_a_manifest_is_another_manifest_or_none(manifest, data):
    content = bytearray(manifest_bytes(manifest))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    try:
        found = read_manifest(bytes(content))
    except Malformed:
        return
    assert found != manifest
    assert manifest_bytes(found) == bytes(content)


@given(st.binary(max_size=300))
def test_nothing_but_malformed_comes_of_bytes(data):
    for read in (read_manifest, read_record, read_beat, read_told):
        with pytest.raises(Malformed):
            read(data)


@given(st.text(max_size=20))
def test_a_version_has_one_spelling(text):
    try:
        version = read_version(text)
    except ValueError:
        return
    assert str(version) == text


@given(st.lists(st.text(max_size=30), max_size=5))
def test_no_name_that_leads_elsewhere_passes(names):
    members = [
        Member(name=name, size=0, packed=0, method=0, system=3, attributes=0o100644 << 16, flags=0)
        for name in ["manifest.json", *names]
    ]
    try:
        plain_members(members)
    except Malformed:
        return
    for name in names:
        assert ".." not in name.split("/")
        assert not name.startswith(("/", "."))
        assert "\\" not in name
        assert "\0" not in name
        assert name.count("/") <= 1


@given(manifests(), st.integers(0, 8))
def test_an_archive_that_differs_from_its_manifest_is_refused(manifest, spoilt):
    def member(name, size):
        return Member(
            name=name,
            size=size,
            packed=size,
            method=0,
            system=3,
            attributes=0o100644 << 16,
            flags=0,
        )

    members = [member("manifest.json", 1), *(member(p.name, p.size) for p in manifest.files)]
    agreed(members, manifest)
    place = 1 + spoilt % len(manifest.files)
    other = members[place]
    for changed in (
        members[:place] + members[place + 1 :],
        [*members, member("more", 1)],
        [*members[:place], replace(other, size=other.size + 1), *members[place + 1 :]],
    ):
        with pytest.raises(Malformed):
            agreed(changed, manifest)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_is_done_to_an_archive_it_is_read_whole_or_refused(tmp_path_factory, data):
    """Bytes changed, cut out, doubled: no other exception, and never another content."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"  # of b"x"
        manifest = Manifest(
            model="m",
            version=Version(1, 0, 0),
            minimum=Version(0, 0, 0),
            program=Program.FILE,
            beat_s=5,
            files=(Part(name="program", size=1, sha256=digest),),
        )
        archive.writestr(zipfile.ZipInfo("manifest.json"), manifest_bytes(manifest))
        archive.writestr(zipfile.ZipInfo("program"), b"x")
    content = bytearray(out.getvalue())
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        match data.draw(st.sampled_from(["flip", "cut", "double"])):
            case "flip":
                content[at] ^= data.draw(st.integers(1, 255))
            case "cut":
                del content[at : at + data.draw(st.integers(1, 40))]
            case _:
                content[at:at] = content[at : at + 40]
        assume(content)
    path = tmp_path_factory.mktemp("archive") / "a.zip"
    path.write_bytes(content)
    with suppress(Refused), opened(path) as archive:
        archive.verify()
        assert archive.manifest == manifest


@given(
    st.builds(
        lambda n, old, why: Told(number=n, old=old, new="1.2.3", digest="", why=why),
        st.integers(1, 9),
        st.none() | st.just("1.0.0"),
        st.none() | REASONS.map(str),
    )
)
def test_what_is_told_is_read_as_it_was_written(told):
    assert read_told(told_bytes(told)) == told


@given(st.integers(0, 10**12), st.booleans())
def test_a_beat_is_read_as_it_was_written(number, rest):
    one = beat(boot=number, at_rest=rest)
    assert read_beat(beat_bytes(one)) == one


@given(VERSIONS, VERSIONS, VERSIONS, DIGESTS)
def test_no_signed_update_below_the_floor_is_admitted(version, current, other, digest):
    highest = max(current, other)
    manifest = Manifest(
        model="m",
        version=version,
        minimum=Version(0, 0, 0),
        program=Program.FILE,
        beat_s=5,
        files=(),
    )
    offer = Offer(manifest=manifest, digest=digest)
    standing = Standing(model="m", current=current, highest=highest, failed=None)
    if version < highest or version == current:
        with pytest.raises(Refused):
            admit(offer, standing, FLOORS)
    else:
        admit(offer, standing, FLOORS)
        with pytest.raises(Refused, match="failed-before"):
            admit(offer, replace(standing, failed=digest), FLOORS)
        with pytest.raises(Refused, match="model"):
            admit(offer, replace(standing, model="n"), FLOORS)


def test_a_record_of_every_phase_is_read_as_it_was_written():
    for phase in Phase:
        change = Change(phase=phase, old=None, new=Version(1, 2, 3), digest="", beat_s=5)
        record = Record(current=Version(1, 0, 0), seen={"root": 1}, change=change)
        assert read_record(record_bytes(record)) == record
