"""The simulated plant over real Modbus: TCP and a serial line on a pty, and in its own process."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from sekisho.codec.meanings import DeviceRole, Meaning
from sekisho.codec.modbus.errors import DisconnectedError, ModbusError, RefusedError, SilentError
from sekisho.codec.modbus.pdu import ExceptionCode, Space
from sekisho.codec.points import Pace, Write
from sekisho.lab import faults
from sekisho.lab.build import plain_plan
from sekisho.lab.layout import plain_map
from sekisho.shell.lab.plant import LivePlant
from sekisho.shell.lab.plant_control import PlantControl
from sekisho.shell.lab.plant_process import PlantProcess, Service
from sekisho.shell.modbus.client import ModbusClient, Timing, serial_client, tcp_client
from sekisho.shell.modbus.link import Serial
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import Watts

if TYPE_CHECKING:
    from sekisho.codec.device_map import DeviceMap
    from sekisho.codec.registers import Value

pytestmark = pytest.mark.alone

PCS = plain_map(DeviceRole.PCS)
BMS = plain_map(DeviceRole.BMS)
TIMING = Timing(timeout=0.5, connect=2.0, hold_off=0.05)
M = Meaning


def client_of(address: str) -> ModbusClient:
    parts = urlsplit(address)
    if parts.scheme == "rtu":
        baud = int(parse_qs(parts.query)["baud"][0])
        return serial_client(Serial(path=parts.path, baud=baud), TIMING)
    return tcp_client(str(parts.hostname), parts.port or 0, TIMING)


async def send(client: ModbusClient, write: Write, unit: int = 1) -> None:
    if write.space is Space.COIL:
        await client.write_coil(unit, write.address, bool(write.words[0]))
    else:
        await client.write(unit, write.address, write.words)


async def told(client: ModbusClient, device: DeviceMap, unit: int = 1) -> dict[M, Value | None]:
    batch = device.batch(Pace.FAST)
    words = [await client.read(unit, s.space, s.address, s.length) for s in batch.spans]
    return batch.decode(words)


async def order(client: ModbusClient, watts: int, seconds: int = 10) -> None:
    arming = PCS.watchdog_arm(seconds, Watts(0))
    for write in (*arming, *PCS.setpoint_writes(Watts(watts))):
        await send(client, write)


async def until(true, what: str, seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - the simulated plant moves by itself and has no event to wait for
            await asyncio.sleep(0.02)


@pytest.mark.asyncio
@pytest.mark.parametrize("serial", [False, True])
async def test_a_set_point_is_followed_in_real_time_and_the_watchdog_ends_it(serial: bool) -> None:
    name = DeviceId("pcs-1")
    plant = LivePlant(plain_plan(auxiliary_w=0), serial=[name] if serial else [])
    await plant.start()
    client = client_of(plant.address("pcs-1"))
    await client.connect()
    try:
        await order(client, 100_000, seconds=1)
        await until(lambda: plant.truth().power == 100_000, "reached")
        assert (await told(client, PCS))[M.ACTIVE_POWER] == 100_000
        await until(lambda: plant.truth().power == 0, "the watchdog ran out")
        assert plant.truth().pcs[0].expired
        await client.close()
        seen = plant.seen("pcs-1")
        assert seen.write_frames == 6
        assert (seen.most_connections, seen.resets) == ((0 if serial else 1), 0)
    finally:
        await client.close()
        await plant.close()


@pytest.mark.asyncio
async def test_devices_may_share_an_address_as_units() -> None:
    plan = plain_plan()
    plan = replace(plan, blocks=(replace(plan.blocks[0], unit=7),))
    plant = LivePlant(plan, together=[(DeviceId("bms-1"), DeviceId("meter-1"))])
    await plant.start()
    assert plant.address("bms-1") == plant.address("meter-1")
    client = client_of(plant.address("bms-1"))
    await client.connect()
    try:
        assert await client.read(7, Space.INPUT, 0, 1) == (5_000,)
        assert await client.read(1, Space.INPUT, 3, 4) == (0, 0, 0x000F, 0x4240)
        with pytest.raises(SilentError):
            await client.read(9, Space.INPUT, 0, 1)
        assert (await client.identify(7))[1] == b"LAB-1"
    finally:
        await client.close()
        await plant.close()


@pytest.mark.asyncio
async def test_faults_of_the_wire_reach_the_wire_and_leave_it() -> None:
    plant = LivePlant(plain_plan())
    await plant.start()
    client = client_of(plant.address("pcs-1"))
    await client.connect()

    async def read() -> object:
        if not client.connected:
            await client.connect()
        try:
            return await client.read(1, Space.HOLDING, 0, 2)
        except ModbusError as error:
            return type(error)

    try:
        assert await read() == (0, 0)
        for fault, expected in (
            (faults.Silent(), SilentError),
            (faults.Dumb(), SilentError),
            (faults.Late(2_000), SilentError),
            (faults.Refused(ExceptionCode.DEVICE_FAILURE), RefusedError),
            (faults.Cut(), DisconnectedError),
        ):
            plant.switch_on("pcs-1", fault)
            await asyncio.sleep(0.01)
            assert await read() is expected, fault
            plant.switch_off("pcs-1")
            await client.close()
            assert await read() == (0, 0)
        await plant.unplug("pcs-1")
        await asyncio.sleep(0.01)
        with pytest.raises(DisconnectedError):
            await client.connect()
        await plant.plug("pcs-1")
        assert await read() == (0, 0)
    finally:
        await client.close()
        await plant.close()


def test_a_plant_in_its_own_process_is_steered_from_outside() -> None:
    plan = plain_plan(auxiliary_w=0)
    with PlantProcess(Service(plan=plan, serial=[DeviceId("bms-1")])) as process:
        control = process.control
        addresses = control.addresses()
        assert set(addresses) == {"pcs-1", "pcs-2", "bms-1", "meter-1", "trip-1"}
        assert addresses["bms-1"].startswith("rtu:///dev/")
        asyncio.run(commanded(addresses, control))
        seen = control.seen()["pcs-1"]
        assert (seen["most_connections"], seen["resets"], seen["write_frames"]) == (1, 0, 6)
        assert control.truth()["pcs"][0]["setpoint"] == 100_000
        control.on("pcs-1", faults.Lie(M.ACTIVE_POWER, add=5))
        assert control.ask("faults")["faults"]["pcs-1"][0]["add"] == 5
        control.ask("soc", share=0.25)
        assert control.truth()["batteries"][0]["soc"] == pytest.approx(0.25, abs=0.01)
        with pytest.raises(ValueError, match="no fault is called 'rust'"):
            control.ask("on", device="pcs-1", fault="rust")
        with pytest.raises(ValueError, match="pcs-9"):
            control.off("pcs-9")
        with pytest.raises(ValueError, match="nothing is called"):
            control.ask("dance")
        with PlantControl(process.port) as another:
            assert another.truth()["at_ms"] > 0


async def commanded(addresses: dict[str, str], control: PlantControl) -> None:
    client, line = client_of(addresses["pcs-1"]), client_of(addresses["bms-1"])
    await client.connect()
    await line.connect()
    try:
        await order(client, 100_000)
        await until(lambda: control.truth()["power"] == 100_000, "reached")
        assert await line.read(1, Space.INPUT, 0, 1) == (5_000,)
        trip = plain_map(DeviceRole.TRIP).trip_writes()[0]
        relay = client_of(addresses["trip-1"])
        await relay.connect()
        await send(relay, trip)
        await relay.close()
        await until(lambda: bool(control.truth()["breaker_open"]), "open")
        control.ask("close-breaker")
    finally:
        await client.close()
        await line.close()
