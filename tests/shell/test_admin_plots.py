"""Plots of the admin pages: what is missing is a hole, and nothing in a sentence becomes markup."""

import re

from hypothesis import given
from hypothesis import strategies as st

from sekisho.shell.admin.plots import HEIGHT, LEFT, WIDTH, Scale, Series, drawn

SCALE = Scale(low=-1, high=1, unit="kW", digits=0)


def lines(points, kind="measured"):
    plot = drawn([Series(points=points, kind=kind)], SCALE, "said", "now", "min")
    return re.findall(r'<polyline class="line \w+" points="([^"]*)"', plot)


def test_a_value_that_is_not_known_is_a_hole():
    points = [(0, 1.0), (1_000, 1.0), (2_000, None), (3_000, 1.0), (4_000, 1.0)]
    assert len(lines(points)) == 2


def test_seconds_that_nobody_saw_are_a_hole_in_what_is_measured_and_none_in_a_bound():
    points = [(0, 1.0), (1_000, 1.0), (60_000, 1.0), (61_000, 1.0)]
    assert len(lines(points)) == 2
    assert len(lines(points, "bound")) == 1


def test_nothing_is_drawn_of_nothing():
    assert drawn([Series(points=[], kind="measured")], SCALE, "said", "now", "min") == ""
    assert lines([(0, None)]) == []


def test_a_sentence_is_text():
    plot = drawn(
        [Series(points=[(0, 1.0)], kind="measured")], SCALE, '"><script>', "<now>", "<min>"
    )
    assert "<script" not in plot
    assert "<now" not in plot
    assert "<min" not in plot


@given(
    st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9)), min_size=1, max_size=50),
    st.floats(-1e6, 0),
    st.floats(1, 1e6),
)
def test_every_point_lies_within_the_picture(values, low, high):
    scale = Scale(low=low, high=high, unit="kW", digits=0)
    points = [(1_000 * at, value) for at, value in enumerate(values)]
    plot = drawn([Series(points=points, kind="measured")], scale, "said", "now", "min")
    for pair in " ".join(re.findall(r'points="([^"]*)"', plot)).split():
        x, y = map(float, pair.split(","))
        assert LEFT - 1 <= x <= WIDTH
        assert 0 <= y <= HEIGHT
