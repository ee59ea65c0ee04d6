"""One PCS's own watchdog: armed and read back before any set-point, then refreshed.

Whether it may be refreshed is the worker's to say: a gate whose cycle is dead must look dead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.meanings import Meaning
from sekisho.codec.modbus.errors import BusyError, MalformedError, SilentError
from sekisho.gate.image import WatchdogState
from sekisho.terms.quantity import Watts

if TYPE_CHECKING:
    from sekisho.codec.device_map import DeviceMap
    from sekisho.gate.settings import SouthDevice
    from sekisho.shell.gate.requests import Requests

FALLBACK = Watts(0)
"""What a PCS does when nobody speaks to it any more."""


class WatchdogHand:
    """Arms and refreshes it; what it finds is said by `WatchdogState`."""

    def __init__(self, declared: SouthDevice, requests: Requests) -> None:
        """The watchdog of a device that is not connected yet."""
        self._declared = declared
        self._requests = requests
        self._beat = 0

    async def armed(self, device_map: DeviceMap) -> WatchdogState:
        """Arms it and reads it back.

        Raises:
            ModbusError: the device refused a write, or gave no answer.
            UnfitError: it cannot hold the time-out, or the day's writes to lasting memory are used up.
        """
        declared = self._declared
        if device_map.watchdog is None:
            waived = declared.no_watchdog is not None
            return WatchdogState.WAIVED if waived else WatchdogState.UNARMED
        for write in device_map.watchdog_arm(declared.watchdog_s, FALLBACK):
            await self._requests.write(write)
        held = await self._requests.read(device_map.watchdog_check, must=True)
        # A timer that counts only while a set-point is enabled says nothing before the first one.
        held = {**held, Meaning.WATCHDOG_REMAINING: declared.watchdog_s}
        good = device_map.watchdog_holds(held, declared.watchdog_s, FALLBACK)
        return WatchdogState.ARMED if good else WatchdogState.FAILED

    async def refreshed(
        self, device_map: DeviceMap, written: Watts | None, *, engaged: bool
    ) -> WatchdogState | None:
        """Keeps it from running out, and sees that it still holds what was written.

        Args:
            device_map: the device.
            written: the set-point that it holds for sure.
            engaged: that set-point counts.

        Returns:
            What it is now; None where nothing was learned.

        Raises:
            ModbusError: the device refused a write, or is lost.
            UnfitError: as `armed` does.
        """
        if device_map.watchdog is None:
            return None
        self._beat += 1
        seconds = self._declared.watchdog_s
        try:
            for write in device_map.watchdog_refresh(self._beat, seconds, written):
                await self._requests.write(write)
        except (SilentError, MalformedError) as error:
            self._requests.missed(error)  # the next refresh is well before the watchdog runs out
            return None
        except BusyError as error:
            self._requests.count(error)
            return None
        held = await self._requests.read(device_map.watchdog_check)
        if not held:
            return None
        if not engaged:
            held = {**held, Meaning.WATCHDOG_REMAINING: seconds}
        good = device_map.watchdog_holds(held, seconds, FALLBACK)
        return WatchdogState.ARMED if good else await self.armed(device_map)
