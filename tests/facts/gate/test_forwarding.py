"""What is behind is sent in order and in parts, and again until somebody acknowledges it."""

from __future__ import annotations

from sekisho.gate import forwarding
from sekisho.terms.quantity import BootMs


def passed(state, stored, next_sequence, now):
    """One whole pass; what was sent, part by part."""
    parts = []
    while (after := forwarding.after(state)) is not None:
        part = tuple(n for n in stored if n > after)[: forwarding.MOST_RECORDS]
        part = part[: forwarding.due(state, part)]
        parts.append(part)
        state = forwarding.sent(state, part, next_sequence, now)
    return state, parts


def test_a_pass_sends_everything_that_was_behind_once_in_order_and_in_bounded_parts():
    stored = tuple(range(101, 151))
    state, parts = passed(forwarding.begun(146), stored, 151, BootMs(0))
    assert [n for part in parts for n in part] == list(range(101, 146))
    assert max(map(len, parts)) == forwarding.MOST_RECORDS
    assert forwarding.after(state) is None


def test_the_next_pass_begins_after_a_while_and_takes_what_was_sent_live_too():
    state, _ = passed(forwarding.begun(10), (5, 6, 7, 8, 9), 21, BootMs(0))
    early = forwarding.ticked(state, BootMs(forwarding.AGAIN_MS - 1))
    assert forwarding.after(early) is None
    again = forwarding.ticked(state, BootMs(forwarding.AGAIN_MS))
    _, parts = passed(again, (8, 9, 15, 20, 22), 23, BootMs(forwarding.AGAIN_MS))
    assert parts == [(8, 9, 15, 20)]


def test_a_head_end_that_never_acknowledges_is_told_again_less_and_less_often():
    state, now, waits = forwarding.begun(10), 0, []
    for _ in range(10):
        state, parts = passed(state, (5, 6), 11, BootMs(now))
        assert parts[0] == (5, 6)
        start = now
        while forwarding.after(state) is None:
            now += 1_000
            state = forwarding.ticked(state, BootMs(now))
        waits.append(now - start)
    assert waits == [30_000 * 2**n for n in range(7)] + [forwarding.MOST_AGAIN_MS] * 3


def test_an_acknowledgement_makes_it_quick_again():
    state, now = forwarding.begun(10), 0
    for _ in range(4):
        state, _ = passed(state, (5, 6), 11, BootMs(now))
        now += forwarding.MOST_AGAIN_MS
        state = forwarding.ticked(state, BootMs(now))
    state, _ = passed(state, (6,), 11, BootMs(now))
    assert forwarding.after(forwarding.ticked(state, BootMs(now + forwarding.AGAIN_MS))) is not None
