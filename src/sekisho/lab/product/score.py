"""How well probe and judge see the planted faults: detections, misses, false alarms. No score of a product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.lab.product.faults import BY_FAULT, Fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sekisho.terms.ids import CriterionId
    from sekisho.terms.verdict import Verdict

    Verdicts = Mapping[CriterionId, Verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One switch, and which verdicts changed by it."""

    fault: Fault
    changed: tuple[CriterionId, ...]

    @property
    def detected(self) -> bool:
        """The criterion that it breaks has another verdict; one that breaks none has nothing to detect."""
        breaks = BY_FAULT[self.fault].breaks
        return breaks is None or breaks in self.changed

    @property
    def false_alarms(self) -> tuple[CriterionId, ...]:
        """Criteria that it does not break, and that have another verdict all the same."""
        return tuple(c for c in self.changed if c != BY_FAULT[self.fault].breaks)


def sighting(fault: Fault, whole: Verdicts, faulty: Verdicts) -> Sighting:
    """What a switch changed.

    Args:
        fault: the switch.
        whole: the verdicts on the product without a fault.
        faulty: those with this one.
    """
    return Sighting(
        fault=fault, changed=tuple(name for name in whole if faulty[name] is not whole[name])
    )


def counted(sightings: Sequence[Sighting]) -> tuple[int, int, int]:
    """Faults that break a criterion, those of them that were detected, and false alarms."""
    breaking = [s for s in sightings if BY_FAULT[s.fault].breaks is not None]
    return (
        len(breaking),
        sum(s.detected for s in breaking),
        sum(len(s.false_alarms) for s in sightings),
    )
