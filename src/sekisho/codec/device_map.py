"""The one description of a device that the gate runs on.

It is compiled at each connection, from SunSpec discovery (`codec.sunspec.compile`) or from a profile
(`codec.profile`), when the scale factors and the rating are known. It tells what to read, what the
words mean, and which writes, in which order, bring a set-point or the watchdog about. It holds no
state: who runs it remembers what was written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.codec.batch import Batch, ScaleChangedError, ScaleWord, Values
from sekisho.codec.droop import Droop, DroopSettings
from sekisho.codec.meanings import Meaning, State
from sekisho.codec.points import Pace, Point, Span, Write
from sekisho.codec.registers import UnfitError, Value, reach
from sekisho.terms.quantity import Watts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sekisho.codec.meanings import DeviceRole

__all__ = [
    "Batch",
    "DeviceMap",
    "Droop",
    "DroopSettings",
    "Refresh",
    "ScaleChangedError",
    "ScaleWord",
    "Values",
    "Watchdog",
]


class Refresh(StrEnum):
    """What keeps a PCS's watchdog from running out."""

    HEARTBEAT = "heartbeat"
    """A counter that the gate raises."""
    TIMEOUT = "timeout"
    """The time-out is written again."""
    ENABLE = "enable"
    """The set-point is enabled again."""
    SETPOINT = "setpoint"
    """The set-point is written again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchdog:
    """How a PCS stops by itself when the gate is dead."""

    refresh: tuple[Refresh, ...]
    least_s: int = 1
    most_s: int = 300
    """Time-outs that it can hold."""
    fixed_s: int | None = None
    """The time-out, where it cannot be written."""
    fixed_fallback: Watts | None = None
    """The power that it falls back to, where that cannot be written."""


_READBACK = (Meaning.SETPOINT, Meaning.SETPOINT_MODE, Meaning.SETPOINT_ENABLE)
_WATCHDOG = (
    Meaning.WATCHDOG_TIMEOUT,
    Meaning.WATCHDOG_FALLBACK_POWER,
    Meaning.WATCHDOG_ENABLE,
    Meaning.WATCHDOG_REMAINING,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceMap:
    """A device, ready to be run."""

    role: DeviceRole
    source: str
    """Where the description came from: a profile's name, or the SunSpec models."""
    points: tuple[Point, ...]
    """At most one for each meaning."""
    scales: tuple[ScaleWord, ...] = ()
    """Scale factors as read at connect; they are read again with the slow group."""
    rated: Watts | None = None
    """Rated power, as the device or the profile tells it."""
    watchdog: Watchdog | None = None
    droop: Droop | None = None
    """Its own droop, where it has one that can be set."""
    most_words: int = 125
    """Most registers that the device gives in one answer."""
    readback: Batch = field(init=False, repr=False, compare=False)
    """What to read after a set-point was written."""
    watchdog_check: Batch = field(init=False, repr=False, compare=False)
    """What to read to know that the watchdog holds what was written."""
    _by: dict[Meaning, Point] = field(init=False, repr=False, compare=False)
    _batches: dict[Pace, Batch] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by = {point.meaning: point for point in self.points}
        if len(by) != len(self.points):
            raise ValueError("two points of one meaning")
        object.__setattr__(self, "_by", by)
        batches = {
            pace: Batch(
                tuple(p for p in self.points if p.pace is pace),
                self.scales if pace is Pace.SLOW else (),
            )
            for pace in Pace
        }
        object.__setattr__(self, "_batches", batches)
        object.__setattr__(self, "readback", self.chosen(_READBACK))
        object.__setattr__(self, "watchdog_check", self.chosen(_WATCHDOG))

    # ---- reading -----------------------------------------------------------------------------

    def has(self, meaning: Meaning) -> bool:
        """Whether the device has such a point."""
        return meaning in self._by

    def point(self, meaning: Meaning) -> Point:
        """The point of a meaning.

        Raises:
            KeyError: the device has none.
        """
        return self._by[meaning]

    def batch(self, pace: Pace) -> Batch:
        """The points of one group, and, with the slow one, the scale factors."""
        return self._batches[pace]

    def spans(self, pace: Pace) -> tuple[Span, ...]:
        """What to read for one group, for the planner of reads."""
        return self._batches[pace].spans

    def decode(self, pace: Pace, words: Sequence[Sequence[int] | None]) -> Values:
        """What the words of one group mean; see `Batch.decode`."""
        return self._batches[pace].decode(words)

    def chosen(self, meanings: Iterable[Meaning]) -> Batch:
        """The points of some meanings, as far as the device has them."""
        return Batch(tuple(self._by[m] for m in meanings if m in self._by))

    # ---- the set-point -----------------------------------------------------------------------

    def setpoint_writes(self, watts: Watts, *, engaged: bool = False) -> tuple[Write, ...]:
        """The writes that bring a set-point about: value, then mode, then enable.

        Args:
            watts: export positive; what the register cannot resolve is dropped towards zero.
            engaged: mode and enable were read back as wanted, so only the value is written.

        Raises:
            UnfitError: the register cannot hold it; nothing is to be written.
        """
        value = self._setpoint.write(watts)
        return (value,) if engaged else (value, *self._engage())

    def nearest_setpoint(self, watts: Watts) -> Watts:
        """What will be read back after `setpoint_writes(watts)`.

        Raises:
            UnfitError: the register cannot hold it.
        """
        return Watts(self._setpoint.nearest(watts))

    def engaged(self, values: Mapping[Meaning, Value | None]) -> bool:
        """Whether mode and enable, as read back, make the set-point count."""
        return all(
            values.get(point.meaning) == point.fixed
            for point in self._engaging()
            if point.fixed is not None
        )

    @property
    def _setpoint(self) -> Point:
        point = self._by.get(Meaning.SETPOINT)
        if point is None:
            raise UnfitError("the device has no set-point")
        return point

    def _engaging(self) -> Iterable[Point]:
        for meaning in (Meaning.SETPOINT_MODE, Meaning.SETPOINT_ENABLE):
            if meaning in self._by:
                yield self._by[meaning]

    def _engage(self) -> Iterable[Write]:
        return (p.write_raw(p.fixed) for p in self._engaging() if p.fixed is not None)

    # ---- the watchdog ------------------------------------------------------------------------

    def watchdog_arm(self, seconds: int, fallback: Watts) -> tuple[Write, ...]:
        """The writes that arm the watchdog, before the first set-point.

        Args:
            seconds: the time-out; the device's own where it cannot be written.
            fallback: the power that it falls back to, likewise.

        Raises:
            UnfitError: the device has no watchdog, or cannot hold these.
        """
        dog = self._dog
        if not dog.least_s <= seconds <= dog.most_s:
            raise UnfitError(f"{seconds} s is outside {dog.least_s} to {dog.most_s} s")
        if dog.fixed_s is not None and seconds < dog.fixed_s:
            raise UnfitError(f"the time-out is fixed at {dog.fixed_s} s")
        if dog.fixed_fallback is not None and fallback != dog.fixed_fallback:
            raise UnfitError(f"the fall-back is fixed at {dog.fixed_fallback} W")
        return tuple(self._arming(seconds, fallback))

    def _arming(self, seconds: int, fallback: Watts) -> Iterable[Write]:
        if Meaning.WATCHDOG_FALLBACK_POWER in self._by:
            yield self._by[Meaning.WATCHDOG_FALLBACK_POWER].write(fallback)
        if Meaning.WATCHDOG_TIMEOUT in self._by:
            yield self._by[Meaning.WATCHDOG_TIMEOUT].write(seconds)
        enable = self._by.get(Meaning.WATCHDOG_ENABLE)
        if enable is not None and enable.fixed is not None:
            yield enable.write_raw(enable.fixed)

    def watchdog_refresh(
        self, counter: int, seconds: int, setpoint: Watts | None = None
    ) -> tuple[Write, ...]:
        """The writes that keep the watchdog from running out.

        Args:
            counter: any number that is one higher each time.
            seconds: the time-out that it was armed with.
            setpoint: the standing set-point; needed where only that restarts the watchdog.

        Raises:
            UnfitError: the device has no watchdog.
        """
        writes: list[Write] = []
        for way in self._dog.refresh:
            match way:
                case Refresh.HEARTBEAT:
                    writes.append(self._beat(counter))
                case Refresh.TIMEOUT:
                    writes.append(self._by[Meaning.WATCHDOG_TIMEOUT].write(seconds))
                case Refresh.ENABLE:
                    enable = self._by[Meaning.SETPOINT_ENABLE]
                    if enable.fixed is not None:
                        writes.append(enable.write_raw(enable.fixed))
                case Refresh.SETPOINT:
                    if setpoint is not None:
                        writes.append(self._setpoint.write(setpoint))
        return tuple(writes)

    def _beat(self, counter: int) -> Write:
        """The next heartbeat; it begins anew at 1 where the register is full."""
        point = self._by[Meaning.HEARTBEAT]
        most = (reach(point.kind) or (0, 1))[1]
        return point.write_raw(1 + counter % most)

    def watchdog_holds(
        self, values: Mapping[Meaning, Value | None], seconds: int, fallback: Watts
    ) -> bool:
        """Whether what was read by `watchdog_check` is what was armed; absent is never yes.

        The remaining time, where the device tells it, must not be over; a timer that counts only
        while the set-point is enabled is to be checked after the first set-point.
        """
        dog = self._dog
        wanted: list[tuple[Meaning, float]] = [(Meaning.WATCHDOG_TIMEOUT, seconds)]
        if dog.fixed_fallback is None and Meaning.WATCHDOG_FALLBACK_POWER in self._by:
            held = self._by[Meaning.WATCHDOG_FALLBACK_POWER].nearest(fallback)
            wanted.append((Meaning.WATCHDOG_FALLBACK_POWER, held))
        enable = self._by.get(Meaning.WATCHDOG_ENABLE)
        if enable is not None and enable.fixed is not None:
            wanted.append((Meaning.WATCHDOG_ENABLE, enable.fixed))
        if any(values.get(m) != v for m, v in wanted if m in self._by):
            return False
        left = values.get(Meaning.WATCHDOG_REMAINING)
        return Meaning.WATCHDOG_REMAINING not in self._by or (
            isinstance(left, int | float) and 0 < left <= seconds
        )

    @property
    def _dog(self) -> Watchdog:
        if self.watchdog is None:
            raise UnfitError("the device has no watchdog")
        return self.watchdog

    # ---- other things ------------------------------------------------------------------------

    def trip_writes(self) -> tuple[Write, ...]:
        """The write that opens the breaker.

        Raises:
            UnfitError: the device has no such point.
        """
        point = self._by.get(Meaning.TRIP)
        if point is None or point.fixed is None:
            raise UnfitError("the device has no trip")
        return (point.write_raw(point.fixed),)

    def locked_out(self, values: Mapping[Meaning, Value | None]) -> bool:
        """Whether the device says that only people on the spot command it."""
        return State.LOCAL in (values.get(Meaning.STATUS), values.get(Meaning.LOCAL_REMOTE))

    def faulted(self, values: Mapping[Meaning, Value | None]) -> bool | None:
        """Whether the device says that no power can be asked of it; None: it cannot be told."""
        told = [values.get(m) for m in (Meaning.STATUS, Meaning.ALARMS) if m in self._by]
        if State.FAULT in told or any(isinstance(v, int) and v != 0 for v in told):
            return True
        return None if None in told else False
