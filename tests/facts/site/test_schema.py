"""The published JSON Schema and the reader speak of the same file."""

import tomllib
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from sekisho.site.document import SiteDocument
from sekisho.site.starter import starter
from sekisho.terms.texts import Lang

ROOT = Path(__file__).parents[3]
SAMPLES = sorted((ROOT / "examples").glob("*/site.toml"))
SCHEMA = jsonschema.Draft202012Validator(SiteDocument.model_json_schema())
CASES = ROOT / "tests" / "cases" / "malformed_sites"


def _as_json(value):
    if isinstance(value, dict):
        return {k: _as_json(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_as_json(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value


def test_the_schema_is_a_schema():
    SCHEMA.check_schema(SCHEMA.schema)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.parent.name)
def test_every_sample_is_valid_by_the_schema(path):
    SCHEMA.validate(_as_json(tomllib.loads(path.read_text(encoding="utf-8"))))


def test_the_starter_is_valid_by_the_schema():
    SCHEMA.validate(_as_json(tomllib.loads(starter(Lang.EN))))


@pytest.mark.parametrize(
    "name",
    [
        *("unknown_word_for_area", "unknown_key_in_site", "power_with_a_unit", "negative_rating"),
        *("missing_owner", "site_id_with_a_path", "control_character_in_name", "empty_maker"),
        *("zero_width_in_label", "direction_override_in_model", "count_below_one", "unknown_table"),
        *("truth_as_text", "joins_as_text", "link_with_one_end", "attestation_without_a_date"),
    ],
)
def test_faults_of_shape_are_invalid_by_the_schema_too(name):
    data = _as_json(tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8")))
    assert not SCHEMA.is_valid(data)
