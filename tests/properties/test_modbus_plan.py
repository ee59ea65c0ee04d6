"""Planned reads: every asked register exactly, nothing forbidden, no request too long."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.codec.modbus.pdu import MOST_REGISTERS_READ, Read, Space
from sekisho.codec.modbus.plan import Joining, Joints, Plan, plan
from sekisho.codec.points import Span

SPACES = st.sampled_from([Space.HOLDING, Space.INPUT, Space.COIL])


def spans(longest=8, most=25):
    one = st.builds(Span, SPACES, st.integers(0, 400), st.integers(1, longest))
    return st.lists(one, max_size=most)


def registers(span):
    return {(span.space, n) for span in [span] for n in range(span.address, span.end)}


def read(fetch):
    r = fetch.request
    return {(r.space, n) for n in range(r.address, r.address + r.count)}


@st.composite
def jobs(draw):
    forbidden = draw(spans(4, 6))
    bad = set().union(*map(registers, forbidden))
    asked = [span for span in draw(spans()) if not registers(span) & bad]
    joints = Joints(
        mode=draw(st.sampled_from(list(Joining))),
        most_registers=draw(st.integers(8, MOST_REGISTERS_READ)),
        most_bits=draw(st.integers(8, 200)),
        fill=draw(st.integers(0, 20)),
        known=tuple(draw(spans(30, 6))),
        forbidden=tuple(forbidden),
    )
    return asked, joints


@given(jobs())
def test_every_span_is_read_once_within_the_limits(job):
    asked, joints = job
    fetches = plan(asked, joints)
    assert sorted(s for f in fetches for s in map(repr, f.spans)) == sorted(map(repr, set(asked)))
    bad = set().union(*map(registers, joints.forbidden))
    for fetch in fetches:
        assert fetch.request.count <= joints.most(fetch.request.space)
        assert not read(fetch) & bad
        for span in fetch.spans:
            assert registers(span) <= read(fetch)


@given(jobs(), st.data())
def test_the_words_of_each_span_come_in_the_order_asked_and_none_without_an_answer(job, data):
    asked, joints = job
    made = Plan.of(asked, joints)
    missing = data.draw(st.integers(0, len(made.fetches)))
    answers = [
        None
        if n == missing
        else tuple(range(f.request.address, f.request.address + f.request.count))
        for n, f in enumerate(made.fetches)
    ]
    for span, words in zip(asked, made.words(answers), strict=True):
        (home,) = [n for n, fetch in enumerate(made.fetches) if span in fetch.spans]
        assert words == (None if home == missing else tuple(range(span.address, span.end)))


@given(jobs())
def test_registers_that_nobody_asks_for_are_read_only_as_the_mode_allows(job):
    asked, joints = job
    wanted = set().union(*map(registers, asked))
    known = set().union(*map(registers, joints.known))
    for fetch in plan(asked, joints):
        extra = read(fetch) - wanted
        if joints.mode is Joining.NONE:
            assert not extra
        elif joints.mode is not Joining.AGGRESSIVE:
            assert extra <= known
        else:
            unknown = sorted(n for _, n in extra - known)
            run = 0
            for a, b in pairwise([-9, *unknown]):
                run = run + 1 if b == a + 1 else 1
                assert run <= joints.fill


@given(jobs())
def test_each_mode_asks_no_more_often_than_the_one_before(job):
    asked, joints = job
    costs = []
    for mode in Joining:
        fetches = plan(
            asked,
            Joints(
                mode=mode,
                most_registers=joints.most_registers,
                most_bits=joints.most_bits,
                fill=joints.fill,
                known=joints.known,
                forbidden=joints.forbidden,
            ),
        )
        costs.append((len(fetches), sum(f.request.count for f in fetches)))
    none, shrink, rearrange, aggressive = costs
    assert none[0] == len(set(asked))
    assert none[0] >= shrink[0] == rearrange[0] >= aggressive[0]
    assert shrink[1] >= rearrange[1]


def at(address, length=1):
    return Span(Space.HOLDING, address, length)


def reads(asked, **joints):
    return [(f.request.address, f.request.count) for f in plan(asked, Joints(**joints))]


def test_the_four_modes_side_by_side():
    asked = [at(0, 2), at(2, 2), at(6, 2), at(20, 1), at(90, 2)]
    known = (at(4, 2),)
    assert reads(asked, mode=Joining.NONE, known=known) == [
        (0, 2),
        (2, 2),
        (6, 2),
        (20, 1),
        (90, 2),
    ]
    assert reads(asked, mode=Joining.SHRINK, known=known) == [(0, 8), (20, 1), (90, 2)]
    assert reads(asked, mode=Joining.AGGRESSIVE, known=known) == [(0, 21), (90, 2)]
    forbidden = (at(15, 1),)
    aggressive = reads(asked, mode=Joining.AGGRESSIVE, known=known, forbidden=forbidden)
    assert aggressive == [(0, 8), (20, 1), (90, 2)]


def test_rearranging_cuts_where_the_fewest_registers_are_read():
    asked = [at(0, 2), at(10, 2), at(12, 2)]
    known = (at(0, 20),)
    assert reads(asked, mode=Joining.SHRINK, known=known, most_registers=12) == [(0, 12), (12, 2)]
    assert reads(asked, mode=Joining.REARRANGE, known=known, most_registers=12) == [(0, 2), (10, 4)]


@pytest.mark.parametrize(
    ("asked", "joints"),
    [
        ([at(0, 126)], {}),
        ([at(0, 0)], {}),
        ([at(0, 11)], {"most_registers": 10}),
        ([at(0, 4)], {"forbidden": (at(3, 1),)}),
        ([], {"most_registers": 126}),
        ([], {"most_bits": 0}),
        ([at(65535, 2)], {}),
    ],
)
def test_what_cannot_be_planned_is_refused(asked, joints):
    with pytest.raises(ValueError, match=r"."):
        plan(asked, Joints(**joints))


def test_nothing_asked_is_nothing_to_read():
    assert plan([], Joints()) == ()


def test_the_request_is_the_one_that_the_client_sends():
    (fetch,) = plan([at(3, 2)], Joints())
    assert fetch.request == Read(Space.HOLDING, 3, 2)
