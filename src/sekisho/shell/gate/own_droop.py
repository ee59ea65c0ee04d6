"""One PCS's own droop: set, switched and verified by the task that runs the device.

It is switched off at every connection, before any set-point, and is on only while the cycle keeps
saying so. Its line is verified before it is enabled, because a device could follow another one in
between. What is read back otherwise than it was set was set by somebody else: it is switched off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sekisho.codec.meanings import Meaning
from sekisho.codec.modbus.errors import BusyError, RefusedError
from sekisho.gate.image import OwnDroop
from sekisho.terms.quantity import BootMs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekisho.codec.batch import Batch, Values
    from sekisho.codec.droop import Droop, DroopSettings
    from sekisho.codec.points import Write

SILENT_MS = 3_000
"""The cycle said nothing for so long: it is dead, and nobody judges whether it may be on."""
AGAIN_MS = 500
"""Between two tries to bring the same thing about."""
UNSURE_MS = 5_000
"""A device that does not answer for so long whether it is off, is not asked for power."""
ADOPTS_MS = 2_000
"""For so long a device may take to adopt a line."""
MOST_GAPS = 3
"""Readings in a row with a gap in them, after which they are no longer waited for."""


class Registers(Protocol):
    """What it needs of the device's task."""

    async def held(self, batch: Batch) -> Values:
        """Values of a batch; empty where no answer came, None for what the device refused to tell."""

    async def put(self, write: Write) -> None:
        """One write; what is known of the device is told before it is on the wire."""

    async def give_way(self) -> None:
        """A set-point that is due goes first."""


class Hand:
    """Switches one device's own droop; `state` is what is known of it."""

    def __init__(self, registers: Registers, boot: Callable[[], BootMs]) -> None:
        """A hand that has not met the device yet."""
        self.state = OwnDroop.UNSURE
        self.foreign_at: BootMs | None = None
        self._registers = registers
        self._boot = boot
        self._droop: Droop | None = None
        self._told: DroopSettings | None = None
        self._told_at: BootMs | None = None
        self._follows: DroopSettings | None = None
        """The line that was read back, while it is on."""
        self._refused: DroopSettings | None = None
        """A line that the device did not take, until the cycle wants it no more."""
        self._stored: DroopSettings | None = None
        """The line that was written and is to be adopted."""
        self._stored_at = BootMs(0)
        self._unsure_since = BootMs(0)
        self._hold_until = BootMs(0)
        self._gaps = 0
        """Readings in a row that did not tell all."""

    # ---- what the cycle says -----------------------------------------------------------------

    def tell(self, line: DroopSettings | None) -> bool:
        """The line to follow, None: off; whether that is news."""
        self._told_at = self._boot()
        news = line != self._told
        self._told = line
        if news:
            self._hold_until = BootMs(0)
        if line is None:
            self._refused = None
        return news

    def _wanted(self) -> DroopSettings | None:
        """What is wanted now; what the cycle does not repeat is wanted no more."""
        if self._told_at is None or self._boot() - self._told_at > SILENT_MS:
            return None
        return None if self._told is not None and self._told == self._refused else self._told

    # ---- the device --------------------------------------------------------------------------

    async def connected(self, droop: Droop | None) -> None:
        """Off, and read back so, before anything else is asked of the device.

        Args:
            droop: how it is set; None: the device has none, or hides it.
        """
        self._droop = droop
        self._told = self._told_at = self._refused = self._stored = None
        self.state = OwnDroop.FAILED
        await self._off()

    async def bring_about(self) -> None:
        """What is wanted, where that is not known to be so."""
        wanted = self._wanted()
        done = self.state is OwnDroop.OFF if wanted is None else self._follows == wanted
        if done or self._boot() < self._hold_until:
            return
        if wanted is None or self.state is not OwnDroop.OFF:
            await self._off()
        else:
            await self._on(wanted)

    async def verify(self) -> None:
        """Whether the device still shows what was read back last."""
        if self._droop is None or self.state in {OwnDroop.UNSURE, OwnDroop.FAILED}:
            return
        follows = self._follows
        held = await self._read(self._droop, whole=follows is not None)
        if held is None:
            if self._gaps >= MOST_GAPS:
                await self._off()  # nobody knows any more what it does
            return
        same = self._droop.off(held) if follows is None else self._droop.holds(held, follows)
        if not same:
            self.foreign_at = self._boot()
            self._refused = follows
            await self._off()

    async def _read(self, droop: Droop, *, whole: bool) -> Values | None:
        """What the device shows; None where it did not tell what is asked.

        Args:
            droop: how it is read.
            whole: whether the line is asked as well, not only whether it is enabled.
        """
        held = await self._registers.held(droop.check)
        all_told = bool(held) and None not in held.values()
        if all_told:
            self._gaps = 0
        elif whole or held.get(Meaning.DROOP_ENABLE) is None:
            self._gaps += 1
            return None
        return held

    async def _off(self) -> None:
        self._hold_until = BootMs(self._boot() + AGAIN_MS)
        if self._droop is None:
            self.state = OwnDroop.FAILED
            return
        now = self._boot()
        if self.state in {OwnDroop.ON, OwnDroop.OFF}:
            self.state, self._unsure_since = OwnDroop.UNSURE, now
        elif now - self._unsure_since > UNSURE_MS:
            self.state = OwnDroop.FAILED
        self._follows = self._stored = None
        try:
            await self._registers.put(self._droop.switch_off)
        except BusyError:
            return
        except RefusedError:
            self.state = OwnDroop.FAILED
            return
        held = await self._read(self._droop, whole=False)
        if held is not None:
            self.state = OwnDroop.OFF if self._droop.off(held) else OwnDroop.FAILED

    async def _on(self, line: DroopSettings) -> None:
        """Its line, then, once the device shows that as the active one, the switch."""
        droop = self._droop
        if droop is None or not droop.fits(line):
            self._refused = line
            return
        self._hold_until = BootMs(self._boot() + AGAIN_MS)
        try:
            if not await self._lies(droop, line) or not await self._put(droop.switch_on, line):
                return
        except BusyError:
            return
        except RefusedError:
            self._refused = line
            return
        held = await self._read(droop, whole=True)
        if held is None:
            return  # not verified: off, and once more
        if droop.holds(held, line):
            self._follows, self.state = line, OwnDroop.ON
        else:
            self._refused = line

    async def _lies(self, droop: Droop, line: DroopSettings) -> bool:
        """Whether the line is the active one, written where it was not, and the device is off."""
        held = await self._read(droop, whole=self._gaps < MOST_GAPS)
        if held is not None and self._stored != line and not droop.lies(held, line):
            # Only where it holds another one: a device may keep it in memory that wears out.
            for write in droop.stores(line):
                if not await self._put(write, line):
                    return False
            self._stored, self._stored_at = line, self._boot()
            held = await self._read(droop, whole=True)
        if held is not None and droop.off(held) and droop.lies(held, line):
            return True
        self._adopting(droop, held, line)
        return False

    async def _put(self, write: Write, line: DroopSettings) -> bool:
        """One write on the way to a line; whether the line was still wanted then."""
        await self._registers.give_way()
        if self._wanted() != line:
            return False
        if self._droop is not None and write == self._droop.switch_on:
            # On the wire from here on: it may be on, whatever becomes of the answer.
            self.state, self._unsure_since = OwnDroop.UNSURE, self._boot()
        await self._registers.put(write)
        return True

    def _adopting(self, droop: Droop, held: Values | None, line: DroopSettings) -> None:
        """The line is not the active one yet: once more, or never."""
        late = self._stored is not None and self._boot() - self._stored_at > ADOPTS_MS
        if late or (held is not None and not droop.off(held)):
            self._refused, self._stored = line, None
