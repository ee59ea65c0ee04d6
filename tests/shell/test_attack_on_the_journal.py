"""Class 11 as it is judged: what a witness can see, and what it has not seen."""

import pytest
from typing_extensions import override

from sekisho.gate.journal.entries import EntryKind
from sekisho.lab.attacks.finding import Verdict
from sekisho.shell.lab.attacks import journal
from sekisho.shell.lab.attacks.scene import Scene, until
from sekisho.shell.lab.observer import Observer
from sekisho.shell.lab.stage import Stage

pytestmark = [pytest.mark.asyncio, pytest.mark.alone]


def noted(stage, number):
    stage.running.engine.note(EntryKind.ADMIN, {"what": "test", "n": number})


class LosesItsBroker(Scene):
    """The broker is gone when the checkpoint is asked for; the one before has arrived."""

    @override
    async def settled(self, *words, **changes):
        wanted = await super().settled(*words, **changes)
        self.stage.broker.stop()
        return wanted


async def test_a_cut_is_found_however_much_the_gate_wrote_after_the_last_checkpoint(
    tmp_path, monkeypatch
):
    async with Scene(tmp_path / "scene") as scene:
        stop = scene.stage.stop_gate

        async def noted_and_stopped():
            monkeypatch.undo()
            for number in range(journal.CUT - 1):  # its end is one more
                noted(scene.stage, number)
            await stop()

        monkeypatch.setattr(scene.stage, "stop_gate", noted_and_stopped)
        found = await journal.tampered(scene)
    assert (found.verdict, found.did.en) == (Verdict.REFUSED, journal._FOUND.en)


async def test_where_the_witness_has_nothing_new_nothing_is_said_of_the_journal(tmp_path):
    async with LosesItsBroker(tmp_path / "scene") as scene:
        found = await journal.tampered(scene)
    assert found.verdict is Verdict.NOT_TESTED
    assert not found.entries


async def test_a_checkpoint_of_before_is_not_the_one_that_was_asked_for(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        async with Observer(stage) as observer:
            before = await observer.witnessed(stage, tmp_path / "first")
            assert before == observer.newest > 0
            noted(stage, 1)
            assert await until(lambda: stage.running.store.committed.number > before, 5.0)
            north = stage.running.north
            stage.running.north = None  # nobody signs now; the old one comes again
            observer._came.set()
            assert await observer.witnessed(stage, tmp_path / "second", wait_s=0.5) is None
            stage.running.north = north
            assert await observer.witnessed(stage, tmp_path / "third") == observer.newest > before
