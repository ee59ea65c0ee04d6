"""Discovery walks forward, is bounded, and believes nothing that cannot be."""

import pytest

from sekisho.codec.modbus.pdu import Space
from sekisho.codec.points import Span
from sekisho.codec.sunspec.build import Built
from sekisho.codec.sunspec.discovery import MARK, MOST_MODELS, discover
from sekisho.shell.device_data import load_catalogue
from sekisho.terms.errors import WorldError
from tests.sunspec_devices import PCS, Bank, bank, found_in, walked


@pytest.mark.parametrize("base", [0, 40000, 50000])
def test_the_chain_is_found_at_each_base(base: int) -> None:
    found = found_in(bank(*PCS, base=base))
    assert found.base == base
    assert [b.id for b in found.blocks] == [1, 701, 702, 704, 711, 713, 715]
    assert all(b.words is not None and len(b.words) == 2 + b.length for b in found.blocks)


def test_no_read_is_longer_than_modbus_allows() -> None:
    device = bank(*PCS)
    found_in(device)
    assert max(span.length for span in device.asked) <= 125


def test_a_device_that_gives_less_at_once_is_asked_for_less() -> None:
    device = bank(*PCS)
    walked(discover(load_catalogue(), "pcs-1", 40), device)
    assert max(span.length for span in device.asked) <= 40


def device(*words: int, base: int = 40000) -> Bank:
    return Bank(Built(base, (*MARK, *words), {}))


def test_an_unknown_model_is_placed_for_reading_raw() -> None:
    found = found_in(device(64999, 2, 7, 8, 0xFFFF, 0))
    (block,) = found.blocks
    assert block.span == Span(Space.HOLDING, 40002, 4)
    assert block.words is None


def test_an_end_mark_without_a_length_behind_it_ends_the_chain() -> None:
    assert found_in(device(0xFFFF)).blocks == ()


@pytest.mark.parametrize(
    ("name", "bank_", "says"),
    [
        ("no mark", Bank(Built(40000, (1, 2, 3), {})), "no SunSpec mark"),
        ("no end", device(64999, 1, 7), "without an end mark"),
        ("model 0", device(0, 4, 1, 1, 1, 1), "without an end mark"),
        ("a length beyond the last address", device(64999, 0xFFF0), "beyond address 65535"),
        ("a length beyond the content", device(1, 66, 1, 2, 3), "cannot be read"),
        ("a chain without end", device(*(64999, 0) * (MOST_MODELS + 1)), "goes on beyond"),
        ("a huge model", device(701, 20_001, *[0] * 20_001, 0xFFFF, 0), "20000 words"),
        ("up to the last address", device(64999, 0xFFFF - 50004, base=50000), "without an end"),
    ],
)
def test_a_chain_that_cannot_be_is_refused(name: str, bank_: Bank, says: str) -> None:
    with pytest.raises(WorldError, match=says):
        found_in(bank_)
    assert len(bank_.asked) < 400, name
