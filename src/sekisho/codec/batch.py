"""Points that are read together, and what their words mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from typing_extensions import override

from sekisho.codec.meanings import Meaning
from sekisho.codec.registers import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.codec.points import Point, Span

Values = dict[Meaning, Value | None]
"""What was read; None where it is absent, not implemented or could not be read."""


class ScaleChangedError(Exception):
    """A scale factor is no longer what it was at connect: nothing of this reading counts.

    Whoever runs the device gives the connection up and begins anew.
    """

    def __init__(self, span: Span, was: int, found: int | None) -> None:
        super().__init__(f"scale factor at {span.address} was {was}, now {found}")
        self.span, self.was, self.found = span, was, found


@dataclass(frozen=True, slots=True)
class ScaleWord:
    """A scale factor as it was read at connect."""

    span: Span
    word: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Points that are read together."""

    points: tuple[Point, ...]
    scales: tuple[ScaleWord, ...] = ()
    spans: tuple[Span, ...] = field(init=False)
    """What to read: one span for each point, then one for each scale factor."""
    _hash: int = field(init=False, repr=False, compare=False)
    """Found once: who keeps plans of requests looks one up at each poll."""

    def __post_init__(self) -> None:
        spans = (*(p.span for p in self.points), *(s.span for s in self.scales))
        object.__setattr__(self, "spans", spans)
        object.__setattr__(self, "_hash", hash(tuple(span.address for span in spans)))

    @override
    def __hash__(self) -> int:
        return self._hash

    def decode(self, words: Sequence[Sequence[int] | None]) -> Values:
        """What the words mean.

        Args:
            words: one entry for each of `spans`, in that order; None where the read failed.

        Raises:
            ScaleChangedError: a scale factor was read and is another one than at connect.
            ValueError: the entries are not as many as the spans; a fault of ours.
        """
        if len(words) != len(self.spans):
            raise ValueError(f"{len(words)} readings for {len(self.spans)} spans")
        for scale, held in zip(self.scales, words[len(self.points) :], strict=True):
            if held is not None and tuple(held) != (scale.word,):
                found = held[0] if len(held) == 1 else None
                raise ScaleChangedError(scale.span, scale.word, found)
        values = {
            point.meaning: None if held is None else point.value(held)
            for point, held in zip(self.points, words, strict=False)
        }
        _bound_by_current(values)
        return values


def _bound_by_current(values: Values) -> None:
    """Limits that a battery tells as currents bound its limits of power.

    A current limit that should be there and is absent makes the power limit absent.
    """
    for current, power in (
        (Meaning.CHARGE_CURRENT_LIMIT, Meaning.CHARGE_LIMIT),
        (Meaning.DISCHARGE_CURRENT_LIMIT, Meaning.DISCHARGE_LIMIT),
    ):
        if current not in values:
            continue
        amperes, volts = values[current], values.get(Meaning.DC_VOLTAGE)
        if not isinstance(amperes, int | float) or not isinstance(volts, int | float):
            values[power] = None
            continue
        by_current = max(0, int(amperes * volts))
        stated = values.get(power, by_current)
        values[power] = min(stated, by_current) if isinstance(stated, int) else None
