"""The fast way to a plain number says exactly what the general way says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.codec.meanings import Meaning
from sekisho.codec.modbus.pdu import Space
from sekisho.codec.points import Point, natural_length
from sekisho.codec.registers import Kind

EDGES = st.sampled_from([0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFE, 0xFFFF])
WORDS = st.lists(EDGES | st.integers(-2, 65537), min_size=0, max_size=5)


@st.composite
def points(draw):
    kind = draw(st.sampled_from([kind for kind in Kind if kind is not Kind.STRING]))
    return Point(
        meaning=draw(st.sampled_from(list(Meaning))),
        space=Space.HOLDING,
        address=0,
        kind=kind,
        length=natural_length(kind),
        scale=(draw(st.integers(1, 1000)), draw(st.sampled_from([1, 2, 3, 7, 10, 1000]))),
        sign=draw(st.sampled_from([1, -1])),
        offset=draw(st.sampled_from([0, 0, 0.5, -40])),
    )


@settings(max_examples=1000)
@given(points(), WORDS, st.data())
def test_the_fast_way_agrees_with_the_general_way(point, words, data):
    if data.draw(st.booleans()):
        words = data.draw(st.lists(EDGES, min_size=point.length, max_size=point.length))
    value = point.value(words)
    assert value == point._any(words)
    assert type(value) is type(point._any(words))
