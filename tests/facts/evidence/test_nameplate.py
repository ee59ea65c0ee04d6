"""A nameplate is bounded and printable, and differs where both sides say different things."""

import pytest

from sekisho.codec.sunspec.common import Common
from sekisho.evidence.nameplate import (
    Agrees,
    Differs,
    Incomparable,
    Outcome,
    PlateField,
    ReadBy,
    Unstated,
    compare,
    from_common,
    from_objects,
)
from sekisho.site.model import Identity
from sekisho.terms.quantity import WallMs

AT = WallMs(1_800_000_000_000)
COMMON = Common(maker="Hokuto", model="HG-500", options="B", version="2.1", serial="A-17")
PLATE = from_common(COMMON, AT)


def test_a_common_block_becomes_a_nameplate() -> None:
    assert (PLATE.maker, PLATE.model, PLATE.version, PLATE.serial, PLATE.options) == (
        *("Hokuto", "HG-500", "2.1", "A-17", "B"),
    )
    assert PLATE.read_by is ReadBy.SUNSPEC
    assert PLATE.at == AT


def test_the_objects_of_an_identification_become_a_nameplate() -> None:
    objects = [
        (0, b"Hokuto\0\0"),
        (1, b"HG5"),
        (2, b"V2.1"),
        (4, b""),
        (5, b"HG-500"),
        (9, b"\x01"),
    ]
    plate = from_objects(objects, AT)
    assert (plate.maker, plate.model, plate.also, plate.version) == (
        "Hokuto",
        "HG-500",
        ("HG5",),
        "V2.1",
    )
    assert plate.unreadable == ()


@pytest.mark.parametrize("held", [b"HG\x1b[2J", b"\xff\xfe", b"A" * 246, b"HG\n500"])
def test_text_that_cannot_be_printed_is_not_taken_over(held: bytes) -> None:
    plate = from_objects([(1, held)], AT)
    assert plate.model is None
    assert plate.unreadable == (PlateField.MODEL,)


def test_of_repeated_objects_the_first_counts() -> None:
    assert from_objects([(1, b"A"), (1, b"B")], AT).model == "A"


def test_of_very_many_objects_only_the_first_are_looked_at() -> None:
    many = iter([(7, b"x")] * 1_000)
    assert from_objects(many, AT).model is None
    assert len(list(many)) > 900


def test_the_same_model_in_other_letters_agrees() -> None:
    found = compare(PLATE, Identity(maker="ＨＯＫＵＴＯ", model="hg‐500", version="2.1"))
    assert found.outcome is Outcome.AGREES
    assert [type(f) for f in found.findings] == [Agrees, Agrees, Agrees]


@pytest.mark.parametrize(
    ("identity", "what"),
    [
        (Identity(maker="Hokuto", model="HG-501"), PlateField.MODEL),
        (Identity(maker="Hokuto", model="HG500"), PlateField.MODEL),
        (Identity(maker="Nanto", model="HG-500"), PlateField.MAKER),
        (Identity(maker="Hokuto", model="HG-500", version="2.2"), PlateField.VERSION),
    ],
)
def test_what_differs_is_told_with_both_values(identity: Identity, what: PlateField) -> None:
    found = compare(PLATE, identity)
    assert found.outcome is Outcome.DIFFERS
    (difference,) = found.differences
    assert difference == Differs(what, getattr(identity, what), getattr(PLATE, what))


def test_a_model_that_is_not_stated_is_never_an_agreement() -> None:
    found = compare(PLATE, Identity(maker="Hokuto"))
    assert found.outcome is Outcome.NOT_STATED
    assert found.findings[1] == Unstated(PlateField.MODEL, by_site=True)
    silent = from_objects([(0, b"Hokuto")], AT)
    assert compare(silent, Identity(maker="Hokuto", model="HG-500")).outcome is Outcome.NOT_STATED


def test_a_product_code_agrees_as_well_as_a_model_name() -> None:
    plate = from_objects([(1, b"HG5"), (5, b"HG-500")], AT)
    assert compare(plate, Identity(model="HG5")).outcome is Outcome.AGREES


def test_makers_in_different_scripts_are_left_to_a_person() -> None:
    found = compare(PLATE, Identity(maker="北斗", model="HG-500"))
    assert found.outcome is Outcome.AGREES
    assert found.findings[0] == Incomparable(PlateField.MAKER, "北斗", "Hokuto")
