"""Commissioning: the plant is moved a little, and every reading must move with it.

Wrong signs are the commonest real fault of a new plant: a meter mounted backwards, a PCS that counts
charge as positive, two PCS exchanged, a scale of a thousand. The plan moves all PCS together by 1 %
of their rating, both ways, and then each by itself; the judgement compares what each reading did with
what was asked. Without an entry of a good judgement the gate takes no market command.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.gate.commission_findings import UNDECIDED, Finding, said
from sekisho.gate.image import Reading
from sekisho.gate.settings import SouthRole
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import BootMs, Watts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sekisho.gate.image import BmsImage, MeterImage, PcsImage, PlantImage
    from sekisho.gate.journal.entries import Body
    from sekisho.gate.settings import Settings
    from sekisho.terms.texts import Text

STEP = 0.01
"""Share of each PCS's rating by which it is moved."""
NEAR = 0.5
"""Share of a step by which a reading may be off it, and above which it counts as having moved."""
HOLD_MS = 15_000
"""How long each phase is held; its second half is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """What was asked of each PCS for a while, and the images read meanwhile."""

    asked: Mapping[DeviceId, Watts]
    images: tuple[PlantImage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one device did."""

    device: DeviceId
    finding: Finding
    asked: Watts
    """Of the step that decided; export positive."""
    moved: Watts | None
    """By how much the reading moved then."""
    by: str
    """Which reading was judged: `power`, `soc` or `battery-power`."""

    @property
    def said(self) -> Text:
        """The verdict as a sentence."""
        return said(self.finding).fill(
            asked=f"{self.asked:+_}", moved="—" if self.moved is None else f"{self.moved:+_}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What every device did."""

    digest: str
    """Of the configuration that was judged."""
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> bool:
        """Whether every reading moved as asked."""
        return bool(self.verdicts) and all(v.finding is Finding.RIGHT for v in self.verdicts)

    @property
    def undecided(self) -> bool:
        """Whether nothing was found wrong, but something could not be seen."""
        return not self.passed and all(
            v.finding is Finding.RIGHT or v.finding in UNDECIDED for v in self.verdicts
        )

    @property
    def body(self) -> Body:
        """The journal entry's body."""
        return MappingProxyType(
            {
                "digest": self.digest,
                "passed": self.passed,
                "findings": {v.device: v.finding.value for v in self.verdicts},
                "asked": {v.device: v.asked for v in self.verdicts},
                "moved": {v.device: v.moved for v in self.verdicts},
                "by": {v.device: v.by for v in self.verdicts},
            }
        )


def plan(settings: Settings) -> tuple[Mapping[DeviceId, Watts], ...]:
    """What to ask in each phase: rest between all together, each way, and each by itself."""
    rest = {d.device: Watts(0) for d in settings.pcs}
    step = {d.device: Watts(max(1, round(d.rated * STEP))) for d in settings.pcs}
    back = {device: Watts(-power) for device, power in step.items()}
    phases: list[Mapping[DeviceId, Watts]] = [rest, step, rest, back, rest]
    if len(step) > 1:
        for device, power in step.items():
            phases += [{**rest, device: power}, rest]
    return tuple(MappingProxyType(phase) for phase in phases)


def least_hold_ms(settings: Settings) -> int:
    """How long a phase must be held so that each battery is read in its second half."""
    slow = [d.slow_ms for d in settings.south if d.role is SouthRole.BMS]
    return max(slow, default=0) * 5 // 2


def judged(settings: Settings, phases: Sequence[Phase]) -> Judgement:
    """What the readings did in a run of the plan.

    Args:
        settings: the plant.
        phases: in their order; the first is a rest.
    """
    pairs = [(phases[at - 1], phase) for at, phase in enumerate(phases) if at and _moves(phase)]
    whole = [pair for pair in pairs if _is_whole(pair[1])]
    verdicts = [_pcs(d.device, pairs) for d in settings.pcs]
    verdicts.append(_meters(_named(phases, lambda i: i.meters), phases, whole))
    verdicts += [_battery(b, whole) for b in _named(phases, lambda i: i.bms)]
    return Judgement(digest=settings.digest, verdicts=tuple(verdicts))


def _moves(phase: Phase) -> bool:
    return any(phase.asked.values())


def _is_whole(phase: Phase) -> bool:
    """Whether all PCS are asked, the same way: the meter sees the step best."""
    signs = {(power > 0) - (power < 0) for power in phase.asked.values()}
    return len(signs) == 1 and signs != {0}


def _named(
    phases: Sequence[Phase], of: Callable[[PlantImage], Iterable[PcsImage | MeterImage | BmsImage]]
) -> list[DeviceId]:
    seen = {d.device: None for phase in phases for i in phase.images for d in of(i)}
    return list(seen)


def _pcs(device: DeviceId, pairs: Sequence[tuple[Phase, Phase]]) -> Verdict:
    def read(image: PlantImage) -> Reading[Watts] | None:
        return next((p.power for p in image.pcs if p.device == device), None)

    found = [_compared(device, *pair, pair[1].asked.get(device, Watts(0)), read) for pair in pairs]
    # A unit that is not asked is measured by the steps of its neighbours.
    return _worst(device, found, "power")


def _meters(
    devices: Sequence[DeviceId],
    phases: Sequence[Phase],
    whole: Sequence[tuple[Phase, Phase]],
) -> Verdict:
    """The connection point: several meters stand beside one another, and their powers add up."""
    device = DeviceId("+".join(devices))

    def read(image: PlantImage) -> Reading[Watts] | None:
        found = [m.power for m in image.meters if m.power is not None]
        if not found or len(found) < len(devices):
            return None
        return Reading(Watts(sum(r.value for r in found)), BootMs(min(r.at for r in found)))

    noise = max((_spread(_settled(p, read)) for p in phases if not _moves(p)), default=0.0)
    found = []
    for before, after in whole:
        asked = Watts(sum(after.asked.values()))
        one = _compared(device, before, after, asked, read)
        hidden = one.finding is not Finding.RIGHT and noise > NEAR * abs(asked)
        if hidden and one.finding is not Finding.UNSEEN:
            one = replace(one, finding=Finding.NOISY)
        found.append(one)
    return _worst(device, found, "power")


def _battery(device: DeviceId, whole: Sequence[tuple[Phase, Phase]]) -> Verdict:
    """By the state of charge where it moved at all, else by the power that the BMS measures."""
    by_charge = _charge(device, whole)
    if by_charge is not None:
        return by_charge

    def read(image: PlantImage) -> Reading[Watts] | None:
        return next((b.power for b in image.bms if b.device == device), None)

    found = []
    for before, after in whole:
        asked = Watts(sum(after.asked.values()))
        one = _compared(device, before, after, asked, read)
        if one.finding is Finding.OFF:  # one battery of several takes its part of the step
            one = replace(one, finding=Finding.RIGHT)
        found.append(one)
    return _worst(device, found, "battery-power")


def _charge(device: DeviceId, whole: Sequence[tuple[Phase, Phase]]) -> Verdict | None:
    """The verdict by state of charge; None where it is too coarse to have moved."""
    found: list[Verdict] = []
    for _, after in whole:
        asked = Watts(sum(after.asked.values()))
        values = [
            bms.soc.value
            for image in after.images
            for bms in image.bms
            if bms.device == device and bms.soc is not None and bms.soc.at >= after.images[0].at
        ]
        if len(values) < 2 or values[0] == values[-1]:  # noqa: PLR2004  a change has two ends
            continue
        fell = values[-1] < values[0]
        finding = Finding.RIGHT if fell == (asked > 0) else Finding.REVERSED
        found.append(Verdict(device=device, finding=finding, asked=asked, moved=None, by="soc"))
    return _worst(device, found, "soc") if found else None


def _compared(
    device: DeviceId,
    before: Phase,
    after: Phase,
    asked: Watts,
    read: Callable[[PlantImage], Reading[Watts] | None],
) -> Verdict:
    rest, step = _settled(before, read), _settled(after, read)
    if not rest or not step:
        return Verdict(device=device, finding=Finding.UNSEEN, asked=asked, moved=None, by="power")
    moved = Watts(round(median(step) - median(rest)))
    scale = abs(asked) or max((abs(p) for p in after.asked.values()), default=0)
    return Verdict(
        device=device,
        finding=_finding(asked, moved, scale),
        asked=asked,
        moved=moved,
        by="power",
    )


def _finding(asked: int, moved: int, scale: int) -> Finding:
    still = abs(moved) < NEAR * scale
    if not asked:
        return Finding.RIGHT if still else Finding.STRAY
    if still:
        return Finding.STILL
    if (moved > 0) != (asked > 0):
        return Finding.REVERSED
    return Finding.RIGHT if abs(moved - asked) <= NEAR * scale else Finding.OFF


def _settled(phase: Phase, read: Callable[[PlantImage], Reading[Watts] | None]) -> list[int]:
    """What was read in the second half of a phase; a value of before does not count."""
    later = phase.images[len(phase.images) // 2 :]
    found = {r.at: r.value for image in later if (r := read(image)) is not None}
    return [value for at, value in found.items() if at >= later[0].at]


def _spread(values: Sequence[int]) -> float:
    return float(max(values) - min(values)) if values else 0.0


def _worst(device: DeviceId, found: Sequence[Verdict], by: str) -> Verdict:
    """The finding that decides; of the same kind the last."""
    order = list(Finding)
    if not found:
        return Verdict(device=device, finding=Finding.UNSEEN, asked=Watts(0), moved=None, by=by)
    worst = max(found, key=lambda v: (order.index(v.finding), abs(v.asked)))
    return replace(worst, by=by)
