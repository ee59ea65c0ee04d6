"""What the way from a command to a set-point took, and the figures that are made of it."""

from __future__ import annotations

import statistics
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.bench_gate_figure import Found, quantile

if TYPE_CHECKING:
    from collections.abc import Sequence


_LATEST_NS = 1_000_000_000
_MS = 1_000_000


@dataclass(frozen=True, slots=True)
class Took:
    """What each message took, in ms; one whose power was never held counts as the longest wait."""

    whole: list[float]
    hop: list[float]
    """Until the line handed it over."""
    rest: list[float]
    """From there to the value that was read back."""
    straight: list[float]
    """Whole, of those that did not come within the cycle's rest after a tick."""
    lost: int


@dataclass(frozen=True, slots=True)
class Marks:
    """What one of the two wrote down."""

    arrived: list[int]
    held: list[tuple[int, int]]
    rested: list[int]
    """When an order met the cycle's rest."""


def took(
    sent: Sequence[tuple[int, int]], marks: Marks, later: Sequence[tuple[int, int]] = ()
) -> Took:
    """Finds to each message when it arrived and when its power was first read back.

    Args:
        sent: when each was begun, in ns, and its power.
        marks: what the one that they were sent to wrote down.
        later: what was sent after these.
    """
    whole, hop, rest, straight, lost = [], [], [], [], 0
    for (begun, power), again in zip(sent, _asked_again([*sent, *later]), strict=False):
        latest = begun + _LATEST_NS
        came = next(iter(marks.arrived[bisect_left(marks.arrived, begun) :][:1]), latest)
        first = bisect_left(marks.held, (begun, 0))
        # What is held after the same power was asked once more is that one's doing.
        ours = [at for at, what in marks.held[first : first + 20] if what == power and at < again]
        done = min(ours[0], latest) if ours else latest
        lost += done == latest
        whole.append((done - begun) / _MS)
        hop.append((min(came, latest) - begun) / _MS)
        rest.append((done - min(came, done)) / _MS)
        if bisect_left(marks.rested, begun) == bisect_left(marks.rested, done):
            straight.append(whole[-1])
    return Took(whole, hop, rest, straight, lost)


def _asked_again(sent: Sequence[tuple[int, int]]) -> list[int]:
    """When the power of each message was asked for the next time."""
    after: dict[int, int] = {}
    found = []
    for begun, power in reversed(sent):
        found.append(after.get(power, begun + _LATEST_NS))
        after[power] = begun
    return found[::-1]


def _median(of: Sequence[Took], part: str, share: float) -> float:
    return statistics.median(quantile(getattr(one, part), share) for one in of)


def ratios(gates: Sequence[Took], bares: Sequence[Took], pairs: int) -> list[Found]:
    """The gate beside the forwarder, round by round."""
    found = []
    for share, name, most in ((0.5, "p50", 2.0), (0.99, "p99", 3.0)):
        of_rounds = [
            quantile(gate.whole, share) / quantile(bare.whole, share)
            for gate, bare in zip(gates, bares, strict=True)
        ]
        told = (
            f" (gate {_median(gates, 'whole', share):.2f} ms,"
            f" forwarder {_median(bares, 'whole', share):.2f} ms;"
            f" {len(gates)} rounds of {pairs} each: {', '.join(f'{one:.2f}' for one in of_rounds)})"
        )
        found.append(
            Found(
                what=f"a: command to set-point read back, gate / forwarder, {name}",
                value=statistics.median(of_rounds), most=most, note=told,
            )
        )  # fmt: skip
    straight = [
        quantile(gate.straight, 0.99) / quantile(bare.whole, 0.99)
        for gate, bare in zip(gates, bares, strict=True)
    ]
    rested = 1 - sum(len(one.straight) for one in gates) / sum(len(one.whole) for one in gates)
    return [
        *found,
        Found(
            what="a: the same of orders that no rest of the cycle held up, p99",
            value=statistics.median(straight),
            note=f" ({100 * rested:.1f} % came within 10 ms after a tick, and waited)",
        ),
    ]


def beside(pace: str, gate: Took, bare: Took) -> Found:
    """One round at another pace, at p99; no bar is about it."""
    rested = 1 - len(gate.straight) / len(gate.whole)
    half = quantile(gate.whole, 0.5) / quantile(bare.whole, 0.5)
    return Found(
        what=f"a: at another pace, {pace}: gate / forwarder, p99",
        value=quantile(gate.whole, 0.99) / quantile(bare.whole, 0.99),
        note=f" (p50 {half:.2f}; {100 * rested:.1f} % waited for the rest)",
    )


def lost(ways: Sequence[Took]) -> Found:
    """What did not reach the PCS, of every round of both."""
    count = sum(one.lost for one in ways)
    return Found(
        what="a: commands overtaken by the next one, or never carried out", value=count, most=0
    )


def parts(gates: Sequence[Took], bares: Sequence[Took]) -> list[Found]:
    """Where the time goes; and what (e) asks of a guarded write."""
    found = [
        Found(
            what="e: guarded write + read-back beyond the broker's hop, p50",
            value=_median(gates, "rest", 0.5), unit=" ms", most=0.5,
            note=" (decision, commit, write, read-back)",
        ),
        Found(
            what="e: the forwarder's write + read-back, p50",
            value=_median(bares, "rest", 0.5), unit=" ms",
        ),
    ]  # fmt: skip
    found += [
        Found(
            what=f"a: hop to the {name}, p50", value=_median(of, "hop", 0.5), unit=" ms",
            note=f" (p99 {_median(of, 'hop', 0.99):.2f} ms)",
        )
        for name, of in (("gate, signing included", gates), ("forwarder", bares))
    ]  # fmt: skip
    return found
