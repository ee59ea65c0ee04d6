"""The sample of the gate's tables: complete, and itself readable."""

import re
from pathlib import Path

import pytest

from sekisho.gate.failures import Failure
from sekisho.gate.tables import read_gated
from sekisho.gate.tables_document import FORMS, failure_key
from sekisho.gate.tables_starter import sample
from sekisho.terms.texts import Lang

PLANT = (Path(__file__).parents[2] / "cases/gate_tables/plant.toml").read_text(encoding="utf-8")
ONE = PLANT.replace('id = "pcs"', 'id = "pcs-1"').replace("count = 2\n", "")


@pytest.mark.parametrize("lang", Lang)
def test_the_sample_is_itself_readable(lang):
    plant = ONE.replace("rated_kw = 50_000", "rated_kw = 12_500")
    assert len(read_gated(sample(lang) + plant, "site.toml").settings.south) == 4


@pytest.mark.parametrize("lang", Lang)
def test_its_lines_are_readable_when_the_sign_is_taken_off(lang):
    plant = ONE.replace("rated_kw = 50_000", "rated_kw = 50_000  #")
    opened = re.sub(r"^# ([a-z_.]+ = |\[[a-z_]+\]$)", r"\1", sample(lang), flags=re.MULTILINE)
    opened = re.sub(r"^no_watchdog.*\n", "", opened, flags=re.MULTILINE)
    opened = re.sub(r"^positive.*\n", "", opened, flags=re.MULTILINE)
    opened = opened.replace("rated_kw = 12_500", "rated_kw = 50_000")
    opened = re.sub(r"^(all_pcs.*)rest", r"\1stop", opened, flags=re.MULTILINE)
    settings = read_gated(opened + plant, "site.toml").settings
    assert len(settings.stricter) == len(Failure)
    assert settings.stop_contact is not None


@pytest.mark.parametrize("lang", Lang)
def test_every_key_stands_in_it(lang):
    text = sample(lang)
    for name, table in FORMS.tables.items():
        if name != "fallback":
            for key in table.model_fields:
                assert re.search(rf"^(# )?{key} = ", text, re.MULTILINE), key
    for failure in Failure:
        assert f"# {failure_key(failure)}.market" in text
