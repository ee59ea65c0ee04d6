"""What accepts, what only proposes. All makers, products and numbers here are made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sekisho.register.match import Index, match
from sekisho.register.model import (
    Accepted,
    Candidates,
    Conflict,
    Gone,
    How,
    Label,
    LabelStatus,
    ListInfo,
    Register,
    Unlisted,
    Unnamed,
    Vanished,
)
from sekisho.site.model import Identity

INFO = ListInfo(
    list_date=date(2026, 11, 1), learned=date(2026, 11, 1), sha256="0", source="x", complete=True
)
BOX = Label(
    key="made-up-1",
    number="MADE-UP-1",
    makers=("北斗ゲート株式会社", "Hokuto Gate"),
    products=("ホクトボックス",),
    models=("HG-GW-1", "HG-GW-1B"),
    versions=(),
    level=1,
    status=LabelStatus.VALID,
    status_raw="有効",
    issued=date(2026, 10, 1),
    expires=date(2028, 9, 30),
    covers_series=False,
)


def label(number: str, **changes: object) -> Label:
    return replace(BOX, key=number.lower(), number=number, **changes)  # type: ignore[arg-type]  # members by their names


BOX2 = label("MADE-UP-2", products=("ホクトボックス 2",), models=("HG-GW-2",))
SERIES = label("MADE-UP-3", products=("オーロラシリーズ（全型式）",), models=(), covers_series=True)
NAMED_SERIES = label("MADE-UP-4", products=("カペラシリーズ",), models=())
VERSIONED = label("MADE-UP-5", products=("ベガEMS",), models=("HG-EMS-3",), versions=("1.2", "1.3"))
BARE = label("MADE-UP-6", products=("デネブ制御装置",), models=())
OLD = label("MADE-UP-9", products=("アルタイル",), models=("HG-OLD-9",))
ALL = (BOX, BOX2, SERIES, NAMED_SERIES, VERSIONED, BARE)
REGISTER = Register(
    info=INFO,
    labels=ALL,
    vanished=(Vanished(label=OLD, last_seen=date(2026, 9, 1)),),
)
INDEX = Index(REGISTER)


def ask(**stated: str):
    return match(Identity(**stated), INDEX)


def accepted(found: object) -> Accepted:
    assert isinstance(found, Accepted), found
    return found


def conflict(found: object, field: str) -> Conflict:
    assert isinstance(found, Conflict), found
    assert found.field.en == field
    return found


def proposed(found: object, *labels: Label) -> Candidates:
    assert isinstance(found, Candidates), found
    assert set(labels) <= set(found.labels)
    return found


def test_nothing_stated_is_unnamed():
    assert ask() == Unnamed()
    assert ask(maker="北斗ゲート", version="1.2") == Unnamed()
    assert ask(label="  ", model="", product=" ") == Unnamed()


def test_number_and_model_that_agree():
    found = accepted(ask(maker="北斗ゲート㈱", model="ＨＧ－ＧＷ－１", label="made-up-1"))
    assert found.labels == (BOX,)
    assert found.how is How.NUMBER_AND_MODEL
    assert found.caveats == ()


def test_number_and_model_without_a_maker_say_so():
    found = accepted(ask(model="HG-GW-1", label="MADE-UP-1"))
    assert found.how is How.NUMBER_AND_MODEL
    assert [c.en for c in found.caveats] == ["The maker was not compared."]


def test_a_number_alone_accepts_only_without_a_model_and_says_so():
    found = accepted(ask(label="MADE-UP-1"))
    assert found.how is How.NUMBER_ALONE
    assert "number alone" in found.caveats[0].en
    assert conflict(ask(label="MADE-UP-1", model="HG-GW-9"), "model number").stated == "HG-GW-9"


def test_a_number_alone_with_another_product_name_is_a_conflict():
    found = conflict(ask(label="MADE-UP-1", product="ホクトボックス 2"), "product name")
    assert (found.stated, found.listed) == ("ホクトボックス 2", "ホクトボックス")


def test_the_number_of_a_sibling_is_a_conflict():
    found = conflict(ask(maker="北斗ゲート", model="HG-GW-2", label="MADE-UP-1"), "model number")
    assert found.listed == "HG-GW-1 / HG-GW-1B"


def test_a_number_that_is_not_listed_with_a_model_that_is():
    found = conflict(
        ask(maker="北斗ゲート", model="HG-GW-2", label="MADE-UP-7"), "registration number"
    )
    assert (found.stated, found.listed) == ("MADE-UP-7", "MADE-UP-2")


@pytest.mark.parametrize(
    "maker",
    ["北斗ゲート", "㈱北斗ゲート", "北斗ゲート（株）", "Hokuto Gate Co., Ltd.", "HOKUTO GATE"],
)
def test_maker_and_model_in_any_spelling(maker):
    found = accepted(ask(maker=maker, model="hg−gw―1b"))
    assert (found.labels, found.how) == ((BOX,), How.MODEL)


def test_the_right_model_of_another_maker_is_a_conflict():
    assert conflict(ask(maker="南十字電機", model="HG-GW-1"), "maker").stated == "南十字電機"


def test_what_stands_in_the_brackets_of_a_stated_maker_counts():
    index = Index(replace(REGISTER, labels=(replace(BOX, makers=("ポーラー（ドイツ）",)),)))
    assert isinstance(match(Identity(maker="ポーラー", model="HG-GW-1"), index), Accepted)
    found = match(Identity(maker="ポーラー（日本）", model="HG-GW-1"), index)
    conflict(found, "maker")


def test_a_model_without_a_maker_only_proposes():
    assert "maker" in proposed(ask(model="HG-GW-1"), BOX).why.en


def test_a_dash_more_or_less_is_another_model_until_somebody_confirms_it():
    proposed(ask(maker="北斗ゲート", model="HGGW1"), BOX)
    proposed(ask(maker="北斗ゲート", model="HG-GW1"), BOX)


@pytest.mark.parametrize("model", ["HG-GW-3", "HG-GX-1", "HG-GW-", "HG-GW-11", "GH-GW-1"])
def test_one_letter_off_is_proposed_even_for_a_maker_in_another_language(model):
    proposed(ask(maker="北斗ゲート", model=model), BOX)
    proposed(ask(maker="Polaris Gate Works", model=model), BOX)


def test_a_sibling_product_name_is_never_accepted():
    proposed(ask(maker="北斗ゲート", product="ホクトボックス"), BOX)
    proposed(ask(maker="北斗ゲート", product="ホクトボックス 3"), BOX, BOX2)


def test_a_series_accepts_by_name_only_where_the_label_covers_all_of_it():
    found = accepted(ask(maker="Hokuto Gate", product="オーロラ", model="AU-500"))
    assert (found.labels, found.how) == ((SERIES,), How.SERIES)
    assert accepted(ask(maker="北斗ゲート", product="オーロラシリーズ")).how is How.SERIES
    proposed(ask(maker="北斗ゲート", product="カペラシリーズ"), NAMED_SERIES)
    proposed(ask(maker="北斗ゲート", product="カペラ", model="CP-1"), NAMED_SERIES)


def test_a_series_needs_its_maker_and_its_exact_name():
    assert not isinstance(ask(product="オーロラ"), Accepted)
    assert not isinstance(ask(maker="南十字電機", product="オーロラ"), Accepted)
    assert not isinstance(ask(maker="北斗ゲート", product="オーロラ 2"), Accepted)


def test_a_series_with_listed_models_does_not_accept_another_model():
    mixed = replace(SERIES, models=("AU-100",))
    found = match(
        Identity(maker="北斗ゲート", product="オーロラ", model="AU-900"),
        Index(replace(REGISTER, labels=(mixed,))),
    )
    assert not isinstance(found, Accepted)


def test_versions_must_agree_where_both_sides_state_them():
    accepted(ask(maker="北斗ゲート", model="HG-EMS-3", version="Ver.1.3"))
    found = conflict(ask(maker="北斗ゲート", model="HG-EMS-3", version="1.4"), "version")
    assert (found.stated, found.listed) == ("1.4", "1.2 / 1.3")


def test_a_version_on_one_side_only_is_a_caveat():
    listed = accepted(ask(maker="北斗ゲート", model="HG-EMS-3", label="MADE-UP-5"))
    assert "1.2 / 1.3" in listed.caveats[0].en
    stated = accepted(ask(maker="北斗ゲート", model="HG-GW-1", version="7", label="MADE-UP-1"))
    assert "names no version" in stated.caveats[0].en


def test_a_range_of_versions_is_for_a_person():
    ranged = replace(VERSIONED, versions=("1.2以降",))
    found = match(
        Identity(maker="北斗ゲート", model="HG-EMS-3", version="1.4"),
        Index(replace(REGISTER, labels=(ranged,))),
    )
    assert "range" in proposed(found, ranged).why.en


def test_a_listed_number_whose_row_names_no_model_does_not_confirm_a_stated_one():
    assert "names no model" in proposed(ask(label="MADE-UP-6", model="DN-1"), BARE).why.en


def test_the_same_model_on_several_labels_gives_all_of_them():
    twin = label("MADE-UP-8")
    found = match(
        Identity(maker="北斗ゲート", model="HG-GW-1"), Index(replace(REGISTER, labels=(BOX, twin)))
    )
    assert accepted(found).labels == (BOX, twin)


def test_a_row_without_a_number_leaves_the_stated_one_unconfirmed():
    unnumbered = replace(BOX, number=None)
    found = match(
        Identity(maker="北斗ゲート", model="HG-GW-1", label="MADE-UP-1"),
        Index(replace(REGISTER, labels=(unnumbered,))),
    )
    assert "not confirmed" in accepted(found).caveats[0].en


def test_a_vanished_label_is_gone_and_not_unlisted():
    for stated in ({"label": "MADE-UP-9"}, {"maker": "北斗ゲート", "model": "HG-OLD-9"}):
        found = ask(**stated)
        assert isinstance(found, Gone)
        assert found.vanished.label == OLD


def test_an_exact_product_name_asks_for_number_model_and_expiry():
    assert "expiry" in proposed(ask(product="デネブ制御装置"), BARE).why.en


def test_names_in_another_script_cannot_be_denied():
    proposed(ask(maker="Hokuto Gate", product="Deneb controller"), BARE)


def test_a_clearly_different_product_of_the_same_maker_is_unlisted():
    english = label("MADE-UP-7", products=("Solar inverter",), models=("SI-3000-XT",))
    index = Index(replace(REGISTER, labels=(english,), vanished=()))
    assert match(Identity(maker="Hokuto Gate", product="Weather mast", model="QZ7"), index) == (
        Unlisted()
    )


def test_an_unknown_maker_and_product_are_unlisted():
    assert ask(maker="南十字電機", product="サザンクロス", model="SX-100") == Unlisted()
