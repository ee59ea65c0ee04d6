"""A power conversion system: set-point, ramp, delay, and a watchdog of its own.

The watchdog runs while the set-point is enabled. Whatever a device accepts as a sign of life
restarts it; when it runs out, the set-point is replaced by the fall-back, which the device reaches at
its own ramp, without anybody asking (SunSpec model 704: the reversion timer of WSet).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.device_map import Refresh

if TYPE_CHECKING:
    from sekisho.lab.own_droop import OwnDroop


@dataclass(frozen=True, slots=True, kw_only=True)
class PcsPlate:
    """What a PCS is."""

    rated_w: int
    ramp_w_s: float
    """Fastest change, W for each second."""
    delay_ms: int = 100
    """From the write until the power begins to move."""
    refreshed_by: frozenset[Refresh] = frozenset(
        {Refresh.HEARTBEAT, Refresh.TIMEOUT, Refresh.ENABLE}
    )
    """What restarts its watchdog."""
    enable_reverts: bool = False
    """Its watchdog has no switch; what is switched is whether the fall-back is enabled once it has
    run out (WSetEnaRvrt of model 704)."""
    fixed_timeout_s: float | None = None
    """The time-out where it cannot be set; its watchdog is then always armed."""


class Pcs:
    """A PCS in time. Powers are W, export positive."""

    __slots__ = (
        "_due",
        "_queued",
        "alarm",
        "beat_in",
        "beat_out",
        "broken",
        "droop",
        "enabled",
        "expired",
        "fallback",
        "fallback_enabled",
        "hertz",
        "hidden",
        "local",
        "mode_right",
        "nominal",
        "ordered",
        "own_power",
        "plate",
        "power",
        "remaining_ms",
        "reversed_sign",
        "running",
        "setpoint",
        "stopped",
        "stuck",
        "target",
        "timeout_s",
        "watchdog_dead",
        "watchdog_on",
    )

    def __init__(self, plate: PcsPlate) -> None:
        """A PCS at rest: no set-point, its watchdog not armed."""
        self.plate = plate
        self.power = 0.0
        """What really flows."""
        self.own_power = 0.0
        """What flows by its own control; a hidden power comes on top."""
        self.ordered = 0.0
        """The part of it that follows the set-point; the rest is its own droop's."""
        self.droop: OwnDroop | None = None
        """Its own droop, where it has one."""
        self.hertz = self.nominal = 50.0
        """What it sees of the grid."""
        self.target = 0.0
        """Where its power goes now."""
        self.setpoint = 0
        """As written."""
        self.enabled = False
        self.mode_right = True
        """The mode is the one in which the set-point counts."""
        self.running = True
        """Nobody has stopped it by its operation control."""
        self.fallback = 0
        self.fallback_enabled = not plate.enable_reverts
        self.timeout_s = plate.fixed_timeout_s or 0.0
        self.watchdog_on = True
        """Where the device has a switch for it."""
        self.remaining_ms = 0.0
        self.expired = False
        """The watchdog has run out since it was last restarted."""
        self.beat_in = 0
        self.beat_out = 0
        self.stopped = False
        """Its emergency stop is pressed."""
        self.local = False
        """It is locked out."""
        self.broken = False
        self.alarm = 0
        """Bits of faults."""
        # what faults do to it
        self.hidden = 0.0
        """Power that nobody ordered."""
        self.stuck = False
        self.reversed_sign = False
        self.watchdog_dead = False
        self._due: deque[tuple[int, float]] = deque()
        self._queued = 0.0

    # ---- what is written ---------------------------------------------------------------------

    @property
    def remote(self) -> bool:
        """Whether commands from outside are taken."""
        return not (self.stopped or self.local)

    def write_setpoint(self, watts: int) -> bool:
        """A set-point; False: refused."""
        if not self.remote or abs(watts) > self.plate.rated_w:
            return False
        self.setpoint = watts
        if self.expired:  # a new order after the fall-back is watched as the first one was
            self._restart()
        self._alive(Refresh.SETPOINT)
        return True

    def write_enable(self, on: bool) -> bool:  # noqa: FBT001 - a register's value, no switch
        """Enables or disables the set-point; False: refused."""
        if not self.remote:
            return False
        fresh = on and not self.enabled
        self.enabled = on
        if fresh:  # the timer begins to count
            self._restart()
        elif on:
            self._alive(Refresh.ENABLE)
        return True

    def write_timeout(self, seconds: float) -> bool:
        """The watchdog's time-out; False: refused."""
        if self.plate.fixed_timeout_s is not None or seconds < 0:
            return False
        self.timeout_s = seconds
        self._alive(Refresh.TIMEOUT)
        return True

    def write_beat(self, counter: int) -> bool:
        """The controller's heartbeat: only another value is a sign of life."""
        if counter != self.beat_in:
            self.beat_in = counter
            self._alive(Refresh.HEARTBEAT)
        return True

    def write_watchdog(self, on: bool) -> bool:  # noqa: FBT001  a register's value
        """The watchdog's switch, or whether its fall-back is enabled."""
        if self.plate.enable_reverts:
            self.fallback_enabled = on
        else:
            self.watchdog_on = on
        return True

    @property
    def watchdog_switch(self) -> bool:
        """What `write_watchdog` has written."""
        return self.fallback_enabled if self.plate.enable_reverts else self.watchdog_on

    def _alive(self, sign: Refresh) -> None:
        if sign in self.plate.refreshed_by:
            self._restart()

    def _restart(self) -> None:
        self.remaining_ms = self.timeout_s * 1000.0
        self.expired = False

    @property
    def counting(self) -> bool:
        """Whether the watchdog counts down."""
        return self.enabled and self.watchdog_on and self.timeout_s > 0 and not self.expired

    @property
    def remaining_s(self) -> float:
        """What is left of the time-out; 0 while it does not count."""
        return self.remaining_ms / 1000.0 if self.counting else 0.0

    # ---- time --------------------------------------------------------------------------------

    def step(self, now_ms: int, dt_ms: int, takes: float, gives: float) -> float:
        """One step.

        Args:
            now_ms: the end of the step.
            dt_ms: its length.
            takes: most that its battery takes, W ≥ 0.
            gives: most that its battery gives, W ≥ 0.

        Returns:
            What flowed during the step.
        """
        if not self.remote or self.broken:  # no ramp: these open the contactor
            self.target = self.own_power = self.ordered = 0.0
            if self.droop is not None:
                self.droop.adds = 0.0
            self._due.clear()
            self._queued = 0.0
            self.enabled = self.enabled and not self.stopped
        else:
            self._watch(dt_ms)
            self._aim(now_ms)
            most = self.plate.ramp_w_s * dt_ms / 1000.0
            gap = self.target - self.ordered
            self.ordered += gap if -most <= gap <= most else (most if gap > 0 else -most)
            self.own_power = self.ordered if self.droop is None else self._with(self.droop, dt_ms)
        own = self.own_power
        if own > gives:
            self.own_power = own = gives
            self.ordered = min(self.ordered, gives)
        elif own < -takes:
            self.own_power = own = -takes
            self.ordered = max(self.ordered, -takes)
        if self.hidden:
            rated = self.plate.rated_w
            own = max(-min(takes, rated), min(gives, rated, own + self.hidden))
        self.power = own
        return own

    def _with(self, droop: OwnDroop, dt_ms: int) -> float:
        """What its set-point and its own droop give together, inside its rating."""
        rated = float(self.plate.rated_w)
        adds = droop.step(self.hertz, self.nominal, self.plate.rated_w, dt_ms)
        least = min(self.ordered, droop.active.power_min * rated)
        return max(-rated, least, min(rated, self.ordered + adds))

    def _watch(self, dt_ms: int) -> None:
        if self.watchdog_dead or not self.counting:
            return
        self.remaining_ms -= dt_ms
        if self.remaining_ms > 0:
            return
        self.remaining_ms = 0.0
        self.expired = True
        self.setpoint = self.fallback
        self.enabled = self.fallback_enabled
        self._due.clear()
        self.target = self._queued = self._wanted()

    def _wanted(self) -> float:
        if not (self.enabled and self.mode_right and self.running):
            return 0.0
        return float(-self.setpoint if self.reversed_sign else self.setpoint)

    def _aim(self, now_ms: int) -> None:
        wanted = self._wanted()
        if wanted != self._queued and not self.stuck:
            self._due.append((now_ms + self.plate.delay_ms, wanted))
            self._queued = wanted
        while self._due and self._due[0][0] <= now_ms:
            self.target = self._due.popleft()[1]
