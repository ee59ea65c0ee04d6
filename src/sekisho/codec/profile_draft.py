"""A profile's points before scale factors and rating are known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from sekisho.codec.meanings import Meaning, Unit, factor
from sekisho.codec.points import Pace, Point, Sample, Span, natural_length, power_of_ten

if TYPE_CHECKING:
    from sekisho.codec.profile_document import PointTable, ProfileDocument
    from sekisho.terms.quantity import Watts

USUALLY_FAST = frozenset(
    {
        *(Meaning.ACTIVE_POWER, Meaning.FREQUENCY, Meaning.STATUS, Meaning.ALARMS),
        *(Meaning.LOCAL_REMOTE, Meaning.TRIP_STATE),
    }
)
"""Read every 100 to 200 ms unless the profile says otherwise."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A point whose scale factor and rating are not known yet."""

    point: Point
    unit: Unit
    scale: Fraction
    offset: float
    factor: Span | None
    """Where the power of ten stands."""
    samples: tuple[Sample, ...]

    def settled(self, power: int, rated: Watts | None) -> Point | None:
        """The point, its scale settled; None where the unit needs a rating that is not known."""
        unit = factor(self.unit, self.point.meaning, rated)
        if unit is None:
            return None
        whole = self.scale * Fraction(*power_of_ten(power)) * Fraction(*unit)
        offset = self.offset * unit[0] / unit[1]
        return replace(self.point, scale=(whole.numerator, whole.denominator), offset=offset)


def draft_of(table: PointTable, document: ProfileDocument) -> Draft:
    """A point as the profile has it."""
    length = natural_length(table.kind)
    usual = Pace.ONCE if table.meaning is Meaning.RATED_POWER else Pace.SLOW
    point = Point(
        meaning=table.meaning,
        space=table.space,
        address=table.address,
        kind=table.kind,
        length=length,
        order=table.order or document.device.order,
        sign=table.sign or 1,
        pace=table.pace or (Pace.FAST if table.meaning in USUALLY_FAST else usual),
        keeping=table.keeping,
        fixed=table.write,
        mask=table.mask,
        states={raw: state for state, raws in table.states.items() for raw in raws},
    )
    at = table.scale_factor
    return Draft(
        point=point,
        unit=table.unit,
        scale=Fraction(repr(table.scale)),
        offset=table.offset,
        factor=None if at is None else Span(table.space, at, 1),
        samples=tuple(Sample(s.words, s.value) for s in table.samples),
    )
