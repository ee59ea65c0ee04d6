"""The starter file of `site new`."""

import re
import tomllib

import pytest

from sekisho.site.forms import TABLES
from sekisho.site.model import Milestone, Programme, Role
from sekisho.site.reader import read_site
from sekisho.site.starter import closed_set, starter
from sekisho.site.words import WORD_TEXTS
from sekisho.terms.texts import Lang


@pytest.mark.parametrize("lang", Lang)
def test_the_starter_is_itself_a_site_file(lang):
    site = read_site(starter(lang), "site.toml")
    assert [d.role for d in site.devices] == [Role.GATEWAY, Role.LOCAL_EMS, Role.PCS, Role.BMS]


@pytest.mark.parametrize("lang", Lang)
def test_every_key_of_the_file_stands_in_the_starter(lang):
    text = starter(lang)
    for table in TABLES.values():
        for key in table.model_fields:
            assert re.search(rf"^(# )?(security_manager = .*)?{key} = ", text, re.MULTILINE), key


@pytest.mark.parametrize("lang", Lang)
def test_every_word_of_every_closed_set_is_explained(lang):
    text = starter(lang)
    sets = {
        words
        for name, table in TABLES.items()
        for key in table.model_fields
        if (words := closed_set(name, key)) is not None
    }
    assert {Role, Programme} <= sets
    assert sets == set(WORD_TEXTS) - {Milestone}
    for words in sets:
        for word in words:
            assert f"#   {word.value}: {WORD_TEXTS[words][word].says(lang)}\n" in text
    for milestone in Milestone:
        assert f"# {milestone.value} = 20" in text


@pytest.mark.parametrize("lang", Lang)
def test_lines_to_fill_in_are_toml_when_the_sign_is_taken_off(lang):
    first = starter(lang).split("[[device]]")[1]
    opened = re.sub(r"^# (\w+ = )", r"\1", first, flags=re.MULTILINE)
    assert set(tomllib.loads(opened)) == set(TABLES["device"].model_fields)
