"""Keys under which spellings are one, and models stay two. All names here are made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.register.makers import one_maker
from sekisho.register.normalise import (
    maker_key,
    maker_keys,
    model_key,
    number_key,
    product_key,
    skeleton,
    version_key,
)

KEYS = [number_key, model_key, maker_key, product_key, version_key]
WORDS = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            "AZaz09-‐–—―−ー－ｰ〜~・.,()（）／ 　㈱㍿ⅡⅣァアｱｶﾞ髙﨑ルーコ株式会社有限incltdco™\u200bİßſK"
        ),
        st.characters(codec="utf-8"),
    ),
    max_size=24,
)


@pytest.mark.parametrize("key", KEYS)
@given(text=WORDS)
def test_the_key_of_a_key_is_the_key(key, text):
    assert key(key(text)) == key(text)


@given(text=WORDS)
def test_maker_keys_and_skeletons_never_fail(text):
    assert "" not in maker_keys(text)
    skeleton(model_key(text))


DASHES = "-‐‑‒–—―−─━－﹣﹘"


@pytest.mark.parametrize("dash", [*DASHES, "ー", "ｰ"])
def test_every_dash_between_letters_and_digits_is_one_dash(dash):
    assert model_key(f"KX{dash}GW{dash}1") == "kx-gw-1"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KX-1", "KX1"),
        ("KX-1", "KX--1"),
        ("KX-1", "KX-1A"),
        ("KX 1", "KX1"),
        ("KX-1.0", "KX-10"),
        ("KX-O1", "KX-01"),
        ("KX-1", "KX_1"),
        ("KX-1/A", "KX-1A"),
        ("KX²", "KX2"),
        ("KX①", "KX1"),
        ("KX₂", "KX2"),
    ],
)
def test_different_models_keep_different_keys(one, other):
    assert model_key(one) != model_key(other)


def test_width_case_and_runs_of_spaces_do_not_count_in_a_model():
    assert model_key(" ｋＸ－１ 　 b ") == model_key("KX-1 B") == "kx-1 b"


@pytest.mark.parametrize(
    "name",
    [
        "株式会社髙﨑電機", "㈱高崎電機", "高崎電機(株)", "（株）髙﨑電機", "高崎電機　株式会社", "㍿高崎電機",
        "高崎電機㈱", "髙崎電機 株式会社",
    ],
)  # fmt: skip
def test_legal_forms_and_variants_of_kanji_do_not_count_in_a_maker(name):
    assert maker_key(name) == "高崎電機"


@pytest.mark.parametrize(
    "name",
    ["Polar Gate", "Polar Gate Co., Ltd.", "POLAR GATE K.K.", "polar gate inc", "Polar Gate Corp."],
)
def test_western_legal_forms_do_not_count_in_a_maker(name):
    assert maker_key(name) == "polargate"


def test_a_maker_is_not_its_neighbour():
    assert maker_key("北斗電機") != maker_key("北斗電機サービス")
    assert maker_key("Polar Gate") != maker_key("Polar Gate Japan")
    assert maker_key("Inc") == "inc"


def test_half_width_kana_roman_numerals_and_long_vowels_in_a_name():
    assert product_key("ｴﾈﾙｷﾞｰｺﾝﾄﾛｰﾗｰ") == product_key("エネルギーコントローラ")
    assert product_key("ホクト Plus Ⅱ") == product_key("ホクト Plus II")
    assert product_key("ホクト ゲート") == product_key("ホクトゲート")
    assert product_key("ホクトゲート 2") != product_key("ホクトゲート")
    assert product_key("バー") == "バー"


def test_versions_with_and_without_the_word():
    assert {
        version_key(v) for v in ("Ver. 1.2", "v1.2", "Version 1.2", "バージョン1.2", "１．２")
    } == {"1.2"}
    assert version_key("1.2") != version_key("1.2.0")
    assert version_key("Rev.B") == "rev.b"


def test_a_registration_number_without_the_words_around_it():
    assert number_key("登録番号：MADE UP－１") == number_key("made up-1") == "madeup-1"


def test_a_number_that_begins_with_no_keeps_its_letters():
    assert number_key("NOVA-1") == "nova-1"
    assert number_key("No. 12") == number_key("No12") == "12"


def test_a_slash_within_a_name_does_not_make_two_makers():
    assert not maker_keys("Polar A/S") & maker_keys("Comet A/S")
    assert maker_keys("Polar A/S") & maker_keys("Polar")
    assert not maker_keys("X/Y Works") & maker_keys("Z/Y Works")


def test_makers_in_brackets_and_joined_by_a_slash():
    assert "polar" in maker_keys("POLAR（北極電機）")
    assert "北極電機" not in maker_keys("POLAR（北極電機）")
    assert {"北極電機", "南極電力"} <= maker_keys("北極電機㈱／南極電力㈱")


def test_known_names_in_two_languages_are_one_maker():
    assert one_maker(maker_key("Fuji Electric Co., Ltd.")) == one_maker(maker_key("富士電機㈱"))
    assert one_maker(maker_key("TMEIC")) == one_maker(maker_key("東芝三菱電機産業システム株式会社"))
    assert one_maker(maker_key("富士電機")) != one_maker(maker_key("日新電機"))
