"""Whatever the line does, the head-end ends with every record once, and the outbox empty."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sekisho.gate import forwarding
from sekisho.lab.collector import Collector
from sekisho.terms.quantity import BootMs


@given(
    spans=st.lists(st.tuples(st.integers(1, 40), st.integers(0, 5)), max_size=30),
    order=st.randoms(use_true_random=False),
)
def test_what_is_held_is_what_is_covered_without_a_hole(spans, order):
    """In any order of arrival, against the plain reading of the rule."""
    covered: set[int] = set()
    collector = Collector()
    order.shuffle(spans)
    for sequence, gap in spans:
        collector.take(sequence, min(gap, sequence - 1))
        covered |= set(range(sequence - min(gap, sequence - 1), sequence + 1))
        plain = 0
        while plain + 1 in covered:
            plain += 1
        assert collector.holds == plain


STEPS = st.lists(
    st.sampled_from(["put", "put", "step", "step", "cut", "mend", "lose", "ack", "wait"]),
    max_size=120,
)


@given(steps=STEPS)
def test_an_outage_leaves_no_hole_and_no_record_twice(steps):
    """Put records, send them live or not, cut and mend the line, lose acknowledged messages."""
    stored: list[int] = []
    collector = Collector()
    up, losing, number, now = True, False, 0, 0
    state = forwarding.begun(1)

    def deliver(sequence: int) -> None:
        if not losing:
            collector.take(sequence, sequence - 1 if sequence == stored[0] else 0)

    def step() -> None:
        nonlocal state
        after = forwarding.after(state)
        if not up or after is None:
            return
        part = tuple(n for n in stored if n > after)[: forwarding.MOST_RECORDS]
        part = part[: forwarding.due(state, part)]
        for sequence in part:
            deliver(sequence)
        state = forwarding.sent(state, part, number + 1, BootMs(now))

    def acknowledge() -> None:
        stored[:] = [n for n in stored if n > collector.holds]

    for what in steps:
        match what:
            case "put":
                number += 1
                stored.append(number)
                if up:
                    deliver(number)
            case "step":
                step()
            case "cut":
                up = False
            case "mend" if not up:
                up, losing, state = True, False, forwarding.begun(number + 1)
            case "lose":
                losing = not losing
            case "ack":
                acknowledge()
            case "wait":
                now += forwarding.MOST_AGAIN_MS
                state = forwarding.ticked(state, BootMs(now))
            case _:
                pass
    up, losing = True, False
    for _ in range(2 * (len(stored) // forwarding.MOST_RECORDS + 2)):
        now += forwarding.MOST_AGAIN_MS
        state = forwarding.ticked(state, BootMs(now))
        for _ in range(len(stored) // forwarding.MOST_RECORDS + 2):
            step()
    acknowledge()
    assert stored == []
    assert collector.holds == number
