"""How a unit's own droop is switched, step by step, against registers that do as they are told."""

from typing import Any

import pytest

from sekisho.codec.meanings import DeviceRole, Meaning
from sekisho.codec.modbus.errors import BusyError, RefusedError
from sekisho.gate.image import OwnDroop
from sekisho.gate.own_droop import line_of
from sekisho.shell.gate.own_droop import ADOPTS_MS, AGAIN_MS, MOST_GAPS, UNSURE_MS, Hand
from sekisho.terms.quantity import BootMs
from tests.facts.codec.test_sunspec_devices import compiled
from tests.facts.gate import scene
from tests.sunspec_devices import PCS, bank

pytestmark = pytest.mark.asyncio
LINE: Any = line_of(scene.bounds(droop=scene.droop()), scene.SETTINGS)
PARTS_READ = {Meaning.DROOP_ENABLE, *(meaning for meaning, _ in LINE.items())}
PARTS = ("DbOf", "DbUf", "KOf", "KUf", "RspTms", "PMin")


class Device:
    """Registers of model 711, and a clock."""

    def __init__(self):
        self.bank = bank(*PCS)
        self.droop: Any = compiled(self.bank, DeviceRole.PCS).droop
        self.now = 100_000
        self.adopts = True
        self.mute = False
        self.told_not: Any = ()
        """What it refuses to tell: a device that is busy answers some reads and some not."""
        self.due = lambda: None
        """What the cycle does while a set-point goes first, and while a frame is on the wire."""
        self.on_the_wire = lambda: None
        self.error = None
        self.writes = 0
        self.enables = []
        """What was written to the enable, in order."""
        self.published = []
        """What was known of it as each frame went out."""
        self.hand = Hand(self, lambda: BootMs(self.now))

    async def held(self, batch):
        found = {} if self.mute else batch.decode(self.bank.readings(batch.spans))
        return {meaning: None if meaning in self.told_not else v for meaning, v in found.items()}

    async def give_way(self):
        self.due()

    async def put(self, write):
        self.published.append(self.hand.state)
        if self.error is not None:
            raise self.error
        if write.address == self.droop.enable.address:
            self.enables.append(write.words[0])
        self.writes += 1
        self.bank.write([write])
        if self.adopts and write.address == self.droop.adopt.address:
            self.adopt()
        self.on_the_wire()

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


@pytest.mark.parametrize("frames", range(2, 8))
@pytest.mark.parametrize("when", ["due", "on_the_wire"])
async def test_told_off_in_between_it_is_not_enabled(frames, when):
    """Off at connection, six frames of a line, and the one that enables: none of these follows."""
    device = Device()
    await device.hand.connected(device.droop)
    device.hand.tell(LINE)

    def says_off():
        if device.writes == frames - (when == "due"):
            device.hand.tell(None)

    setattr(device, when, says_off)
    await device.after(0)
    assert device.writes == frames - (when == "due")
    assert device.enables == [0]
    assert await device.after(1) is OwnDroop.OFF


async def test_it_is_told_to_be_perhaps_on_before_the_enable_is_on_the_wire():
    device = await Device().on()
    assert device.published[-1] is OwnDroop.UNSURE
    assert set(device.published[1:-1]) == {OwnDroop.OFF}


async def test_told_off_while_the_enable_is_on_the_wire_it_is_switched_off_at_once():
    device = Device()
    await device.hand.connected(device.droop)
    device.hand.tell(LINE)

    def says_off():
        if device.enables[-1] == 1:
            device.hand.tell(None)

    device.on_the_wire = says_off
    await device.after(0)
    assert device.enables == [0, 1]
    assert await device.after(1) is OwnDroop.OFF


async def test_a_reading_with_a_gap_is_no_foreign_writer():
    for told_not in (PARTS_READ, {Meaning.DROOP_ENABLE}, {Meaning.DROOP_SLOPE_UNDER}):
        device = await Device().on()
        device.told_not = told_not
        for _ in range(MOST_GAPS - 1):
            await device.hand.verify()
        assert (device.hand.state, device.hand.foreign_at) == (OwnDroop.ON, None)
        device.told_not = ()
        await device.hand.verify()
        device.told_not = told_not
        await device.hand.verify()
        assert device.hand.state is OwnDroop.ON, "readings in a row"
        for _ in range(MOST_GAPS):
            await device.hand.verify()
        assert device.enables == [0, 1, 0], "what cannot be verified is not left on"
        assert device.hand.foreign_at is None


async def test_a_device_that_does_not_tell_whether_it_is_off_has_failed_only_after_a_while():
    device = await Device().on()
    device.hand.tell(None)
    device.told_not = {Meaning.DROOP_ENABLE}
    assert await device.after(1) is OwnDroop.UNSURE
    for _ in range(UNSURE_MS // AGAIN_MS + 1):
        await device.after(AGAIN_MS)
    assert device.hand.state is OwnDroop.FAILED


async def test_a_line_that_was_not_read_back_whole_is_switched_off_and_tried_again():
    device = Device()
    await device.hand.connected(device.droop)
    device.hand.tell(LINE)
    device.on_the_wire = lambda: setattr(device, "told_not", PARTS_READ)
    assert await device.after(0) is OwnDroop.OFF
    device.on_the_wire = lambda: None
    device.told_not = ()
    assert await device.after(AGAIN_MS) is OwnDroop.ON
    device = Device()
    await device.hand.connected(device.droop)
    device.hand.tell(LINE)
    device.on_the_wire = lambda: setattr(
        device, "told_not", PARTS_READ if 1 in device.enables else ()
    )
    assert await device.after(0) is OwnDroop.UNSURE
    device.on_the_wire = lambda: None
    device.told_not = ()
    assert await device.after(AGAIN_MS) is OwnDroop.OFF
    assert await device.after(AGAIN_MS) is OwnDroop.ON


async def test_a_device_that_as_delivered_shows_a_part_of_no_value_gets_its_line_all_the_same():
    device = Device()
    await device.hand.connected(device.droop)
    device.hand.tell(LINE)
    device.told_not = {Meaning.DROOP_RESPONSE}
    for _ in range(MOST_GAPS):
        assert await device.after(AGAIN_MS) is OwnDroop.OFF
    assert device.writes == 1
    device.on_the_wire = lambda: setattr(device, "told_not", ())
    assert await device.after(AGAIN_MS) is OwnDroop.ON
