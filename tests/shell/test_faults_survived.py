"""Faults that the running gate survives, each caused on a stage of real brokers and devices."""

import asyncio
import shutil

import pytest
import pytest_asyncio

from sekisho.codec.decision import Outcome, Reason
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.journal_file import opened_journal
from sekisho.shell.lab.stage import Script, Stage
from sekisho.terms.quantity import Watts
from tests.shell.brokers import KINDS
from tests.shell.test_gate_running import SPOT, decision, until, up

pytestmark = pytest.mark.asyncio
POWER = Watts(200_000)
"""Reached in a second at the ramp of the sample."""


@pytest_asyncio.fixture(autouse=True)
async def bounded():
    """No test here waits for ever."""
    async with asyncio.timeout(90):
        yield


async def at_power(stage, power=POWER):
    """The plant follows an accepted set-point; the command as it was sent."""
    sent = await stage.setpoint(power, SPOT)
    assert decision(sent).outcome is Outcome.ACCEPTED
    await until(lambda: sum(stage.setpoints().values()) == power)
    return sent


def entries(stage, kind):
    """Bodies of the committed entries of a kind."""
    from sekisho.gate.journal.form import read_entry  # noqa: PLC0415

    with opened_journal(stage.state_path / names.STORE) as log:
        found = [read_entry(row.entry or b"") for row in log.rows(1, log.last)]
    return [one.body for one in found if isinstance(one, Entry) and one.kind is kind]


def settled(stage):
    """Whether all that was written down is on the disk."""
    store = stage.running.store
    return store.committed.number == store.next_number - 1


def witnessed(stage):
    """Whether the broker has the checkpoint of all that was accepted."""
    north = stage.running.north
    return north is not None and north.line.up and not north.owes_checkpoint


# ---- restarts ------------------------------------------------------------------------------------


async def test_a_duplicate_is_answered_from_the_journal_after_a_restart(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        sent = await at_power(stage)
        refused = await stage.setpoint(Watts(300_000), SPOT, life_s=7_200)
        assert decision(refused).reason is Reason.LIFE_TOO_LONG
        await stage.stop_gate()
        stage.start_gate()
        await stage.ready()
        marks = stage.running.engine.gate.durable.high_water
        for one in (sent, refused):
            again = await stage.head_end.send(one.raw, 5)
            assert again is not None
            assert one.answer is not None
            assert again.message.journal == one.answer.message.journal
            assert again.message.decision == one.answer.message.decision
        assert stage.running.engine.gate.durable.high_water == marks


@pytest.mark.parametrize("kind", KINDS)
async def test_a_gate_that_was_put_back_to_an_old_backup_notices_and_begins_a_new_session(
    tmp_path, kind
):
    async with Stage(tmp_path / "stage", Script(broker=kind)) as stage:
        await stage.ready()
        await at_power(stage)
        await stage.stop_gate()
        backup = tmp_path / "backup.db"
        shutil.copy(stage.state_path / names.STORE, backup)
        stage.start_gate()
        await stage.ready()
        later = await at_power(stage, Watts(100_000))
        await until(lambda: witnessed(stage))
        session = stage.running.engine.gate.durable.session
        await stage.stop_gate()
        for beside in stage.state_path.glob(f"{names.STORE}*"):
            beside.unlink()
        shutil.copy(backup, stage.state_path / names.STORE)
        stage.start_gate()
        await until(lambda: stage.running.north is not None and up(stage))
        await until(lambda: stage.running.engine.gate.durable.session != session)
        assert stage.running.engine.gate.durable.standing == ()
        again = await stage.head_end.send(later.raw, 5)
        assert again is not None
        assert again.message.decision.reason is Reason.OTHER_SESSION
        await until(lambda: settled(stage))
        assert entries(stage, EntryKind.SESSION)[-1]["why"] == "restored"
        session = stage.running.engine.gate.durable.session
        await until(lambda: witnessed(stage))
        await stage.stop_gate()
        stage.start_gate()
        await stage.ready()
        assert stage.running.engine.gate.durable.session == session, "it is known now"


async def test_an_ordinary_restart_keeps_the_session(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await at_power(stage)
        session = stage.running.engine.gate.durable.session
        await until(lambda: witnessed(stage))
        await stage.stop_gate()
        stage.start_gate()
        await stage.ready()
        assert stage.running.engine.gate.durable.session == session
