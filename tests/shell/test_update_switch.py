"""A switch on a real disk with real processes: applied, killed anywhere, resumed, taken back, handed in."""

import json
import os
import random
import shutil
import signal
import time
from dataclasses import replace

import pytest
from typing_extensions import override

from sekisho.gate.update.log import Kind, read_log
from sekisho.gate.update.reasons import Reason, Refused
from sekisho.gate.update.steps import End
from sekisho.shell.keys import load_key
from sekisho.shell.release.repository import Repository
from sekisho.shell.update.holdings import UPDATE_HOLDINGS
from sekisho.shell.update.machine import Machine
from sekisho.shell.update.place import DROPPED
from sekisho.terms.errors import InputError
from tests.releases import Maker, QuickGate, Site, SureTime, machine
from tests.update_kills import FileGate, dies

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A maker of 1.0.0, of 1.1.0 (good), of 2.0.0 that ends at once; a machine with 1.0.0."""
    folder = tmp_path_factory.mktemp("made")
    maker = Maker(folder / "maker")
    maker.offer("1.0.0")
    site = machine(folder / "site", maker.root)
    site.apply(maker.published)
    site.stop()
    maker.offer("1.1.0")
    shutil.copytree(maker.published, folder / "good")
    maker.offer("2.0.0", runs=False)
    shutil.copytree(maker.published, folder / "bad")
    return folder


@pytest.fixture
def site(made, tmp_path):
    """A machine that runs 1.0.0, for one test."""
    yield from machines(made, tmp_path / "site")


def machines(made, folder):
    shutil.copytree(made / "site", folder, symlinks=True)
    settings = folder / "sekisho" / "update.toml"
    settings.write_text(settings.read_text().replace(str(made / "site"), str(folder)))
    found = Site(folder, SureTime())
    with found.updating() as updater:
        updater.gate.start()
    beats(found, "1.0.0")
    yield found
    found.stop()


def beats(site, version):
    end = time.monotonic() + 10
    while site.running() != version:
        assert time.monotonic() < end, (site.running(), version)


def ended(site, *versions):
    """In one of these versions and in nothing else: link, record, process, folder and log agree."""
    with site.updating() as updater:
        record, lines = updater.machine.record, updater.log.lines
    assert record.change is None
    assert str(record.current) == site.current()
    assert site.current() in versions
    beats(site, site.current())
    assert set(site.place.versions()) == {str(one) for one in record.kept}
    assert all(site.place.is_complete(one) for one in record.kept)
    assert record.highest >= record.current
    assert not list(site.place.work.iterdir())
    told = [one.kind for one in lines if one.kind in {Kind.PHASE, Kind.ENDED}]
    assert not told or told[-1] is Kind.ENDED
    return site.current()


def test_what_stands_in_the_folder_after_an_update_is_in_the_table_of_data_at_rest(made, site):
    site.apply(made / "good")
    names = {one.name for one in site.place.path.iterdir()} - {"private"}
    names |= {f"private/{one.name}" for one in site.place.private.path.iterdir()}
    listed = {one.name for one in UPDATE_HOLDINGS}
    assert names <= listed, names - listed
    assert len(names) > len(listed) // 2


def test_an_update_runs_and_the_old_version_is_kept(site, made):
    applied = site.apply(made / "good")
    assert (applied.end, applied.why, str(applied.old), str(applied.new)) == (
        End.NEW,
        None,
        "1.0.0",
        "1.1.0",
    )
    assert ended(site, "1.1.0")
    assert site.place.versions() == ["1.0.0", "1.1.0"]
    told = json.loads((site.place.path / "told.json").read_text())
    assert (told["old"], told["new"], told["why"]) == ("1.0.0", "1.1.0", None)
    assert told["digest"] == applied_digest(site)


def applied_digest(site):
    return next(one.body["digest"] for one in reversed(site.lines(Kind.OFFERED)))


def test_every_phase_has_its_line_and_the_log_holds_only_as_it_is(site, made):
    site.apply(made / "good")
    phases = [line.body["phase"] for line in site.lines(Kind.PHASE)][-7:]
    assert phases == ["build", "trial", "rest", "stop", "point", "start", "watch"]
    private = site.place.private
    lines = private.file("log.jsonl").read_bytes().splitlines(keepends=True)
    public = load_key(private.file("update.key")).public
    assert read_log(lines, public).fault is None
    for spoilt in (
        lines[:3] + lines[4:],
        [*lines[:3], lines[4], lines[3]],
        [lines[0][:-9] + b"AAAAAAAA\n"],
    ):
        assert read_log(spoilt, public).fault is not None
    private.file("log.jsonl").write_bytes(b"".join(lines[:3] + lines[4:]))
    with pytest.raises(InputError, match="does not hold"):
        site.lines()
    private.file("log.jsonl").write_bytes(b"".join(lines))


def test_a_line_that_power_cut_short_is_taken_away(site):
    path = site.place.private.file("log.jsonl")
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    assert site.lines()
    assert path.read_bytes() == whole


def test_a_version_that_does_not_run_is_taken_back_by_itself(site, made):
    applied = site.apply(made / "bad")
    assert (applied.end, applied.why) == (End.OLD, Reason.NOT_RUNNING)
    assert ended(site, "1.0.0")
    told = json.loads((site.place.path / "told.json").read_text())
    assert (told["old"], told["new"], told["why"]) == ("2.0.0", "1.0.0", "not-running")
    # The floor stays: what was switched to once is not gone below again by an update.
    with pytest.raises(Refused) as caught:
        site.apply(made / "good")
    assert caught.value.reason in {Reason.METADATA_OLDER, Reason.OLDER}


def test_what_failed_once_is_not_taken_from_the_drop_again_but_by_hand(site, made, tmp_path):
    site.apply(made / "bad")
    with pytest.raises(Refused, match="failed-before"):
        site.apply(made / "bad", by_hand=False)
    assert site.apply(made / "bad").end is End.OLD


def test_a_version_that_hangs_without_a_beat_is_taken_back(site, made):
    """It starts, and never turns: only the watch can see it."""

    class Deaf(QuickGate):
        @override
        def beat(self):
            one = super().beat()
            return None if one is not None and one.program == "1.1.0" else one

    applied = site.apply(made / "good", gate=lambda found: Deaf(found.gate))
    assert (applied.end, applied.why) == (End.OLD, Reason.NOT_RUNNING)
    assert "5 s" in applied.detail
    assert ended(site, "1.0.0")


def test_a_version_that_fails_its_trial_is_never_switched_to(site, made, tmp_path):
    maker = Maker(tmp_path / "maker")
    fresh = machine(tmp_path / "other", maker.root)
    fresh.apply(maker.offer("1.0.0"))
    applied = fresh.apply(maker.offer("1.1.0", trial=1))
    assert (applied.end, applied.why) == (End.UNCHANGED, Reason.TRIAL)
    assert ended(fresh, "1.0.0")
    assert fresh.place.versions() == ["1.0.0"]
    fresh.stop()


def test_a_program_that_is_another_version_than_it_says_is_never_switched_to(tmp_path, monkeypatch):
    maker = Maker(tmp_path / "maker")
    site = machine(tmp_path / "site", maker.root)
    site.apply(maker.offer("1.0.0"))
    lying = maker.archive("1.5.0").replace(b'print("1.5.0")', b'print("1.4.0")')
    assert lying != maker.archive("1.5.0")
    with pytest.raises(Refused, match="archive"):  # its hash
        site.apply(maker.offer("1.5.0", lying))
    monkeypatch.setattr(maker, "program", lambda _, **how: Maker.program(maker, "1.4.0", **how))
    applied = site.apply(maker.offer("1.6.0"))
    assert (applied.end, applied.why) == (End.UNCHANGED, Reason.TRIAL)
    assert ended(site, "1.0.0")
    site.stop()


def test_a_plant_that_is_not_at_rest_is_waited_for_and_then_left_alone(site, made):
    class Moving(QuickGate):
        @override
        def beat(self):
            one = super().beat()
            return None if one is None else replace(one, at_rest=False)

    applied = site.apply(made / "good", gate=lambda found: Moving(found.gate))
    assert (applied.end, applied.why) == (End.UNCHANGED, Reason.NOT_AT_REST)
    assert ended(site, "1.0.0")


def test_a_person_goes_back_to_the_version_before_and_no_further(site, made):
    site.apply(made / "good")
    with site.updating() as updater:
        assert updater.go_back().why is Reason.ASKED
    assert ended(site, "1.0.0")
    with site.updating() as updater, pytest.raises(Refused, match="no-previous"):
        updater.go_back()
    applied = site.apply(made / "good")  # not lower than the highest: it may come again
    assert applied.end is End.NEW


def test_two_updaters_do_not_work_at_once(site, made):
    with site.updating(), pytest.raises(InputError, match="Another update"), site.updating():
        pass


def test_a_new_update_waits_until_the_last_one_has_ended(site, made):
    assert dies(site, made / "good", 7)[0] == -signal.SIGKILL
    with pytest.raises(InputError, match="not ended"):
        site.apply(made / "good")
    with site.updating() as updater:
        updater.resume()
    ended(site, "1.0.0", "1.1.0")


# ---- the drop ----------------------------------------------------------------------------------------


def drop(site):
    return site.place.path / "update.d" / DROPPED


def taken(site):
    with site.updating() as updater:
        own = updater.take_drop()
        assert not os.path.lexists(drop(site))
        return None if own is None else updater.apply(own, by_hand=False)


def test_what_is_handed_in_is_applied_and_removed(site, made):
    assert taken(site) is None
    Repository(made / "maker" / "repository").archive(drop(site))
    applied = taken(site)
    assert (str(applied.new), applied.end) == ("2.0.0", End.OLD)
    assert ended(site, "1.0.0")


@pytest.mark.parametrize("kind", ["link", "pipe", "folder-link", "folder", "text"])
def test_what_is_no_plain_archive_is_refused_and_removed(site, kind, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("of the updater's user")
    match kind:
        case "link":
            drop(site).symlink_to(secret)
        case "pipe":
            os.mkfifo(drop(site))
        case "folder-link":
            drop(site).symlink_to(tmp_path)
        case "folder":
            (drop(site) / "more").mkdir(parents=True)
        case _:
            drop(site).write_text("no archive")
    with pytest.raises(Refused, match="unreadable"):
        taken(site)
    assert site.refusals() == ["unreadable"]
    assert secret.exists()


def test_the_drop_is_for_all_to_write_and_for_none_to_read(site):
    made_folder = machine(site.folder / "another", site.place.path / "root.json").place.path
    assert oct((made_folder / "update.d").stat().st_mode)[-4:] == "1733"
    assert oct((made_folder / "private").stat().st_mode)[-3:] == "700"
    assert oct((made_folder).stat().st_mode)[-3:] == "755"


# ---- killed anywhere ---------------------------------------------------------------------------------


def copy_of(made, folder, gate):
    """A machine with 1.0.0 whose gate is a file."""
    shutil.copytree(made / "site", folder, symlinks=True)
    site = Site(folder, SureTime())
    gate.start()
    return site


def resumed(site, gate):
    """Where it ends; link, record, gate, folder and log agree, and nothing is left to end."""
    with site.updating(gate=lambda _: gate) as updater:
        updater.resume()
        assert updater.resume() is None
    with site.updating(gate=lambda _: gate) as updater:
        record, lines = updater.machine.record, updater.log.lines
    assert record.change is None
    assert str(record.current) == site.current() == gate.file.read_text()
    assert set(site.place.versions()) == {str(one) for one in record.kept}
    assert all(site.place.is_complete(one) for one in record.kept)
    assert record.highest >= record.current
    assert not list(site.place.work.iterdir())
    told = [one.kind for one in lines if one.kind in {Kind.PHASE, Kind.ENDED}]
    assert told[-1] is Kind.ENDED
    return site.current()


@pytest.mark.parametrize(("source", "new"), [("good", "1.1.0"), ("bad", "1.0.0")])
def test_wherever_it_is_killed_it_resumes_to_the_new_version_or_the_old(
    made, tmp_path, source, new
):
    bad = ("2.0.0",)
    gate = FileGate(tmp_path / "0", bad)
    code, points = dies(copy_of(made, tmp_path / "0", gate), made / source, 0, bad)
    assert (code, points > 30) == (0, True)
    ends = []
    for at in range(1, points + 1):
        gate = FileGate(tmp_path / str(at), bad)
        site = copy_of(made, tmp_path / str(at), gate)
        assert dies(site, made / source, at, bad)[0] == -signal.SIGKILL
        ends.append(resumed(site, gate))
        shutil.rmtree(site.folder)
    assert set(ends) == {"1.0.0", new}
    assert ends[0] == "1.0.0"
    assert ends[-1] == new


def test_killed_from_outside_at_any_moment_it_resumes_too(made, tmp_path):
    chance = random.Random(4)
    for turn in range(10):
        gate = FileGate(tmp_path / str(turn))
        site = copy_of(made, tmp_path / str(turn), gate)
        child = os.fork()
        if child == 0:
            site.apply(made / "good", gate=lambda _, gate=gate: gate)
            os._exit(0)
        time.sleep(chance.random() * 0.3)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with site.updating(gate=lambda _, gate=gate: gate) as updater:
            updater.resume()
        assert site.current() == gate.file.read_text()
        assert site.current() in {"1.0.0", "1.1.0"}


def test_a_disk_that_fails_on_the_way_forwards_goes_back(site, made):
    class Full(Machine):
        @override
        def act(self, change):
            if change.phase.value == "point":
                raise OSError(28, "No space left on device")
            super().act(change)

    applied = site.apply(made / "good", make=Full)
    assert applied.end is End.OLD
    assert "No space" in applied.detail
    assert ended(site, "1.0.0")
