"""The patterns that mean "unimplemented" are absent, as the SunSpec data types say."""

import pytest

from sekisho.codec.registers import Kind, UnfitError, WordOrder, decode, encode

UNIMPLEMENTED = [
    (Kind.INT16, (0x8000,)),
    (Kind.UINT16, (0xFFFF,)),
    (Kind.ACC16, (0,)),
    (Kind.ENUM16, (0xFFFF,)),
    (Kind.BITFIELD16, (0xFFFF,)),
    (Kind.SUNSSF, (0x8000,)),
    (Kind.INT32, (0x8000, 0)),
    (Kind.UINT32, (0xFFFF, 0xFFFF)),
    (Kind.ACC32, (0, 0)),
    (Kind.ENUM32, (0xFFFF, 0xFFFF)),
    (Kind.BITFIELD32, (0xFFFF, 0xFFFF)),
    (Kind.INT64, (0x8000, 0, 0, 0)),
    (Kind.UINT64, (0xFFFF,) * 4),
    (Kind.ACC64, (0,) * 4),
    (Kind.FLOAT32, (0x7FC0, 0)),
    (Kind.FLOAT32, (0x7F80, 0)),  # infinite
    (Kind.FLOAT32, (0xFF80, 0)),
    (Kind.FLOAT64, (0x7FF8, 0, 0, 0)),
    (Kind.STRING, (0, 0)),
    (Kind.STRING, (0x2020, 0)),
    (Kind.STRING, (0x411B, 0x4200)),  # an escape character in a name
    (Kind.STRING, (0xFFFF, 0xFFFF)),
]


@pytest.mark.parametrize(("kind", "words"), UNIMPLEMENTED)
def test_it_is_absent(kind: Kind, words: tuple[int, ...]) -> None:
    assert decode(kind, words) is None


def test_a_bit_field_with_its_top_bit_set_is_absent() -> None:
    assert decode(Kind.BITFIELD16, (0x8001,)) is None
    assert decode(Kind.BITFIELD16, (0x7FFF,)) == 0x7FFF


def test_a_scale_factor_beyond_ten_is_absent() -> None:
    assert decode(Kind.SUNSSF, (11,)) is None
    assert decode(Kind.SUNSSF, (0xFFF6,)) == -10


def test_the_wrong_number_of_words_is_absent() -> None:
    assert decode(Kind.INT32, (1,)) is None
    assert decode(Kind.UINT16, (1, 2)) is None


def test_the_words_of_a_long_value_stand_in_the_order_that_is_told() -> None:
    assert decode(Kind.UINT32, (1, 2)) == 0x10002
    assert decode(Kind.UINT32, (1, 2), WordOrder.LOW_FIRST) == 0x20001
    assert encode(Kind.FLOAT32, 50.0) == (0x4248, 0)


@pytest.mark.parametrize("value", [-0x8000, 0x8000])
def test_no_pattern_that_means_unimplemented_is_written(value: int) -> None:
    with pytest.raises(UnfitError):
        encode(Kind.INT16, value)


def test_a_float_is_no_whole_number() -> None:
    with pytest.raises(UnfitError):
        encode(Kind.INT16, 1.5)
