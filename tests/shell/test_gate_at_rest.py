"""What a gate that ran leaves on its disk: sealed where the table says so, and nothing besides it."""

import shutil

import pytest

from sekisho.shell.device_key import DEVICE_KEY
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.holdings import HOLDINGS, AtRest, sealed_at_rest
from sekisho.shell.gate.own_key import own_signer
from sekisho.shell.gate.state_folder import open_state
from sekisho.shell.lab.stage import Stage
from sekisho.shell.resealing import rotate, seal_all
from sekisho.shell.sealing import is_sealed, read_kept, sealer_of
from sekisho.terms.errors import InputError
from tests.file_kills import killed_everywhere

BESIDE = ("-wal", "-shm", "-journal")
"""Files that SQLite keeps beside its own."""


def named(place):
    return next(
        (h for h in HOLDINGS if place.name.removesuffix(_ending(place.name)) == h.name), None
    )


def _ending(name):
    return next((end for end in BESIDE if name.endswith(end)), "")


@pytest.mark.asyncio
async def test_a_folder_of_an_older_version_is_sealed_by_the_start_and_the_gate_works(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()  # over mutual TLS, with a key that is sealed by now
        folder = open_state(stage.state_path)
        clear = stage.identity("gate").key.read_bytes()
        assert read_kept(folder, "north.key") == clear
        await stage.stop_gate()
        listed = {place: named(place) for place in folder.path.iterdir()}
        assert [place.name for place, holding in listed.items() if holding is None] == []
        for place, holding in listed.items():
            sealed = holding.at_rest is AtRest.SEALED
            assert is_sealed(place.read_bytes()) is sealed, place.name
            assert b"PRIVATE KEY" not in place.read_bytes(), place.name
            assert clear[40:80] not in place.read_bytes(), place.name
        kid = own_signer(folder).kid
        assert rotate(folder) == ("bounds.json", "gate.key", "north.key", "trust.json")
        assert own_signer(folder).kid == kid
        stage.start_gate()
        await stage.ready()


@pytest.mark.asyncio
async def test_the_device_key_changes_under_a_running_gate(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        folder = open_state(stage.state_path)
        rotate(folder)
        trust = read_kept(folder, names.TRUST)
        assert stage.running.watch is not None
        assert stage.running.watch.document_trouble == ""
        await stage.stop_gate()
        stage.start_gate()
        await stage.ready()
        assert read_kept(folder, names.TRUST) == trust


@pytest.mark.asyncio
async def test_a_folder_whose_device_key_is_gone_starts_no_gate_and_gets_no_new_key(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.stop_gate()
        folder = open_state(stage.state_path)
        folder.file(DEVICE_KEY).unlink()
        with pytest.raises(InputError, match="no device key"):
            stage.start_gate()
        stage._gate_stack.close()
        assert not folder.has(DEVICE_KEY)


@pytest.mark.asyncio
async def test_the_sealing_of_an_older_folder_survives_a_kill_at_every_write_point(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.stop_gate()
        folder = open_state(stage.state_path)
        north = stage.running.site.settings.north
        kept = {name: read_kept(folder, name) for name in sealed_at_rest(north) if folder.has(name)}
        older = tmp_path / "older"
        shutil.copytree(folder.path, older)
        (older / DEVICE_KEY).unlink()
        for name, content in kept.items():
            (older / name).write_bytes(content)

        def look(place):
            found = open_state(place)
            assert {name: read_kept(found, name) for name in kept} == kept
            seal_all(found, sealed_at_rest(north))
            assert all(sealer_of(found).is_current(found.read(name)) for name in kept)

        kills = killed_everywhere(
            older,
            tmp_path / "victim",
            lambda place: seal_all(open_state(place), sealed_at_rest(north)),
            look,
        )
        assert kills > 10
