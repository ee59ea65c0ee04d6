"""Faults that the running gate survives, each caused on a stage of real brokers and devices."""

import asyncio
import os
import random
import resource
import shutil
import signal

import pytest
import pytest_asyncio

from sekisho.codec.asked import For
from sekisho.codec.command import Curtail
from sekisho.codec.decision import Outcome, Reason
from sekisho.evidence.chain import check
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.gate.journal.form import read_entry
from sekisho.lab.faults import Corrupt, Dumb, Late
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.journal_file import opened_journal
from sekisho.shell.gate.recall import recalled
from sekisho.shell.gate.state_folder import open_state
from sekisho.shell.lab.stage import Script, Stage
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import Watts
from tests.shell.brokers import KINDS
from tests.shell.test_gate_run import sekisho
from tests.shell.test_gate_running import PCS_1, PCS_2, SPOT, decision, until, up

pytestmark = [pytest.mark.asyncio, pytest.mark.alone]
KILLS = int(os.environ.get("SEKISHO_KILLS", "3"))
"""Of the whole gate; the store alone is killed in test_gate_store_kills.py."""
SMALL = 4_096
"""Bytes: no page fits into a file any more, the head-end's numbers do."""
POWER = Watts(200_000)
"""Reached in a second at the ramp of the sample."""


@pytest_asyncio.fixture(autouse=True)
async def bounded():
    """No test here waits for ever."""
    async with asyncio.timeout(90 + 10 * KILLS):
        yield


async def at_power(stage, power=POWER):
    """The plant follows an accepted set-point; the command as it was sent."""
    sent = await stage.setpoint(power, SPOT)
    assert decision(sent).outcome is Outcome.ACCEPTED
    await until(lambda: sum(stage.setpoints().values()) == power)
    return sent


def entries(stage, kind):
    """Bodies of the committed entries of a kind."""
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


# ---- devices and their wire ----------------------------------------------------------------------


async def test_a_device_that_is_lost_in_the_middle_of_a_write_ends_up_where_it_should(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await at_power(stage)
        stage.plant.switch_on(PCS_1, Dumb())
        await stage.setpoint(Watts(300_000), SPOT)
        await until(lambda: "one-pcs" in stage.running.engine.gate.run.failures)
        stage.plant.switch_off(PCS_1, Dumb)
        await until(lambda: not stage.running.engine.gate.run.failures, 20)
        await until(lambda: sum(stage.setpoints().values()) == 300_000, 20)
        assert stage.plant.seen(PCS_1).most_connections == 1


async def test_replies_just_before_the_time_out_are_replies(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        late = {one.device: one.timeout_ms * 9 // 10 for one in stage.running.site.settings.south}
        stage.plant.switch_on(PCS_1, Late(late[PCS_1]))
        connects = stage.running.workers[PCS_1].counters.connects
        await stage.setpoint(POWER, SPOT)
        await until(lambda: sum(stage.setpoints().values()) == POWER, 30)
        assert stage.running.workers[PCS_1].counters.connects == connects
        assert "one-pcs" not in stage.running.engine.gate.run.failures


async def test_damaged_frames_never_become_values(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await at_power(stage)
        for device in (PCS_1, PCS_2, DeviceId("meter-1")):
            stage.plant.switch_on(device, Corrupt(0.01))
        seen = set()
        for _ in range(150):
            seen.add(sum(stage.setpoints().values()))
            await asyncio.sleep(0.02)
        for device in (PCS_1, PCS_2, DeviceId("meter-1")):
            stage.plant.switch_off(device, Corrupt)
        assert all(0 <= one <= POWER for one in seen)
        assert not stage.running.engine.gate.durable.latches
        await until(lambda: not stage.running.engine.gate.run.failures, 20)
        await until(lambda: sum(stage.setpoints().values()) == POWER, 20)


# ---- the process ---------------------------------------------------------------------------------


async def gate_process(stage):
    """`sekisho gate run` as a child, up to its first word."""
    ran = await sekisho("gate", "run", str(stage.site_file), "--state", str(stage.state_path))
    assert ran.stderr is not None
    async with asyncio.timeout(20):
        said = await ran.stderr.readline()
    assert b"the gate runs" in said, said
    return ran


async def curtailed(stage, most):
    """An answer, asked for until the line is there; a tighter curtailment asks for no sure time."""
    async with asyncio.timeout(30):
        while True:
            sent = await stage.head_end.ask(
                lambda e: Curtail(envelope=e, export_max=most, import_max=most),
                lasts=For(600_000),
                wait_s=1,
            )
            if sent.answer is not None:
                return sent


async def killed(ran):
    ran.send_signal(signal.SIGKILL)
    async with asyncio.timeout(10):
        await ran.wait()


def held(stage):
    """What the disk holds after a kill: the journal whole, and the state that it explains."""
    with opened_journal(stage.state_path / names.STORE) as log:
        rows = list(log.rows(1, log.last))
        base = log.base
    checked = check([row.link for row in rows], (), base=base)
    assert not checked.findings
    found = recalled(open_state(stage.state_path))
    assert found is not None
    assert found.durable is not None
    return found.durable, len(rows)


async def test_a_gate_that_is_killed_goes_on_with_what_it_acknowledged(tmp_path):
    chance = random.Random(1)
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.stop_gate()
        acknowledged = []
        for turn in range(KILLS):
            ran = await gate_process(stage)
            sent = await curtailed(stage, Watts(1_900_000 - 1_000 * turn))
            acknowledged.append(sent)
            old = chance.choice(acknowledged)
            again = await stage.head_end.send(old.raw, 5)
            assert again is not None
            assert old.answer is not None
            assert again.message.journal == old.answer.message.journal
            await asyncio.sleep(chance.random() * 0.5)
            await killed(ran)
            durable, length = held(stage)
            assert sent.answer is not None
            assert length >= sent.answer.message.journal
            assert max(durable.high_water.values()) >= sent.command.envelope.sequence
            assert sent.command in [one.order for one in durable.curtailments]


async def test_a_gate_whose_disk_is_full_begins_nothing_and_goes_on_when_there_is_room(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await at_power(stage)
        await until(lambda: settled(stage))
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, before[1]))
            sent = await stage.setpoint(Watts(400_000), SPOT, wait_s=1)
            await until(lambda: stage.running.store.trouble is not None)
            await until(lambda: "disk" in stage.running.engine.gate.run.failures)
            assert sent.answer is None
            assert sum(stage.setpoints().values()) <= POWER
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        await until(lambda: stage.running.store.trouble is None)
        # What was accepted while the disk was full is on it now, and counts.
        await until(lambda: sum(stage.setpoints().values()) == 400_000)
        await stage.stop_gate()
        durable, _ = held(stage)
        assert [one.order for one in durable.standing] == [sent.command]
