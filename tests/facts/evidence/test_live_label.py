"""The live device is, or is not, the labelled one: judged by what the device says of itself."""

from dataclasses import replace

import pytest

from sekisho.codec.sunspec.common import Common
from sekisho.evidence.nameplate import Nameplate, from_common
from sekisho.register.index import Index
from sekisho.shell.nameplates import against_register
from sekisho.site.model import Identity
from sekisho.terms.quantity import WallMs
from sekisho.terms.verdict import Verdict
from tests.plants import label, register_of

LABEL = label(1)
INDEX = Index(register_of(LABEL, label(2)))
STATED = Identity(maker="架空電機1", model="MODEL-1", label="N-1")


def plate(maker: str | None = "架空電機1", model: str | None = "MODEL-1") -> Nameplate:
    common = Common(maker=maker, model=model, options=None, version=None, serial=None)
    return from_common(common, WallMs(0))


def test_the_labelled_device_is_recognised() -> None:
    found = against_register(plate(), STATED, INDEX)
    assert found.verdict is Verdict.MET
    assert found.labels == (LABEL,)
    assert "N-1" in found.reason.en


def test_another_model_than_the_site_file_says_is_not_it() -> None:
    found = against_register(plate(model="MODEL-2"), STATED, INDEX)
    assert found.verdict is Verdict.BROKEN
    assert '"MODEL-2", not "MODEL-1"' in found.reason.en


def test_a_label_of_another_model_is_not_borrowed() -> None:
    stated = Identity(maker="架空電機1", label="N-1")  # the site file names no model to differ from
    found = against_register(plate(model="MODEL-99"), stated, INDEX)
    assert found.verdict is Verdict.BROKEN
    assert "not the labelled product" in found.reason.en


def test_a_product_that_is_not_on_the_list_is_not_it() -> None:
    stated = Identity(maker="無名", model="ZZZ")
    found = against_register(plate("無名", "ZZZ"), stated, INDEX)
    assert found.verdict is Verdict.BROKEN


def test_an_excerpt_cannot_show_absence() -> None:
    register = register_of(LABEL)
    excerpt = Index(replace(register, info=replace(register.info, complete=False)))
    stated = Identity(maker="無名", model="ZZZ")
    assert against_register(plate("無名", "ZZZ"), stated, excerpt).verdict is Verdict.UNDETERMINED


@pytest.mark.parametrize("stated", [STATED, Identity(label="N-1")])
def test_a_device_that_states_no_model_is_never_the_labelled_one(stated: Identity) -> None:
    assert against_register(plate(model=None), stated, INDEX).verdict is Verdict.UNDETERMINED


def test_a_maker_in_latin_letters_is_left_to_a_person() -> None:
    found = against_register(plate(maker="Kaku Denki 1"), STATED, INDEX)
    assert found.verdict is Verdict.MET
    assert "a person must compare" in found.reason.en
