"""How a unit's own droop is switched, step by step, against registers that do as they are told."""

from typing import Any

import pytest

from sekisho.codec.modbus.errors import BusyError, RefusedError
from sekisho.codec.points import DeviceRole
from sekisho.gate.image import OwnDroop
from sekisho.gate.own_droop import line_of
from sekisho.shell.gate.own_droop import ADOPTS_MS, AGAIN_MS, UNSURE_MS, Hand
from sekisho.terms.quantity import BootMs
from tests.facts.codec.test_sunspec_devices import compiled
from tests.facts.gate import scene
from tests.sunspec_devices import PCS, bank

pytestmark = pytest.mark.asyncio
LINE = line_of(scene.bounds(droop=scene.droop()), scene.SETTINGS)
PARTS = ("DbOf", "DbUf", "KOf", "KUf", "RspTms", "PMin")


class Device:
    """Registers of model 711, and a clock."""

    def __init__(self):
        self.bank = bank(*PCS)
        self.droop: Any = compiled(self.bank, DeviceRole.PCS).droop
        self.now = 100_000
        self.adopts = True
        self.mute = False
        self.error = None
        self.writes = 0
        self.enables = []
        """What was written to the enable, in order."""
        self.hand = Hand(self, lambda: BootMs(self.now))

    async def held(self, batch):
        return {} if self.mute else batch.decode(self.bank.readings(batch.spans))

    async def put(self, write):
        if self.error is not None:
            raise self.error
        if write.address == self.droop.enable.address:
            self.enables.append(write.words[0])
        self.writes += 1
        self.bank.write([write])
        if self.adopts and write.address == self.droop.adopt.address:
            self.adopt()

    def adopt(self):
        for name in PARTS:
            places = self.bank.built.places
            address, length = places[711, f"Ctl[2].{name}"]
            words = [self.bank.held[address + n] for n in range(length)]
            self.bank.put(711, f"Ctl[1].{name}", *words)

    async def after(self, ms):
        self.now += ms
        await self.hand.bring_about()
        return self.hand.state

    async def on(self):
        await self.hand.connected(self.droop)
        assert self.hand.tell(LINE)
        assert await self.after(0) is OwnDroop.ON
        return self


async def test_it_is_switched_off_at_connection_and_then_on_with_its_line():
    device = await Device().on()
    assert device.enables == [0, 1]
    values = await device.held(device.droop.check)
    assert device.droop.holds(values, LINE)


async def test_switching_off_does_not_wait_for_what_was_done_a_moment_ago():
    device = await Device().on()
    device.hand.tell(None)
    assert await device.after(1) is OwnDroop.OFF
    assert device.enables == [0, 1, 0]


async def test_a_line_that_is_adopted_late_is_enabled_then_and_one_that_never_is_not_at_all():
    device = Device()
    device.adopts = False
    await device.hand.connected(device.droop)
    device.hand.tell(LINE)
    assert await device.after(0) is OwnDroop.OFF
    device.adopt()
    assert await device.after(AGAIN_MS) is OwnDroop.ON
    device = Device()
    device.adopts = False
    await device.hand.connected(device.droop)
    device.hand.tell(LINE)
    for _ in range(2 * ADOPTS_MS // AGAIN_MS):
        device.hand.tell(LINE)
        await device.after(AGAIN_MS)
    device.adopt()
    device.hand.tell(LINE)
    assert await device.after(AGAIN_MS) is OwnDroop.OFF
    assert 1 not in device.enables


async def test_a_device_that_refuses_to_be_switched_off_has_failed_until_it_takes_it():
    device = Device()
    device.error = RefusedError("no")
    await device.hand.connected(device.droop)
    assert device.hand.state is OwnDroop.FAILED
    device.error = None
    assert await device.after(AGAIN_MS) is OwnDroop.OFF


async def test_a_device_that_is_busy_or_silent_for_long_has_failed():
    for way in ("busy", "mute"):
        device = await Device().on()
        device.hand.tell(None)
        device.error = BusyError("later") if way == "busy" else None
        device.mute = way == "mute"
        assert await device.after(1) is OwnDroop.UNSURE
        for _ in range(UNSURE_MS // AGAIN_MS + 1):
            await device.after(AGAIN_MS)
        assert device.hand.state is OwnDroop.FAILED
        device.error, device.mute = None, False
        assert await device.after(AGAIN_MS) is OwnDroop.OFF


async def test_a_device_that_was_not_read_at_connection_is_not_taken_for_off():
    device = Device()
    device.mute = True
    await device.hand.connected(device.droop)
    assert device.hand.state is OwnDroop.FAILED


async def test_a_device_without_711_is_not_known_to_be_off():
    device = Device()
    await device.hand.connected(None)
    assert await device.after(AGAIN_MS) is OwnDroop.FAILED


async def test_a_line_that_it_cannot_hold_is_not_tried():
    device = Device()
    await device.hand.connected(device.droop)
    fine = line_of(scene.bounds(droop=scene.droop(deadband=0.0105)), scene.SETTINGS)
    device.hand.tell(fine)
    assert await device.after(0) is OwnDroop.OFF
    assert device.enables == [0]


async def test_a_device_that_is_busy_or_silent_for_a_moment_is_asked_again():
    for way in ("busy", "mute"):
        device = Device()
        await device.hand.connected(device.droop)
        device.hand.tell(LINE)
        device.error = BusyError("later") if way == "busy" else None
        device.mute = way == "mute"
        assert await device.after(0) is OwnDroop.OFF
        device.error, device.mute = None, False
        assert await device.after(AGAIN_MS) is OwnDroop.ON


async def test_a_line_that_it_holds_already_is_not_written_again():
    device = await Device().on()
    device.hand.tell(None)
    await device.after(1)
    before = device.writes
    device.hand.tell(LINE)
    assert await device.after(AGAIN_MS) is OwnDroop.ON
    assert device.writes == before + 1


async def test_another_line_is_set_only_after_it_was_off():
    device = await Device().on()
    other = line_of(scene.bounds(droop=scene.droop(slope=400_000)), scene.SETTINGS)
    device.hand.tell(other)
    await device.after(AGAIN_MS)
    assert await device.after(AGAIN_MS) is OwnDroop.ON
    assert device.enables == [0, 1, 0, 1]


async def test_what_somebody_else_has_set_is_switched_off_and_remembered():
    device = await Device().on()
    device.bank.put(711, "Ctl[1].KUf", 10)
    await device.hand.verify()
    assert (device.hand.state, device.hand.foreign_at) == (OwnDroop.OFF, device.now)
    device.hand.tell(LINE)
    assert await device.after(AGAIN_MS) is OwnDroop.OFF, "not before the cycle has said off once"
    device.hand.tell(None)
    device.bank.put(711, "Ena", 1)
    device.now += 60_000
    device.hand.tell(None)
    await device.hand.verify()
    assert (device.hand.state, device.hand.foreign_at) == (OwnDroop.OFF, device.now)
