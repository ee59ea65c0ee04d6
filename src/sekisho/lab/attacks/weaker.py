"""Gates with one defence absent, so that it can be shown what it is good for.

Only the laboratory can build them: the guard's tuple without a check, or bounds and settings that no
reader takes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sekisho.codec.command import Curtail
from sekisho.gate.guard.check import Check, Narrowed
from sekisho.gate.guard.decide import CHECKS
from sekisho.terms.quantity import Watts

if TYPE_CHECKING:
    from sekisho.codec.bounds import Bounds
    from sekisho.codec.command import Command
    from sekisho.gate.guard.check import Finding
    from sekisho.gate.guard.question import Question
    from sekisho.gate.settings import Settings
    from sekisho.gate.update.admit import Floor

BOUNDLESS_W = 10**12


def without(*names: str) -> tuple[Check, ...]:
    """The guard without some of its questions.

    Raises:
        ValueError: there is no such question.
    """
    unknown = set(names) - {check.name for check in CHECKS}
    if unknown:
        raise ValueError(", ".join(sorted(unknown)))
    return tuple(check for check in CHECKS if check.name not in names)


def forgetful() -> tuple[Check, ...]:
    """A guard that takes every curtailment and keeps none: they stand without a limit."""
    return (*CHECKS, Check("forgets", _forget))


def _forget(question: Question, command: Command) -> Finding:  # noqa: ARG001 - as every check
    if not isinstance(command, Curtail):
        return None
    wide = Watts(BOUNDLESS_W)
    return Narrowed(replace(command, export_max=wide, import_max=wide), ())


def floorless() -> tuple[Floor, ...]:
    """An updater that asks nothing of an update but its signatures."""
    return ()


def blind_meter(settings: Settings) -> Settings:
    """A gate whose meter may disagree by anything."""
    return replace(settings, mismatch_band=Watts(BOUNDLESS_W))


def blind_readback(settings: Settings) -> Settings:
    """A gate to which every value read back looks like a rounding of what was ordered."""
    south = tuple(
        replace(one, rated=Watts(BOUNDLESS_W)) if one.rated else one for one in settings.south
    )
    return replace(settings, south=south)


def no_ramps(bounds: Bounds) -> Bounds:
    """Bounds that let power jump."""
    return replace(bounds, ramp_dispatch=BOUNDLESS_W, ramp_max=BOUNDLESS_W)


def brisk(bounds: Bounds) -> Bounds:
    """Bounds of a plant that may move its rating in a second: nothing but a budget slows it."""
    return replace(bounds, ramp_dispatch=2_000_000, ramp_max=2_000_000)


def eager(bounds: Bounds) -> Bounds:
    """Bounds whose dispatch may move as fast as the plant's protections."""
    return replace(bounds, ramp_dispatch=bounds.ramp_max)


def impatient(settings: Settings) -> Settings:
    """A gate that counts the cloud as lost at once, so that nobody has to wait for it."""
    return replace(settings, north=replace(settings.north, lost_ms=500))
