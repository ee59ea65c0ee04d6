"""What an updater must not take, offered to a real one: refused with its reason, and nothing changed."""

import io
import json
import os
import shutil
import zipfile
from datetime import timedelta

import pytest

from sekisho.gate.update.manifest import MOST_BYTES
from sekisho.gate.update.reasons import Reason, Refused
from sekisho.gate.update.version import Version
from sekisho.shell.lab.maker import MODEL
from sekisho.shell.release.repository import Repository
from sekisho.shell.update import client, sources
from sekisho.shell.update.sources import PatientFetcher
from sekisho.terms.errors import InputError
from tests.releases import EARLIER, LATER, NOW, Maker, Site, SureTime, machine


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A maker who published 1.0.0 and then 1.1.0, and a machine that runs 1.1.0."""
    folder = tmp_path_factory.mktemp("made")
    maker = Maker(folder / "maker")
    maker.offer("1.0.0")
    shutil.copytree(maker.published, folder / "old")
    site = machine(folder / "site", maker.root)
    maker.offer("1.1.0")
    site.apply(maker.published)
    site.stop()
    return folder


@pytest.fixture
def scene(made, tmp_path):
    """Copies of maker and machine, for one test to spoil."""
    shutil.copytree(made, tmp_path / "made", symlinks=True)
    folder = tmp_path / "made"
    settings = folder / "site" / "sekisho" / "update.toml"
    settings.write_text(settings.read_text().replace(str(made), str(folder)))
    maker = Maker.__new__(Maker)
    maker.folder, maker.model, maker.expires = folder / "maker", MODEL, LATER
    maker.repository = Repository(folder / "maker" / "repository")
    return maker, Site(folder / "site", SureTime()), folder


def everything(site):
    """What runs or could run: names, contents and links of the versions."""
    place = site.place.path
    found = {
        str(path.relative_to(place)): path.read_bytes()
        for path in sorted((place / "versions").rglob("*"))
        if path.is_file()
    }
    return found, (place / "current").readlink()


def refused(site, source, **more):
    """The reason for which an update is refused; nothing that runs was changed."""
    before = everything(site)
    with pytest.raises(Refused) as caught:
        site.apply(source, **more)
    assert everything(site) == before
    assert site.refusals()[-1] == caught.value.reason.value
    assert site.place.versions() == ["1.1.0"]
    return caught.value.reason


def target(maker, version="1.2.0"):
    (found,) = (maker.published / "targets").glob(f"*.{MODEL}-{version}.zip")
    return found


# ---- signatures ------------------------------------------------------------------------------------


def test_a_good_update_is_taken(scene):
    maker, site, _ = scene
    assert site.apply(maker.offer("1.2.0")).end.value == "new"
    assert site.current() == "1.2.0"
    site.stop()


def test_a_changed_target_is_refused(scene):
    maker, site, _ = scene
    maker.offer("1.2.0")
    content = target(maker).read_bytes()
    target(maker).write_bytes(content.replace(b"made-up program", b"evil-up program"))
    assert refused(site, maker.published) is Reason.CHANGED


def test_metadata_without_any_signature_is_refused(scene):
    maker, site, _ = scene
    maker.offer("1.2.0")
    path = maker.published / "metadata" / "timestamp.json"
    found = json.loads(path.read_text())
    path.write_text(json.dumps(found | {"signatures": []}))
    assert refused(site, maker.published) is Reason.SIGNATURES


def test_one_signature_of_two_is_refused(scene):
    """The maker's program does not publish it, so it is put there past that program."""
    maker, site, _ = scene
    repository = maker.repository
    maker.add("1.2.0")
    maker.sign("targets-1")
    with pytest.raises(InputError, match="lacks 1 signature"):
        maker.publish()
    repository._publish_drafts()
    repository._publish_newest(maker.signer("online"), LATER)
    assert refused(site, maker.published) is Reason.SIGNATURES


def test_one_holder_signing_twice_counts_once(scene):
    maker, _, _ = scene
    maker.add("1.2.0")
    maker.sign("targets-1", "targets-1")
    assert [one.missing for one in maker.repository.waits()] == [1]


def test_the_keys_of_another_maker_are_refused(scene):
    _, site, folder = scene
    thief = Maker(folder / "thief")
    assert refused(site, thief.offer("9.0.0")) is Reason.SIGNATURES


def test_a_root_that_does_not_follow_on_the_trusted_one_is_refused(scene):
    _, site, folder = scene
    thief = Maker(folder / "thief")
    thief.repository.rotate(thief.holders(), LATER)
    thief.sign("root-1", "root-2", "targets-1", "targets-2")
    thief.publish()
    assert refused(site, thief.offer("9.0.0")) is Reason.ROOT_CHAIN


def test_a_root_that_only_one_old_holder_signed_is_refused(scene):
    maker, site, folder = scene
    thief = Maker(folder / "thief")
    changed = maker.holders(root=thief.publics("root-1", "root-2"))
    maker.repository.rotate(changed, LATER)
    maker.sign("root-1", "targets-1", "targets-2")
    for name in ("root-1", "root-2"):
        maker.repository.sign(thief.signer(name))
    with pytest.raises(InputError, match="root lacks 1"):
        maker.publish()
    maker.repository._publish_drafts()
    maker.repository._publish_newest(maker.signer("online"), LATER)
    assert refused(site, maker.published) is Reason.ROOT_CHAIN


def test_a_rotation_that_old_and_new_holders_signed_is_followed(scene):
    maker, site, folder = scene
    other = Maker(folder / "other")
    changed = maker.holders(root=other.publics("root-1", "root-2"), online=other.publics("online"))
    maker.repository.rotate(changed, LATER)
    maker.sign("root-1", "root-3", "targets-1", "targets-2")
    for name in ("root-1", "root-2"):
        maker.repository.sign(other.signer(name))
    with pytest.raises(InputError, match="Nothing asks"):
        maker.publish()  # the old online key
    maker.repository.publish(other.signer("online"), LATER)
    maker.add("1.2.0")
    maker.sign("targets-1", "targets-2")
    maker.repository.publish(other.signer("online"), LATER)
    with site.updating() as updater:
        assert (
            str(updater.check(str(maker.published), by_hand=True).offer.manifest.version) == "1.2.0"
        )
        assert updater.machine.record.seen["root"] == 2


# ---- time ------------------------------------------------------------------------------------------


def test_an_expired_timestamp_is_refused(scene):
    maker, site, _ = scene
    maker.offer("1.2.0")
    maker.publish(EARLIER)
    assert refused(site, maker.published) is Reason.EXPIRED


def test_a_maker_whose_newest_is_held_back_for_ever_is_noticed_when_it_expires(scene):
    """Freeze: the same old state is shown again and again."""
    maker, site, _ = scene
    maker.publish(NOW - timedelta(seconds=1))
    assert refused(site, maker.published) is Reason.EXPIRED


def test_expired_versions_are_refused_though_the_timestamp_is_fresh(scene):
    maker, site, _ = scene
    maker.add("1.2.0", expires=EARLIER)
    maker.sign("targets-1", "targets-2")
    maker.publish()
    assert refused(site, maker.published) is Reason.EXPIRED


@pytest.mark.parametrize("doubt", [{"synchronised": False}, {"error_ms": 1_001}])
def test_while_time_is_unsure_nothing_is_taken(scene, doubt):
    maker, site, _ = scene
    maker.offer("1.2.0")
    for name, value in doubt.items():
        setattr(site.time, name, value)
    assert refused(site, maker.published) is Reason.TIME_UNSURE


def test_a_clock_that_is_behind_the_last_sure_time_takes_nothing(scene):
    maker, site, _ = scene
    maker.offer("1.2.0")
    site.time.step_ms = -3_600_000
    assert refused(site, maker.published) is Reason.TIME_BEHIND


def test_a_clock_that_was_wrong_once_does_not_shut_updates_out(scene):
    """What was written while time was unsure is no lower bound."""
    maker, site, _ = scene
    maker.offer("1.2.0")
    site.time.synchronised, site.time.step_ms = False, 10**12
    assert refused(site, maker.published) is Reason.TIME_UNSURE
    site.time.synchronised, site.time.step_ms = True, 0
    with site.updating() as updater:
        updater.check(str(maker.published), by_hand=True)


# ---- older -----------------------------------------------------------------------------------------


def test_a_repository_that_was_newest_once_is_refused(scene):
    _, site, folder = scene
    assert refused(site, folder / "old") is Reason.METADATA_OLDER


def test_older_metadata_is_refused_though_the_cache_was_lost(scene):
    """The record keeps what was seen: a torn cache forgets nothing."""
    _, site, folder = scene
    shutil.rmtree(site.place.metadata)
    site.place.metadata.mkdir(mode=0o700)
    assert refused(site, folder / "old") is Reason.METADATA_OLDER


def test_an_older_version_is_refused_though_it_is_signed_and_newest(scene):
    """The maker itself takes the newer version back: the machine does not follow."""
    maker, site, _ = scene
    maker.withdraw(Version(1, 1, 0))
    assert refused(site, maker.published) is Reason.OLDER


def test_an_older_version_is_refused_though_the_record_was_lost(scene):
    """The log keeps the floor too."""
    maker, site, _ = scene
    maker.withdraw(Version(1, 1, 0))
    site.place.private.file("record.json").unlink()
    assert refused(site, maker.published) is Reason.OLDER
    with site.updating() as updater:
        assert updater.machine.record.current == Version(1, 1, 0)


def test_the_version_that_runs_is_not_installed_again(scene):
    maker, site, _ = scene
    assert refused(site, maker.published) is Reason.INSTALLED


def test_a_version_that_may_not_follow_on_this_one_is_refused(scene):
    maker, site, _ = scene
    assert refused(site, maker.offer("3.0.0", minimum="2.0.0")) is Reason.MINIMUM


# ---- mixed, endless, broken off --------------------------------------------------------------------


def test_the_snapshot_of_another_moment_is_refused(scene):
    maker, site, folder = scene
    maker.offer("1.2.0")
    for path in (folder / "old" / "metadata").glob("*.snapshot.json"):
        for newer in (maker.published / "metadata").glob("*.snapshot.json"):
            shutil.copyfile(path, newer)
    assert refused(site, maker.published) is Reason.MIXED


def test_the_targets_of_another_moment_are_refused(scene):
    maker, site, folder = scene
    maker.offer("1.2.0")
    for path in (folder / "old" / "metadata").glob("*.targets.json"):
        for newer in (maker.published / "metadata").glob("*.targets.json"):
            shutil.copyfile(path, newer)
    assert refused(site, maker.published) is Reason.MIXED


def test_endless_data_is_cut_off_at_what_was_signed(scene, monkeypatch):
    maker, site, _ = scene
    maker.offer("1.2.0")
    asked = []

    def endless(self, url):
        asked.append(url)
        yield from iter(lambda: b"x" * 65_536, None)

    monkeypatch.setattr(sources.FolderFetcher, "_fetch", endless)
    assert refused(site, maker.published) is Reason.TOO_LARGE
    assert asked


def test_a_source_that_drips_is_given_up(scene, monkeypatch):
    maker, site, _ = scene
    maker.offer("1.2.0")
    clock = iter(range(0, 10**9, 100))
    slow = lambda inner, patience: PatientFetcher(inner, patience, lambda: float(next(clock)))  # noqa: E731 - one line says it
    drip = lambda self, url: iter([b"x"] * 20)  # noqa: E731 - one line says it
    monkeypatch.setattr(sources.FolderFetcher, "_fetch", drip)
    monkeypatch.setattr(sources, "PatientFetcher", slow)
    assert refused(site, maker.published) is Reason.TOO_SLOW


def test_a_target_larger_than_any_update_is_not_even_begun(scene, monkeypatch):
    maker, site, _ = scene
    maker.offer("1.2.0")
    monkeypatch.setattr(client, "MOST_TARGET", 100)
    assert refused(site, maker.published) is Reason.TOO_LARGE


@pytest.mark.parametrize("name", ["timestamp", "snapshot", "targets", "zip"])
def test_a_stick_that_is_pulled_out_half_way_is_refused(scene, name):
    """Whatever is missing from then on."""
    maker, site, _ = scene
    maker.offer("1.2.0")
    for path in maker.published.rglob(f"*{name}*"):
        if path.is_file():
            path.unlink()
    assert refused(site, maker.published) is Reason.INCOMPLETE


def test_a_target_that_was_copied_half_way_is_refused(scene):
    maker, site, _ = scene
    maker.offer("1.2.0")
    os.truncate(target(maker), target(maker).stat().st_size // 2)
    assert refused(site, maker.published) is Reason.CHANGED


@pytest.mark.parametrize("left", [0, 10, 0.3, 0.7, 0.99])
def test_an_archive_of_the_whole_that_breaks_off_is_refused(scene, left):
    maker, site, folder = scene
    maker.offer("1.2.0")
    maker.repository.archive(folder / "update.zip")
    size = (folder / "update.zip").stat().st_size
    os.truncate(folder / "update.zip", left if isinstance(left, int) else int(size * left))
    reason = refused(site, folder / "update.zip")
    assert reason in {Reason.UNREADABLE, Reason.INCOMPLETE}  # the end of an inner one may be found


def test_an_archive_whose_bytes_rotted_is_refused(scene):
    maker, site, folder = scene
    maker.offer("1.2.0")
    maker.repository.archive(folder / "update.zip")
    content = bytearray((folder / "update.zip").read_bytes())
    place = content.index(b"# A made-up program of version 1.2.0")
    content[place] ^= 1
    (folder / "update.zip").write_bytes(content)
    assert refused(site, folder / "update.zip") is Reason.UNREADABLE


def test_a_repository_without_anything_for_this_model_is_refused(scene):
    maker, site, _ = scene
    settings = site.place.path / "update.toml"
    settings.write_text(settings.read_text().replace(MODEL, "another-model"))
    assert refused(site, maker.published) is Reason.NOTHING


def test_what_is_not_there_is_a_wrong_word_not_a_refusal(scene):
    _, site, folder = scene
    with pytest.raises(InputError, match="cannot be read"):
        site.apply(folder / "nothing")


# ---- the archive of a version, signed as it should be ----------------------------------------------


def rewritten(content, change):
    """An archive whose members a person changed by hand."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        members = [(info, old.read(info)) for info in old.infolist()]
        for info, data in change(members):
            new.writestr(info, data)
    return out.getvalue()


def extra(name, data=b"x", mode=0o100644, **fields):
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.create_system, info.external_attr = 3, mode << 16
    for field, value in fields.items():
        setattr(info, field, value)
    return info, data


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda m: [*m, extra("../../../../current/evil")], Reason.ARCHIVE),
        (lambda m: [*m, extra("/etc/evil")], Reason.ARCHIVE),
        (lambda m: [*m, extra("wheels/../../evil")], Reason.ARCHIVE),
        (lambda m: [*m, extra("wheels\\evil")], Reason.ARCHIVE),
        (lambda m: [*m, extra("evil", b"/etc/passwd", 0o120777)], Reason.ARCHIVE),
        (lambda m: [*m, extra("folder/", b"", 0o040755)], Reason.ARCHIVE),
        (lambda m: [*m, extra("device", b"", 0o060644)], Reason.ARCHIVE),
        (lambda m: [*m, extra("PROGRAM")], Reason.ARCHIVE),
        (lambda m: [*m, extra("unnamed")], Reason.ARCHIVE),
        (lambda m: m[:1], Reason.ARCHIVE),
        (lambda m: m[1:], Reason.ARCHIVE),
        (lambda m: m[::-1], Reason.ARCHIVE),
        (lambda m: [], Reason.ARCHIVE),
        (lambda m: [m[0], (m[1][0], m[1][1][:-1] + b"x")], Reason.ARCHIVE),
        (lambda m: [*m, extra("bomb", b"0" * 10**6, compress_type=8)], Reason.ARCHIVE),
        (lambda m: [extra("manifest.json", b"{}"), m[1]], Reason.MANIFEST),
        (lambda m: [extra("manifest.json", b" " * (MOST_BYTES + 1)), m[1]], Reason.ARCHIVE),
        (
            lambda m: [extra("manifest.json", m[0][1].replace(b'"1.2.0"', b'"1.3.0"')), m[1]],
            Reason.MANIFEST,
        ),
        (
            lambda m: [
                extra("manifest.json", m[0][1].replace(b"made-up-gate", b"other-gate")),
                m[1],
            ],
            Reason.MODEL,
        ),
    ],
)
def test_even_signed_an_archive_may_not_reach_outside_or_lie(scene, change, reason, recwarn):
    maker, site, folder = scene
    content = rewritten(maker.archive("1.2.0"), change)
    source = maker.offer("1.2.0", content)
    before = everything(site)
    with site.updating() as updater:
        with pytest.raises(Refused) as caught:
            updater.apply(str(source), by_hand=True)
        assert caught.value.reason is reason
    assert everything(site) == before
    assert not list(folder.rglob("evil"))


def test_bytes_that_are_no_archive_at_all_are_refused(scene):
    maker, site, _ = scene
    assert refused(site, maker.offer("1.2.0", b"PK\x03\x04 not really")) is Reason.ARCHIVE
