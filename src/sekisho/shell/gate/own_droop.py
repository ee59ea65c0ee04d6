"""One PCS's own droop: set, switched and verified by the task that runs the device.

It is switched off at every connection, before any set-point, and is on only while the cycle keeps
saying so. Its line is verified before it is enabled, because a device could follow another one in
between. What is read back otherwise than it was set was set by somebody else: it is switched off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

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


class Registers(Protocol):
    """What it needs of the device's task."""

    async def held(self, batch: Batch) -> Values:
        """Values of a batch; empty where no answer came."""

    async def put(self, write: Write) -> None:
        """One write."""


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
        held = await self._registers.held(self._droop.check)
        if not held:
            return
        follows = self._follows
        same = self._droop.off(held) if follows is None else self._droop.holds(held, follows)
        if not same:
            self.foreign_at = self._boot()
            self._refused = follows
            await self._off()

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
        held = await self._registers.held(self._droop.check)
        if held:
            self.state = OwnDroop.OFF if self._droop.off(held) else OwnDroop.FAILED

    async def _on(self, line: DroopSettings) -> None:
        """Its line, then, once the device shows that as the active one, the switch."""
        droop = self._droop
        if droop is None or not droop.fits(line):
            self._refused = line
            return
        self._hold_until = BootMs(self._boot() + AGAIN_MS)
        try:
            held = await self._registers.held(droop.check)
            if held and self._stored != line and not droop.lies(held, line):
                # Only where it holds another one: a device may keep it in memory that wears out.
                for write in droop.stores(line):
                    await self._registers.put(write)
                self._stored, self._stored_at = line, self._boot()
                held = await self._registers.held(droop.check)
            if not droop.off(held) or not droop.lies(held, line):
                self._adopting(droop, held, line)
                return
            # On the wire from here on: it may be on, whatever becomes of the answer.
            self.state, self._unsure_since = OwnDroop.UNSURE, self._boot()
            await self._registers.put(droop.switch_on)
        except BusyError:
            return
        except RefusedError:
            self._refused = line
            return
        held = await self._registers.held(droop.check)
        if held and droop.holds(held, line):
            self._follows, self.state = line, OwnDroop.ON
        elif held:
            self._refused = line

    def _adopting(self, droop: Droop, held: Values, line: DroopSettings) -> None:
        """The line is not the active one yet: once more, or never."""
        late = self._stored is not None and self._boot() - self._stored_at > ADOPTS_MS
        if late or (held and not droop.off(held)):
            self._refused, self._stored = line, None
