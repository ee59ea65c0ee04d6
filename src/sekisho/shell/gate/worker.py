"""One device's task: connect, describe, arm, read at its paces, write what the cycle asks.

Each device has a task and a connection of its own, so a dead one never delays the rest. The newest
order wins; a value that is the same is not written again. The watchdog is refreshed only while the
cycle keeps giving orders: a gate whose cycle is dead looks dead to the PCS.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.codec.batch import ScaleChangedError
from sekisho.codec.meanings import DeviceRole, Meaning
from sekisho.codec.modbus.errors import Fault, ModbusError
from sekisho.codec.points import Pace
from sekisho.codec.registers import UnfitError
from sekisho.gate.image import Link, WatchdogState
from sekisho.gate.settings import DroopBy
from sekisho.gate.south.seen import Seen, judged, look, unseen
from sekisho.shell.gate.own_droop import Hand
from sekisho.shell.gate.requests import Requests, Wire
from sekisho.shell.gate.watchdog import FALLBACK, WatchdogHand
from sekisho.terms.errors import WorldError
from sekisho.terms.quantity import BootMs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sekisho.codec.batch import Batch, Values
    from sekisho.codec.connect import Connected
    from sekisho.codec.device_map import DeviceMap
    from sekisho.codec.droop import DroopSettings
    from sekisho.codec.points import Write
    from sekisho.gate.settings import SouthDevice
    from sekisho.shell.gate.requests import Client, Counters
    from sekisho.terms.quantity import Watts

FIRST_BACKOFF_S = 0.25
MOST_BACKOFF_S = 10.0
SILENT_MS = 3_000
"""The cycle gave no order for so long: it is dead, and the watchdog is left to run out."""
_PATIENCE_MS = {
    Fault.BUSY: 200,
    Fault.REFUSED: 2_000,
    Fault.SILENT: 200,
    Fault.MALFORMED: 200,
    Fault.DISCONNECTED: 200,
}
"""How long a device that does not take a write is left alone."""
_STEADY_MS = 5_000
"""A connection that has lasted so long is made again at once when it breaks."""


class Worker:
    """Runs one device; `seen` is always its newest state."""

    def __init__(
        self,
        declared: SouthDevice,
        client: Client,
        describe: Callable[[Client, SouthDevice], Awaitable[Connected]],
        boot: Callable[[], BootMs],
    ) -> None:
        """A worker that is not running yet.

        Args:
            declared: the device as the site file has it.
            client: its connection.
            describe: finds out at each connect what it is.
            boot: CLOCK_BOOTTIME.
        """
        self.declared = declared
        self.seen: Seen = unseen(declared.device, boot())
        self.described: Connected | None = None
        self.trouble = ""
        """Why the device is lost, for people."""
        self._client = client
        self._requests = Requests(client, declared.unit, boot, self._reached)
        self._dog = WatchdogHand(declared, self._requests)
        self._describe = describe
        self._boot = boot
        self._own: Hand | None = None
        """Its own droop, where the site has the gate use it."""
        if declared.droop_by is DroopBy.OWN:
            self._own = Hand(self, boot)
        self._wake = asyncio.Event()
        self._calm = asyncio.Event()
        self._calm.set()
        self._asked: Watts | None = None
        self._asked_at: BootMs | None = None
        self._written: Watts | None = None
        self._forced = False
        self._trip = False
        self._tripped = False
        self._engaged = False
        self._hold_until = BootMs(0)
        self._refused: tuple[Watts, BootMs] | None = None

    @property
    def counters(self) -> Counters:
        """What was counted of the device."""
        return self._requests.counters

    # ---- what the cycle says -----------------------------------------------------------------

    def order(self, power: Watts, *, force: bool = False) -> None:
        """The set-point that the device shall hold; the newest one counts."""
        self._asked_at = self._boot()
        if power != self._asked or force:
            self._asked = power
            self._forced = self._forced or force
            self._calm.clear()
            self._wake.set()

    def follow(self, line: DroopSettings | None) -> None:
        """The line that the device's own droop shall follow; None: off."""
        if self._own is not None and self._own.tell(line):
            self._wake.set()

    @property
    def is_calm(self) -> bool:
        """Whether the newest order has been written and read back, or found not to be possible."""
        return self._calm.is_set()

    async def calm(self) -> None:
        """Returns when the newest order has been written and read back, or found not to be possible."""
        await self._calm.wait()

    def hold_trip(self, *, open_: bool) -> None:
        """Whether the breaker must stand open: written once for each connection that is made.

        A relay that lost its supply may have closed again. Nothing here closes a breaker.
        """
        if open_ and not self._trip:
            self._wake.set()
        self._trip = open_
        self._tripped = self._tripped and open_

    # ---- the task ----------------------------------------------------------------------------

    async def run(self) -> None:
        """Until cancelled; closes in order then."""
        backoff = FIRST_BACKOFF_S
        try:
            while True:
                begun = self._boot()
                try:
                    await self._connected()
                    backoff = FIRST_BACKOFF_S
                    await self._serve()
                except (ModbusError, ScaleChangedError, UnfitError, WorldError) as error:
                    self._lost(error)
                # A fault of ours that a device has found must not end the tasks of all the others.
                except Exception as error:  # noqa: BLE001 - it costs that device, and is told
                    self._lost(error)
                await self._client.close()
                if self._boot() - begun < _STEADY_MS:
                    await asyncio.sleep(backoff)
                    backoff = min(MOST_BACKOFF_S, backoff * 2)
        finally:
            await self._client.close()

    async def _connected(self) -> None:
        await self._client.connect()
        self.counters.connects += 1
        described = await self._describe(self._client, self.declared)
        self.described = described
        self._requests.begin(described.device_map.most_words)
        # What was asked before the connection was lost has no say any more: the cycle begins again
        # with what the device shows.
        self._written = self._asked = self._asked_at = None
        self._engaged = self._tripped = False
        dog = WatchdogState.UNARMED
        seen = Seen(device=self.declared.device, link=Link.LOST, since=self.seen.since)
        self.seen = replace(seen, watchdog=dog)
        for pace in (Pace.ONCE, Pace.SLOW, Pace.FAST):
            await self._poll(pace, must=True)
        if self._own is not None:
            await self._own.connected(described.device_map.droop)
            self._droop_seen(self._own)
        if described.device_map.role is DeviceRole.PCS:
            dog = await self._dog.armed(described.device_map)
        self.seen = replace(self.seen, link=Link.UP, since=self._boot(), watchdog=dog)
        self.trouble = ""

    def _lost(self, error: Exception) -> None:
        self.trouble = str(error) or type(error).__name__
        self._calm.set()
        if isinstance(error, ModbusError):
            self._requests.count(error)
        if self.seen.link is not Link.LOST:
            self.seen = replace(self.seen, link=Link.LOST, since=self._boot())
        self._written = None

    async def _serve(self) -> None:
        """Reads and writes, whatever has been due longest, until the device is lost.

        A slow device is always late with something; taking turns keeps its watchdog refreshed.
        """
        fast = slow = refresh = self._boot()
        while True:
            self._wake.clear()  # what is told from here on is news for the next turn
            if self._trip and not self._tripped:
                await self._open()
            asked = self._asked
            await self._bring_about()
            if asked == self._asked:
                self._calm.set()
            if self._own is not None:
                await self._own_droop(self._own, self._own.bring_about)
            first = min(fast, slow, refresh)
            if first > self._boot():
                await self._until(first)
            elif fast == first:
                await self._poll(Pace.FAST)
                fast = self._next(fast, self.declared.fast_ms)
            elif slow == first:
                await self._poll(Pace.SLOW)
                if self._own is not None:
                    await self._own_droop(self._own, self._own.verify)
                slow = self._next(slow, self.declared.slow_ms)
            else:
                await self._refresh()
                refresh = self._next(refresh, self.declared.watchdog_s * 1000 // 4)

    def _next(self, due: BootMs, every: int) -> BootMs:
        """The next time on the grid: a poll that came late does not drift, nor pile up."""
        now = self._boot()
        return BootMs(due + every if due + every > now else now + every - (now - due) % every)

    async def _until(self, due: BootMs) -> None:
        wait = max(0, due - self._boot()) / 1000
        timer = asyncio.get_running_loop().call_later(wait, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            timer.cancel()

    # ---- reading -----------------------------------------------------------------------------

    async def _poll(self, pace: Pace, *, must: bool = False) -> None:
        if self.described is not None:
            batch = self.described.device_map.batch(pace)
            if batch.spans:
                values = await self._requests.read(batch, must=must)
                self._remember(self.described.device_map, values)

    def _remember(self, device_map: DeviceMap, values: Values) -> None:
        now = self._boot()
        kept = {**self.seen.values, **{m: (value, now) for m, value in values.items()}}
        plain = {meaning: value for meaning, (value, _) in kept.items()}
        locked, faulted = judged(device_map, plain)
        engaged = device_map.engaged(plain)
        self._engaged = self._engaged and engaged
        self.seen = replace(
            self.seen,
            values=MappingProxyType(kept),
            locked=locked,
            faulted=faulted,
            engaged=engaged,
        )
        look(self.declared, self.seen)

    # ---- writing -----------------------------------------------------------------------------

    async def _bring_about(self) -> None:
        """Writes the set-point where it differs, value first, and reads it back."""
        power = self._due()
        if power is None or self.described is None:
            return
        device_map = self.described.device_map
        if self._boot() < self._hold_until or self._stubborn(power):
            return
        self._forced = False
        # In doubt from here on: whatever happens, the next attempt writes again.
        self._written = None
        try:
            for write in device_map.setpoint_writes(power, engaged=self._engaged):
                await self._requests.write(write)
        except ModbusError as error:
            if error.fault in {Fault.BUSY, Fault.REFUSED}:
                self._requests.count(error)
            else:
                self._requests.missed(error)
            self._hold_until = BootMs(self._boot() + _PATIENCE_MS[error.fault])
            return
        values = await self._requests.read(device_map.readback)
        self._reached(Wire.READ_BACK)
        self._remember(device_map, values)
        self._engaged = device_map.engaged(values)
        if values.get(Meaning.SETPOINT) == device_map.nearest_setpoint(power) and self._engaged:
            self._written = power
            self._refused = None
        else:
            self._refused = (power, BootMs(self._boot() + _PATIENCE_MS[Fault.REFUSED]))

    def _due(self) -> Watts | None:
        """What is to be written now; None: nothing.

        An order that the cycle does not repeat has no say: its permission may have ended. And a unit
        whose watchdog has failed would hold its last order for ever, so it gets the fall-back.
        """
        if self.seen.watchdog is WatchdogState.FAILED and self.seen.link is Link.UP:
            held = self.seen.values.get(Meaning.SETPOINT, (None, 0))[0]
            return FALLBACK if held != FALLBACK and self.seen.engaged else None
        if self.seen.watchdog not in {WatchdogState.ARMED, WatchdogState.WAIVED}:
            return None
        if self._asked_at is None or self._boot() - self._asked_at > SILENT_MS:
            return None
        return None if self._asked == self._written and not self._forced else self._asked

    def _stubborn(self, power: Watts) -> bool:
        """Whether the device has just taken this very order and shown another value."""
        if self._refused is None or self._forced:
            return False
        tried, until = self._refused
        return tried == power and self._boot() < until

    async def _open(self) -> None:
        if self.described is None:
            return
        for write in self.described.device_map.trip_writes():
            await self._requests.write(write)
        self._tripped = True

    def _reached(self, point: Wire) -> None:
        """A write has come so far; tests end the process here."""

    # ---- its own droop -----------------------------------------------------------------------

    async def _own_droop(self, hand: Hand, act: Callable[[], Awaitable[None]]) -> None:
        try:
            await act()
        except ModbusError as error:
            self._requests.missed(error)
        finally:
            self._droop_seen(hand)

    def _droop_seen(self, hand: Hand) -> None:
        seen = self.seen
        if (seen.own_droop, seen.own_droop_foreign) != (hand.state, hand.foreign_at):
            self.seen = replace(seen, own_droop=hand.state, own_droop_foreign=hand.foreign_at)

    async def held(self, batch: Batch) -> Values:
        """Values of a batch; empty where no answer came, None for what the device refused to tell."""
        return await self._requests.read(batch)

    async def put(self, write: Write) -> None:
        """One frame; what is known of the device is told before it is on the wire."""
        if self._own is not None:
            self._droop_seen(self._own)
        await self._requests.write(write)

    async def give_way(self) -> None:
        """A set-point that is due goes first."""
        await self._bring_about()

    # ---- the watchdog ------------------------------------------------------------------------

    async def _refresh(self) -> None:
        """Keeps it from running out, while the cycle gives orders."""
        if self.described is None:
            return
        if self._asked_at is None or self._boot() - self._asked_at > SILENT_MS:
            return
        state = await self._dog.refreshed(
            self.described.device_map, self._written, engaged=self._engaged
        )
        if state is not None and state is not self.seen.watchdog:
            self.seen = replace(self.seen, watchdog=state)
