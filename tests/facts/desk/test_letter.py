"""Whom the letters go to, and what they ask."""

from dataclasses import replace

import pytest

from sekisho.desk.assess import assess
from sekisho.desk.letter import aggregator_letter, maker_letters
from sekisho.present.wording import strings
from sekisho.shell.site_files import load_site
from sekisho.terms.texts import Lang
from tests.plants import EXAMPLES, made_up_desk


def answered(sample, **change):
    site = load_site(EXAMPLES / sample / "site.toml")
    return assess(made_up_desk(), replace(site, **change))


def words(letter):
    return "\n".join(strings(letter.document))


def test_each_maker_with_an_open_point_gets_one_letter():
    assert [m.to for m in maker_letters(answered("auction-bms"), Lang.EN)] == ["Harborline Power"]
    assert maker_letters(answered("all-labelled"), Lang.EN) == ()


def test_a_letter_names_roles_as_people_do():
    [letter] = maker_letters(answered("overseas-pcs"), Lang.JA)
    assert "PCS(パワーコンディショナ)" in words(letter)
    assert "local-ems" not in words(aggregator_letter(answered("overseas-pcs"), Lang.EN))


@pytest.mark.parametrize(
    ("lang", "asked"),
    [
        (
            Lang.JA,
            ("受理番号", "登録番号", "ファームウェア", "セキュリティサポート", "日本国内の法人"),
        ),
        (Lang.EN, ("acceptance number", "registration number", "firmware", "support", "in Japan")),
    ],
)
def test_a_maker_is_asked_for_everything_the_forms_want(lang, asked):
    [letter] = maker_letters(answered("overseas-pcs"), lang)
    assert [word for word in asked if word not in words(letter)] == []


def test_an_aggregator_without_a_name_is_addressed_as_one():
    site = load_site(EXAMPLES / "overseas-pcs/site.toml")
    nameless = tuple(replace(e, name=None) for e in site.externals)
    letter = aggregator_letter(answered("overseas-pcs", externals=nameless), Lang.JA)
    assert letter.to == "アグリゲーター"


def test_an_aggregator_is_asked_about_several_makers_and_primary_control():
    asked = words(aggregator_letter(answered("overseas-pcs"), Lang.EN))
    assert "Can several makers be mixed?" in asked
    assert "primary control" in asked


@pytest.mark.parametrize("lang", Lang)
def test_a_maker_reads_nothing_of_the_other_makers(lang):
    result = answered("real-products")
    letters = maker_letters(result, lang)
    assert len(letters) > 2
    for letter in letters:
        said = words(letter)
        for device in result.site.devices:
            theirs = device.identity.maker != letter.to
            assert (f"{device.id} (" in said) is not theirs
            for secret in (device.identity.maker, device.identity.product, device.identity.model):
                if theirs and secret:
                    assert secret not in said, (letter.to, secret)
