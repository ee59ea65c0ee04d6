"""Which registers to read together.

On a serial line one request costs as much as dozens of registers, so this matters more than the
speed of any code. The modes are those of Telegraf's Modbus input ("request optimization"):

- `none`: one request for each span;
- `shrink`: spans that touch, or between which everything is known to be readable, are read together
  from the first to the last, cut where a request is full;
- `rearrange`: the same, cut where that costs the fewest requests, and then the fewest registers;
- `aggressive`: as `rearrange`, and short gaps are read as well though nothing is known of them.

A span is never cut: the registers of one value come from one answer. Forbidden registers are never
touched; some devices fail a whole request for one of them.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum, unique
from itertools import groupby
from typing import TYPE_CHECKING, assert_never

from sekisho.codec.modbus.pdu import BITS, MOST_BITS_READ, MOST_REGISTERS_READ, Read, Space

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sekisho.codec.points import Span


@unique
class Joining(StrEnum):
    """How boldly spans are read together; see the module's text."""

    NONE = "none"
    SHRINK = "shrink"
    REARRANGE = "rearrange"
    AGGRESSIVE = "aggressive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joints:
    """What a device can take."""

    mode: Joining = Joining.REARRANGE
    most_registers: int = MOST_REGISTERS_READ
    """In one request."""
    most_bits: int = MOST_BITS_READ
    fill: int = 16
    """Aggressive: the longest gap of registers nothing is known of."""
    known: tuple[Span, ...] = ()
    """Readable though nobody asks for it now: reserved registers of a model, other groups."""
    forbidden: tuple[Span, ...] = ()
    """Never to be touched."""

    def __post_init__(self) -> None:
        """Refuses more than a frame holds.

        Raises:
            ValueError: a limit is not between 1 and the specification's.
        """
        if not 1 <= self.most_registers <= MOST_REGISTERS_READ:
            raise ValueError(f"{self.most_registers} registers in one request")
        if not 1 <= self.most_bits <= MOST_BITS_READ:
            raise ValueError(f"{self.most_bits} bits in one request")

    def most(self, space: Space) -> int:
        """The longest request for a space."""
        return self.most_bits if space in BITS else self.most_registers


@dataclass(frozen=True, slots=True)
class Fetch:
    """One request, and the spans that its answer holds."""

    request: Read
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Requests, and where in their answers each asked span stands."""

    fetches: tuple[Fetch, ...]
    _places: tuple[tuple[int, slice], ...]

    @classmethod
    def of(cls, spans: Sequence[Span], joints: Joints) -> Plan:
        """The plan for spans in a fixed order, such as those of a `DeviceMap`'s batch.

        Raises:
            ValueError: as `plan` does.
        """
        fetches = plan(spans, joints)
        held = {span: at for at, fetch in enumerate(fetches) for span in fetch.spans}
        places = []
        for span in spans:
            start = span.address - fetches[held[span]].request.address
            places.append((held[span], slice(start, start + span.length)))
        return cls(fetches, tuple(places))

    def words(self, answers: Sequence[Sequence[int] | None]) -> list[Sequence[int] | None]:
        """One entry for each asked span, in the order they were asked.

        Args:
            answers: one for each of `fetches`; None where there was none.
        """
        return [
            None if (answer := answers[fetch]) is None else answer[place]
            for fetch, place in self._places
        ]


def plan(asked: Iterable[Span], joints: Joints) -> tuple[Fetch, ...]:
    """The requests that read every span, each span by exactly one of them.

    Raises:
        ValueError: a span is empty, longer than a request, or touches what is forbidden.
    """
    distinct = sorted(set(asked), key=lambda s: (s.space, s.address, s.length))
    fetches: list[Fetch] = []
    for space, spans in groupby(distinct, key=lambda s: s.space):
        field = _Field(space, joints)
        run = list(spans)
        for span in run:
            field.accepts(span)
        fetches += field.requests(run)
    return tuple(fetches)


class _Field:
    """One space of a device, with what is known of it."""

    def __init__(self, space: Space, joints: Joints) -> None:
        self._space = space
        self._mode = joints.mode
        self._most = joints.most(space)
        self._fill = joints.fill
        self._known = _Ranges(span for span in joints.known if span.space == space)
        self._forbidden = _Ranges(span for span in joints.forbidden if span.space == space)

    def accepts(self, span: Span) -> None:
        if not 1 <= span.length <= self._most:
            raise ValueError(f"{span.length} values at {span.address}: 1 to {self._most} fit")
        if self._forbidden.touched(span.address, span.end):
            raise ValueError(f"{span.address} to {span.end - 1} touches what is forbidden")

    def requests(self, spans: list[Span]) -> list[Fetch]:
        """The requests for a sorted run of spans."""
        starts = self._starts(spans)
        ends = [*starts[1:], len(spans)]
        return [self._fetch(spans[a:b]) for a, b in zip(starts, ends, strict=True)]

    def _starts(self, spans: list[Span]) -> list[int]:
        match self._mode:
            case Joining.NONE:
                return list(range(len(spans)))
            case Joining.SHRINK:
                return self._greedy(spans)
            case Joining.REARRANGE | Joining.AGGRESSIVE:
                return self._cheapest(spans)
            case _:
                assert_never(self._mode)

    def _fetch(self, spans: list[Span]) -> Fetch:
        first = spans[0].address
        count = max(span.end for span in spans) - first
        return Fetch(Read(self._space, first, count), tuple(spans))

    def _greedy(self, spans: list[Span]) -> list[int]:
        starts: list[int] = []
        at = 0
        while at < len(spans):
            starts.append(at)
            at += len(self._sizes(spans, at))
        return starts

    def _cheapest(self, spans: list[Span]) -> list[int]:
        """Fewest requests, then fewest registers; from the back, each start's best."""
        best: list[tuple[int, int, int]] = [(0, 0, 0)] * (len(spans) + 1)
        for at in range(len(spans) - 1, -1, -1):
            best[at] = min(
                (best[after][0] + 1, best[after][1] + size, after)
                for after, size in enumerate(self._sizes(spans, at), start=at + 1)
            )
        starts: list[int] = []
        at = 0
        while at < len(spans):
            starts.append(at)
            at = best[at][2]
        return starts

    def _sizes(self, spans: list[Span], at: int) -> list[int]:
        """How many registers a request has that begins here and holds 1, 2, … spans."""
        first, reach = spans[at].address, spans[at].end
        sizes = [reach - first]
        for span in spans[at + 1 :]:
            joined = max(reach, span.end)
            if joined - first > self._most or not self._bridged(reach, span.address):
                break
            reach = joined
            sizes.append(reach - first)
        return sizes

    def _bridged(self, start: int, end: int) -> bool:
        """Whether the registers between two spans may be read along."""
        if start >= end:
            return True
        if self._forbidden.touched(start, end):
            return False
        if self._known.covered(start, end):
            return True
        return self._mode is Joining.AGGRESSIVE and end - start <= self._fill


class _Ranges:
    """Addresses as ranges that neither touch nor overlap."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for span in sorted(spans, key=lambda s: s.address):
            if self._ends and span.address <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], span.end)
            elif span.length > 0:
                self._starts.append(span.address)
                self._ends.append(span.end)

    def touched(self, start: int, end: int) -> bool:
        """Whether any address from start up to end, which is excluded, is in a range."""
        at = bisect_right(self._ends, start)
        return at < len(self._starts) and self._starts[at] < end

    def covered(self, start: int, end: int) -> bool:
        """Whether every address from start up to end, which is excluded, is in a range."""
        at = bisect_right(self._ends, start)
        return at < len(self._starts) and self._starts[at] <= start and end <= self._ends[at]
