"""The plant of a site file: what the file declares is what stands there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sekisho.codec.connect import by_profile
from sekisho.codec.meanings import DeviceRole, Meaning, State
from sekisho.codec.modbus.pdu import ExceptionCode, Space
from sekisho.gate.tables import Gated, read_gated
from sekisho.lab.build import BlockPlan, PcsPlan, PlantPlan
from sekisho.lab.device import Plate
from sekisho.lab.of_site import Sample, mapped, readdressed, sample_of
from sekisho.lab.registers import OfPoints, SunSpec
from sekisho.lab.virtual import VirtualPlant
from sekisho.shell.device_data import load_catalogue, load_profile, shipped_profiles
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import Watts
from tests.facts.lab.test_virtual_plant import values
from tests.plants import EXAMPLES

if TYPE_CHECKING:
    from sekisho.codec.device_map import DeviceMap

M = Meaning
DEMO = EXAMPLES / "demo-site" / "site.toml"
TEXT = DEMO.read_text("utf-8")


def gated(text: str = TEXT) -> Gated:
    return read_gated(text, "site.toml")


def sample(text: str = TEXT) -> Sample:
    found = gated(text)
    return sample_of(found.site, found.settings, {})


def test_the_plant_has_the_devices_of_the_file() -> None:
    plan = sample().plan
    (block,) = plan.blocks
    assert [p.device for p in block.pcs] == ["pcs-1", "pcs-2"]
    assert [p.rated_w for p in block.pcs] == [1_000_000, 1_000_000]
    assert block.energy_wh == 4_000_000
    found = gated().site.devices
    assert block.pcs[0].plate.model == next(d for d in found if d.id == "pcs-1").identity.model
    assert (plan.meter, plan.trip) == ("meter-1", "trip-1")
    assert plan.auxiliary_w == 30_000
    plant = VirtualPlant(plan, catalogue=load_catalogue())
    plant.advance(1_000)
    assert plant.truth().power == -30_000
    assert plant.device("trip-1").write(Space.COIL, 0, (1,)) == ()
    assert plant.truth().breaker_open


def test_the_relay_opens_at_the_coil_that_the_file_names() -> None:
    plant = VirtualPlant(
        sample(TEXT.replace("coil = 0", "coil = 4")).plan, catalogue=load_catalogue()
    )
    assert plant.device("trip-1").write(Space.COIL, 0, (1,)) is ExceptionCode.ILLEGAL_ADDRESS
    assert plant.device("trip-1").write(Space.COIL, 4, (1,)) == ()
    assert plant.truth().breaker_open


def test_a_serial_line_of_the_file_is_one_of_the_plant() -> None:
    assert sample().serial == frozenset()
    line = TEXT.replace('"tcp://192.0.2.14:502"', '"rtu:///dev/ttyS0?baud=19200&parity=N"')
    assert sample(line).serial == {"meter-1"}


def test_a_site_without_a_meter_is_no_plant() -> None:
    found = gated()
    kept = tuple(d for d in found.settings.south if d.device != "meter-1")
    settings = replace(found.settings, south=kept)
    with pytest.raises(ValueError, match="a meter"):
        sample_of(found.site, settings, {})


def test_addresses_move_and_nothing_else_does() -> None:
    names = ("pcs-1", "pcs-2", "bms-1", "meter-1", "trip-1")
    addresses = {name: f"tcp://127.0.0.1:{n}" for n, name in enumerate(names, start=6_001)}
    print_ = "sha256:" + "ab" * 32
    text = readdressed(TEXT, addresses, "mqtts://127.0.0.1:1884", print_)
    before, after = gated().settings, gated(text).settings
    assert [d.end.port for d in after.south] == [6_001, 6_002, 6_003, 6_004, 6_005]  # type: ignore[union-attr]  # all of them TCP
    assert (after.north.port, after.authority) == (1_884, print_)
    assert [d.unit for d in after.south] == [d.unit for d in before.south]
    changed = [a for a, b in zip(TEXT.splitlines(), text.splitlines(), strict=True) if a != b]
    assert len(changed) == 7
    with pytest.raises(ValueError, match="pcs-1"):
        readdressed(TEXT, {}, "mqtts://127.0.0.1:1884", print_)


def connected(plant: VirtualPlant, name: str, profile: str) -> DeviceMap:
    end = plant.device(name)
    walk = by_profile(load_profile(profile, Path()), name, rated=Watts(250_000))
    try:
        span = next(walk)
        while True:
            words = end.read(span.space, span.address, span.length)
            span = walk.send(None if isinstance(words, ExceptionCode) else words)
    except StopIteration as done:
        device_map: DeviceMap = done.value.device_map
        return device_map


@pytest.mark.parametrize("name", shipped_profiles())
def test_each_shipped_profile_describes_a_device_that_can_be_simulated(name: str) -> None:
    profile = load_profile(name, Path())

    def layout(role):
        return OfPoints(device_map.points, device_map.scales) if role is profile.role else SunSpec()

    device_map = mapped(profile, Watts(250_000), name)
    plate = Plate(maker="M", model="X", version="1")
    dog = device_map.watchdog
    pcs = PcsPlan(
        device=DeviceId("pcs"),
        plate=plate,
        rated_w=250_000,
        layout=layout(DeviceRole.PCS),
        refreshed_by=frozenset() if dog is None else frozenset(dog.refresh),
        fixed_timeout_s=None if dog is None else dog.fixed_s,
    )
    block = BlockPlan(
        device=DeviceId("bms"),
        plate=plate,
        energy_wh=1e6,
        pcs=(pcs,),
        layout=layout(DeviceRole.BMS),
    )
    plan = PlantPlan(
        blocks=(block,),
        meter=DeviceId("meter"),
        meter_plate=plate,
        meter_layout=layout(DeviceRole.METER),
    )
    plant = VirtualPlant(plan, catalogue=load_catalogue())
    plant.advance(1_000)
    end = plant.device(profile.role.value)
    found = connected(plant, profile.role.value, name)
    told = values(end, found)
    if profile.role is DeviceRole.BMS:
        assert told[M.STATE_OF_CHARGE] == pytest.approx(0.5, abs=0.001)
        assert told[M.CHARGE_LIMIT] == pytest.approx(275_000, rel=0.01)
    if profile.role is DeviceRole.METER:
        assert told[M.FREQUENCY] == pytest.approx(50, abs=0.1)
    if profile.role is DeviceRole.PCS:
        writes = () if dog is None else found.watchdog_arm(10, Watts(0))
        for write in (*writes, *found.setpoint_writes(Watts(100_000))):
            assert end.write(write.space, write.address, write.words) == ()
        plant.advance(5_000)
        told = values(end, found)
        assert told[M.ACTIVE_POWER] == told[M.SETPOINT] == 100_000
        assert told[M.STATUS] is State.RUNNING
        if dog is not None:
            plant.advance(20_000)
            assert plant.truth().pcs[0].power == 0
