"""A whole gate whose PCS follow the frequency by themselves: real Modbus devices on loopback."""

import asyncio
import json
import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from sekisho.codec.asked import For
from sekisho.codec.bounds import Droop
from sekisho.codec.command import Curtail, Product, Release, Stop
from sekisho.codec.meanings import Meaning
from sekisho.gate.cycle import following, own_droop
from sekisho.gate.image import OwnDroop
from sekisho.gate.state import Alarm
from sekisho.gate.status import read_status
from sekisho.lab import sample
from sekisho.lab.faults import Absent, EmergencyStop
from sekisho.lab.own_droop import Flaw
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.metrics import page
from sekisho.shell.lab.plant import LivePlant
from sekisho.shell.lab.stage import Script, Stage, now_ms
from sekisho.terms.quantity import Hertz, Watts
from tests.facts.gate import scene

pytestmark = [pytest.mark.asyncio, pytest.mark.alone]
CONTRACTED = Droop(
    deadband=Hertz(0.02), slope=Watts(2_000_000), power_max=Watts(400_000), reserve_minutes=5
)
BOTH = ("pcs-1", "pcs-2")
AUXILIARY = 20_000


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Half a minute of calm is not waited for, nor a minute after a fault."""
    monkeypatch.setattr(own_droop, "CALM_MS", 500)


@asynccontextmanager
async def staged(tmp_path, *own, has=BOTH, settings=None, **bounds):
    """A gate that is ready; `own` are the PCS that the site has follow, `has` those that can."""
    wide = {"connection_import_max": Watts(2_100_000), "droop": CONTRACTED}
    script = Script(
        bounds=sample.bounds(now_ms(), **(wide | bounds)),
        settings=lambda read: scene.own_droop(read, *own),
        plant=LivePlant(sample.plan(has)),
    )
    async with Stage(tmp_path / "stage", script) as stage:
        await stage.ready()
        yield stage


def physics(stage, name):
    """The PCS's own droop, as it is."""
    pcs = {str(device): pcs for device, pcs, _ in stage.plant.plant.blocks[0].pcs}
    return pcs[name].droop


def state(stage, name):
    return stage.running.workers[name].seen.own_droop


async def until(true, wait_s=10.0):
    end = asyncio.get_running_loop().time() + wait_s
    while not true():
        assert asyncio.get_running_loop().time() < end, "it did not come about in time"
        await asyncio.sleep(0.02)


async def on(stage, *which):
    await until(lambda: all(state(stage, name) is OwnDroop.ON for name in which))
    assert all(physics(stage, name).on for name in which)


async def off(stage, *which, wait_s=3.0):
    await until(lambda: not any(physics(stage, name).on for name in which), wait_s)


def hertz(stage, by):
    stage.plant.plant.grid.offset = by


def told(stage):
    """What the journal says of own droops, in order: device, state, written behind, why."""
    with closing(sqlite3.connect(stage.state_path / names.STORE)) as db:
        rows = [json.loads(row[0]) for row in db.execute("SELECT entry FROM journal ORDER BY n")]
    found = [row for row in rows if row["kind"] == "own-droop"]
    return [(r["body"]["device"], r["body"]["state"], r["body"].get("why")) for r in found]


async def test_it_is_off_at_connection_and_then_set_and_verified(tmp_path):
    plant = LivePlant(sample.plan(BOTH))
    for _, pcs, _ in plant.plant.blocks[0].pcs:
        assert pcs.droop is not None
        pcs.droop.on = True  # as somebody left it
    script = Script(
        bounds=sample.bounds(now_ms(), droop=CONTRACTED, connection_import_max=Watts(2_100_000)),
        settings=lambda read: scene.own_droop(read, *BOTH),
        plant=plant,
    )
    async with Stage(tmp_path / "stage", script) as stage:
        await stage.ready()
        await on(stage, *BOTH)
        line = physics(stage, "pcs-1").active
        assert line.deadband_over == line.deadband_under == pytest.approx(0.02)
        # 2 MW of PCS at 2 MW/Hz: the whole rating within 1 Hz, 2 % of 50 Hz.
        assert line.slope_over == line.slope_under == pytest.approx(0.02)
        assert line.response_s == pytest.approx(2.3)
        status = read_status((stage.state_path / names.STATUS).read_bytes())
        assert {pcs.own_droop for pcs in status.pcs} <= {"on", "off", "changing"}


async def test_the_pcs_answers_by_itself_and_the_meter_agrees(tmp_path):
    async with staged(tmp_path, *BOTH) as stage:
        await on(stage, *BOTH)
        hertz(stage, -0.12)
        power = await stage.until_power(150_000, 230_000)
        assert 150_000 <= power <= 230_000
        await asyncio.sleep(11)  # an alarm would come after 10 s
        run = stage.running.engine.gate.run
        assert run.alarms == frozenset()
        assert run.droop == 0
        assert 150_000 <= run.own_droop <= 230_000
        assert set(stage.setpoints().values()) == {0}


async def test_of_two_units_one_own_the_gate_gives_the_other_half(tmp_path):
    async with staged(tmp_path, "pcs-1", has=("pcs-1",)) as stage:
        await on(stage, "pcs-1")
        hertz(stage, -0.12)
        power = await stage.until_power(150_000, 230_000)
        assert 150_000 <= power <= 230_000, "together they give the slope of the plant, once"
        await asyncio.sleep(6)  # until the PCS's own response is over, and counted on
        run = stage.running.engine.gate.run
        # The grid of the laboratory breathes by 20 kW; the PCS follows that more slowly than the loop.
        assert run.droop == pytest.approx(run.own_droop, rel=0.3)
        assert run.droop > 70_000
        asked = stage.setpoints()
        assert asked["pcs-2"] == pytest.approx(run.droop, rel=0.3)
        assert abs(asked["pcs-1"]) < 5_000, "it gives its part by itself"


async def test_a_curtailment_switches_it_off_before_the_limit_is_broken(tmp_path):
    async with staged(tmp_path, *BOTH) as stage:
        await stage.setpoint(Watts(300_000), Product.JEPX_SPOT)
        await on(stage, *BOTH)
        await stage.until_power(270_000, 290_000)
        await stage.head_end.ask(
            lambda head: Curtail(
                envelope=head, export_max=Watts(350_000), import_max=Watts(350_000)
            ),
            lasts=For(30_000),
            wait_s=5,
        )
        hertz(stage, -0.15)
        highest = 0.0
        for _ in range(150):
            highest = max(highest, stage.plant.truth().power)
            await asyncio.sleep(0.02)
        assert not any(physics(stage, name).on for name in BOTH)
        assert highest <= 350_000
        assert stage.running.engine.gate.run.droop > 0, "the gate's own loop answers"


async def test_a_stop_on_the_spot_and_one_from_afar_switch_it_off(tmp_path):
    async with staged(tmp_path, *BOTH) as stage:
        await on(stage, *BOTH)
        await stage.head_end.ask(lambda head: Stop(envelope=head), lasts=For(60_000), wait_s=5)
        await off(stage, *BOTH)
        await stage.head_end.ask(lambda head: Release(envelope=head), lasts=For(60_000), wait_s=5)
        await on(stage, *BOTH)
        stage.plant.switch_on("pcs-1", EmergencyStop())
        stage.plant.switch_on("pcs-2", EmergencyStop())
        await off(stage, *BOTH)


async def test_a_frequency_in_doubt_switches_it_off_and_power_ramps_out(tmp_path):
    async with staged(tmp_path, *BOTH) as stage:
        await on(stage, *BOTH)
        hertz(stage, -0.12)
        await stage.until_power(150_000, 230_000)
        for name in (*BOTH, "meter-1"):
            stage.plant.switch_on(name, Absent(Meaning.FREQUENCY))
        await off(stage, *BOTH)
        assert abs(await stage.until_power(-AUXILIARY - 2_000, 20_000)) <= 22_000


async def test_beyond_the_reserve_the_loop_takes_over(tmp_path):
    async with staged(tmp_path, *BOTH) as stage:
        await on(stage, *BOTH)
        hertz(stage, -0.5)
        await off(stage, *BOTH)
        await until(lambda: stage.running.engine.gate.run.droop == 400_000)
        power = await stage.until_power(370_000, 384_000)
        assert 370_000 <= power <= 384_000
        hertz(stage, 0.0)
        await on(stage, *BOTH)
        said = [(state, why) for device, state, why in told(stage) if device == "pcs-1"]
        switches = [one for one in said if one[0].startswith("switched")]
        assert switches == [
            ("switched-on", None),
            ("switched-off", "reserve"),
            ("switched-on", None),
        ]
        states = [state for state, _ in said if not state.startswith("switched")]
        assert states.index("off") < states.index("on")


@pytest.mark.parametrize("flaw", [Flaw.NEVER_ADOPTS, Flaw.ADOPTS_ANOTHER, Flaw.NEVER_ON])
async def test_a_device_that_does_not_do_it_falls_back_to_the_loop_with_an_alarm(tmp_path, flaw):
    async with staged(tmp_path, "pcs-1") as stage:
        physics(stage, "pcs-1").flaws = frozenset({flaw})
        physics(stage, "pcs-1").stored = replace(physics(stage, "pcs-1").stored, slope_over=0.07)
        await until(lambda: Alarm.OWN_DROOP in stage.running.engine.gate.run.alarms, 15)
        assert state(stage, "pcs-1") is OwnDroop.OFF
        assert physics(stage, "pcs-1").times_on == 0, "with a line of its own it would do anything"
        await until(lambda: ("pcs-1", "switched-off", "unfit") in told(stage))
        assert ("pcs-1", "on", None) not in told(stage)
        hertz(stage, -0.12)
        await stage.until_power(150_000, 230_000)
        run = stage.running.engine.gate.run
        assert run.own_droop == 0
        assert run.droop > 150_000


async def test_one_that_cannot_be_switched_off_is_asked_nothing(tmp_path):
    async with staged(tmp_path, "pcs-1") as stage:
        await on(stage, "pcs-1")
        physics(stage, "pcs-1").flaws = frozenset({Flaw.NEVER_OFF})
        hertz(stage, -0.5)
        await until(lambda: state(stage, "pcs-1") is OwnDroop.FAILED)
        await until(lambda: Alarm.OWN_DROOP in stage.running.engine.gate.run.alarms)
        await until(lambda: "pcs-1" not in stage.running.cycle.turn.orders)
        physics(stage, "pcs-1").flaws = frozenset()
        await until(lambda: state(stage, "pcs-1") is OwnDroop.OFF)
        await until(lambda: "pcs-1" in stage.running.cycle.turn.orders)


async def test_another_line_set_by_somebody_else_is_found_and_switched_off(tmp_path):
    async with staged(tmp_path, "pcs-1") as stage:
        await on(stage, "pcs-1")
        mine = physics(stage, "pcs-1")
        mine.active = replace(mine.active, slope_over=0.01)
        await off(stage, "pcs-1", wait_s=5)
        await until(lambda: Alarm.OWN_DROOP in stage.running.engine.gate.run.alarms)
        follower = stage.running.engine.gate.run.own_droops["pcs-1"]
        assert follower.line is None
        mine.on = True  # and once more, while it is off
        await off(stage, "pcs-1", wait_s=5)


async def test_a_gate_that_starts_again_finds_it_on_and_begins_with_it_off(tmp_path, monkeypatch):
    async with staged(tmp_path, *BOTH) as stage:
        await stage.setpoint(Watts(200_000), Product.JEPX_SPOT)
        await on(stage, *BOTH)
        hertz(stage, -0.08)
        await stage.until_power(270_000, 330_000)
        await stage.stop_gate()
        assert physics(stage, "pcs-1").on, "the bounds permit it, not the gate's life"
        monkeypatch.setattr(own_droop, "CALM_MS", 3_000)
        stage.start_gate()
        await off(stage, *BOTH)
        await until(lambda: stage.running.engine.gate.run.droop > 100_000)
        power = await stage.until_power(270_000, 330_000)
        assert 270_000 <= power <= 330_000
        await on(stage, *BOTH)


async def test_a_gate_whose_cycle_is_dead_switches_it_off(tmp_path):
    async with staged(tmp_path, "pcs-1") as stage:
        await on(stage, "pcs-1")
        stage.running.cycle.step = lambda: None
        await off(stage, "pcs-1", wait_s=6)


async def test_what_is_not_declared_is_left_alone(tmp_path):
    async with staged(tmp_path, has=BOTH) as stage:
        physics(stage, "pcs-1").on = True
        await asyncio.sleep(3)
        assert physics(stage, "pcs-1").on
        assert stage.running.cycle.turn.own_droop == {}
        assert stage.running.engine.gate.run.own_reach == following.NOWHERE


async def test_too_high_a_frequency_makes_it_charge(tmp_path):
    async with staged(tmp_path, *BOTH) as stage:
        await on(stage, *BOTH)
        hertz(stage, 0.12)
        power = await stage.until_power(-AUXILIARY - 230_000, -AUXILIARY - 150_000)
        assert -250_000 <= power <= -170_000
        await asyncio.sleep(11)
        assert stage.running.engine.gate.run.alarms == frozenset()


async def test_the_metrics_tell_its_state_and_what_it_is_expected_to_add(tmp_path):
    async with staged(tmp_path, "pcs-1") as stage:
        await on(stage, "pcs-1")
        hertz(stage, -0.12)
        await until(lambda: stage.running.engine.gate.run.own_droop > 50_000)
        families = text_string_to_metric_families(page(stage.running).decode())
        found = {(s.name, *s.labels.values()): s.value for f in families for s in f.samples}
        assert found["sekisho_own_droop", "pcs-1", "on"] == 1
        assert found["sekisho_own_droop", "pcs-1", "off"] == 0
        assert ("sekisho_own_droop", "pcs-2", "off") not in found
        assert found["sekisho_own_droop_watts",] > 50_000
