"""Words and values: what is encoded is decoded again, what is no number never becomes one."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.codec.registers import Kind, UnfitError, WordOrder, decode, encode, reach, width

whole_kinds = st.sampled_from([k for k in Kind if reach(k) is not None])
orders = st.sampled_from(WordOrder)
words = st.lists(st.integers(-1, 0x10000), max_size=8)


@given(st.data(), whole_kinds, orders)
def test_a_whole_number_comes_back(data: st.DataObject, kind: Kind, order: WordOrder) -> None:
    least, most = reach(kind) or (0, 0)
    value = data.draw(st.integers(least, most))
    held = encode(kind, value, order)
    assert len(held) == width(kind)
    assert decode(kind, held, order) == value


@given(st.data(), whole_kinds)
def test_what_does_not_fit_is_refused(data: st.DataObject, kind: Kind) -> None:
    least, most = reach(kind) or (0, 0)
    value = data.draw(st.one_of(st.integers(max_value=least - 1), st.integers(min_value=most + 1)))
    with pytest.raises(UnfitError):
        encode(kind, value)


@given(st.floats(), orders, st.sampled_from([Kind.FLOAT32, Kind.FLOAT64]))
def test_a_float_comes_back_or_is_refused(value: float, order: WordOrder, kind: Kind) -> None:
    try:
        held = encode(kind, value, order)
    except UnfitError:
        assert not math.isfinite(value) or (kind is Kind.FLOAT32 and abs(value) > 3.4e38)
        return
    back = decode(kind, held, order)
    assert isinstance(back, float)
    assert back == value or (
        kind is Kind.FLOAT32 and math.isclose(back, value, rel_tol=1e-6, abs_tol=1e-44)
    )


@given(st.text(max_size=20), st.integers(0, 12))
def test_text_comes_back_or_is_refused(text: str, length: int) -> None:
    try:
        held = encode(Kind.STRING, text, length=length)
    except UnfitError:
        return
    assert decode(Kind.STRING, held) == (text.strip() or None)


@given(st.sampled_from(Kind), words, orders)
def test_any_words_decode_to_a_finite_value_or_nothing(
    kind: Kind, held: list[int], order: WordOrder
) -> None:
    value = decode(kind, held, order)
    assert value is None or isinstance(value, str) or math.isfinite(value)


@given(whole_kinds, words, orders)
def test_a_decoded_number_encodes_to_the_same_words(
    kind: Kind, held: list[int], order: WordOrder
) -> None:
    value = decode(kind, held, order)
    if value is not None:
        assert encode(kind, value, order) == tuple(held)
