"""Reports come from anywhere: whatever the bytes, a reader answers or refuses with words."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.lab.product.papers import reports
from sekisho.proof.plan_words import ReportForm
from sekisho.shell.readers import read_report
from sekisho.terms.errors import InputError

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "foreign_reports"
PAPERS = reports(frozenset(), "2026-11-28T19:00:00Z")
REAL = {
    ReportForm.NMAP: (FOLDER / "nmap-7.93.xml").read_bytes(),
    ReportForm.TESTSSL: (FOLDER / "testssl-3.0.8.json").read_bytes(),
    ReportForm.SSLYZE: (FOLDER / "sslyze-6.3.1.json").read_bytes(),
    ReportForm.CYCLONEDX: PAPERS["reports/sbom.json"].encode(),
    ReportForm.VEX: PAPERS["reports/vex.json"].encode(),
}


def read(form, data):
    with suppress(InputError):
        assert read_report(form, data, "report").observations


@pytest.mark.parametrize("form", ReportForm)
@given(data=st.binary(max_size=300))
def test_no_bytes_break_a_reader(form, data):
    read(form, data)


@pytest.mark.parametrize("form", REAL)
@settings(max_examples=60)
@given(data=st.data())
def test_a_real_report_with_damage_breaks_no_reader(form, data):
    whole = bytearray(REAL[form])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=20))
    read(form, bytes(whole))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("form", [form for form in REAL if form is not ReportForm.NMAP])
@settings(max_examples=60)
@given(data=st.data())
def test_a_report_with_a_value_of_another_kind_breaks_no_reader(form, data):
    value = json.loads(REAL[form])
    place = value
    while isinstance(place, dict | list) and place:
        keys = sorted(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(list(keys)))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            place[key] = data.draw(JSON)
            break
        place = inner
    read(form, json.dumps(value).encode())
