"""What time it is, and how sure that is.

Two clocks: the wall clock, which people and commands speak and which can be stepped; and
CLOCK_BOOTTIME, which never steps. Time is *sure* when the kernel says that it is synchronised, its
error is at most 1 s, and no step over 1 s was seen for ten minutes. Freshness is asked of the wall
clock; permissions run out on both, the earlier one ends them.
"""

from __future__ import annotations

from dataclasses import dataclass

from sekisho.terms.quantity import BootMs, WallMs

MOST_ERROR_MS = 1_000
"""Largest error of the wall clock with which time is still sure."""
STEP_MS = 1_000
"""A jump of the wall clock against CLOCK_BOOTTIME that counts as a step."""
STEP_MEMORY_MS = 600_000
"""How long a step keeps time unsure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Both clocks at one moment, and whether the wall clock can be trusted."""

    wall: WallMs
    boot: BootMs
    sure: bool
    error_ms: int = 0
    """The kernel's estimate of the wall clock's error (`maxerror` of adjtimex)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelTime:
    """What the kernel says: both clocks, and the state of its synchronisation."""

    wall: WallMs
    boot: BootMs
    synchronised: bool
    error_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSense:
    """What was seen of the clocks so far."""

    offset: int | None = None
    """Wall minus boot at the last look, in ms."""
    stepped: BootMs | None = None
    """When a step was last seen."""


def told(sense: TimeSense, kernel: KernelTime) -> tuple[TimeSense, Clock]:
    """The clock as far as it can be trusted after one more look at the kernel's."""
    offset = kernel.wall - kernel.boot
    jumped = sense.offset is not None and abs(offset - sense.offset) > STEP_MS
    stepped = kernel.boot if jumped else sense.stepped
    calm = stepped is None or kernel.boot - stepped >= STEP_MEMORY_MS
    sure = kernel.synchronised and kernel.error_ms <= MOST_ERROR_MS and calm
    clock = Clock(wall=kernel.wall, boot=kernel.boot, sure=sure, error_ms=kernel.error_ms)
    return TimeSense(offset=offset, stepped=stepped), clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """When something ends, on both clocks; the earlier one ends it.

    `boot_id` names the start of the machine that `boot` counts from: after another start only the
    wall clock can tell, and only while it is sure.
    """

    wall: WallMs
    boot: BootMs
    boot_id: str

    def over(self, clock: Clock, boot_id: str) -> bool:
        """Whether it has ended; what stood over a restart with unsure time is over."""
        if boot_id != self.boot_id:
            return not clock.sure or clock.wall >= self.wall
        return clock.boot >= self.boot or (clock.sure and clock.wall >= self.wall)

    def surely_over(self, clock: Clock, boot_id: str) -> bool:
        """The same for what only lowers risk: unsure time never ends it."""
        if boot_id != self.boot_id:
            return clock.sure and clock.wall >= self.wall
        return self.over(clock, boot_id)


def term(expires: WallMs, clock: Clock, boot_id: str) -> Term:
    """The end of a permission accepted now: what is left of its life also on CLOCK_BOOTTIME."""
    left = max(0, expires - clock.wall)
    return Term(wall=expires, boot=BootMs(clock.boot + left), boot_id=boot_id)
