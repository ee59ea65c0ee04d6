"""The sample projects: each says what its heading says."""

import json
from dataclasses import replace
from datetime import date

import pytest
from jsonschema import Draft202012Validator

from sekisho.desk.assess import assess
from sekisho.desk.document import as_json
from sekisho.desk.report.office import label_state
from sekisho.desk.report.pieces import banners
from sekisho.register.model import Candidates, Unlisted
from sekisho.shell.register_store import load_register
from sekisho.shell.site_files import load_site
from sekisho.terms.texts import Lang
from sekisho.terms.verdict import Verdict
from tests.plants import DAY, EXAMPLES, desk_of, made_up_desk

SCHEMA = json.loads(
    (EXAMPLES.parent / "schemas/assessment.schema.json").read_text(encoding="utf-8")
)
EXPECTED = {
    "all-labelled": Verdict.MET,
    "overseas-pcs": Verdict.BROKEN,
    "serial-pcs-earlier-call": Verdict.MET,
    "serial-pcs-september-call": Verdict.UNDETERMINED,
    "auction-bms": Verdict.BROKEN,
    "low-voltage-september": Verdict.NOT_APPLICABLE,
    "low-voltage-october": Verdict.BROKEN,
    "replacement": Verdict.UNDETERMINED,
    "wind": Verdict.UNDETERMINED,
    "label-ends-early": Verdict.MET,
    "demo-site": Verdict.UNDETERMINED,
}


def result(name, **question):
    return assess(made_up_desk(**question), load_site(EXAMPLES / name / "site.toml"))


def finding(answer, rule, device):
    [found] = [
        d for r in answer.rules if r.statement.id == rule for d in r.devices if d.device == device
    ]
    return found


def test_every_sample_folder_is_expected_here():
    folders = {p.parent.name for p in EXAMPLES.glob("*/site.toml")}
    assert folders == set(EXPECTED) | {"real-products"}


@pytest.mark.parametrize(("name", "verdict"), EXPECTED.items())
def test_a_sample_has_its_verdict(name, verdict):
    assert result(name).verdict is verdict


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("lang", Lang)
def test_the_json_of_a_sample_follows_the_schema(name, lang):
    document = json.loads(json.dumps(as_json(result(name), lang)))
    Draft202012Validator(SCHEMA).validate(document)


@pytest.mark.parametrize("name", EXPECTED)
def test_whatever_is_not_met_says_what_to_do_next(name):
    for rule in result(name).rules:
        for device in rule.devices:
            if device.verdict in {Verdict.BROKEN, Verdict.UNDETERMINED}:
                assert device.remedy is not None, (rule.statement.id, device.device)
                assert device.reason.ja
                assert device.reason.en


def test_real_products_are_candidates_on_the_excerpt_and_never_met():
    shipped = desk_of(load_register(None, DAY, DAY))
    answer = assess(shipped, load_site(EXAMPLES / "real-products" / "site.toml"))
    assert answer.verdict is Verdict.UNDETERMINED
    for rule in answer.rules:
        for device in rule.devices:
            assert device.match is None or device.verdict is Verdict.UNDETERMINED
    assert isinstance(finding(answer, "gc-1", "gw-1").match, Candidates)


def test_a_labelled_gateway_does_not_clear_the_pcs_behind_it():
    answer = result("overseas-pcs")
    assert finding(answer, "gc-1", "gw-1").verdict is Verdict.MET
    assert finding(answer, "gc-1", "pcs-1").verdict is Verdict.BROKEN


def test_the_earlier_call_takes_a_serial_pcs_and_its_labelled_converter_as_one():
    found = finding(result("serial-pcs-earlier-call"), "sii-0", "pcs-1")
    assert found.verdict is Verdict.MET
    assert "conv-1" in found.reason.en


def test_a_label_that_ends_between_application_and_commissioning_breaks_at_commissioning():
    milestones = {m.name.value: m.verdict for m in result("label-ends-early").milestones}
    assert milestones["contract_application"] is Verdict.MET
    assert milestones["commissioning"] is Verdict.BROKEN


def test_a_list_of_sixty_days_settles_and_one_of_sixty_one_does_not():
    assert result("all-labelled", known_at=date(2026, 12, 31)).verdict is Verdict.MET
    late = date(2027, 1, 1)
    assert result("all-labelled", known_at=late).verdict is Verdict.UNDETERMINED
    assert result("all-labelled", known_at=late, accept_stale=True).verdict is Verdict.MET


def test_open_duties_enter_the_verdict_only_when_strict():
    relaxed = result("label-ends-early")
    assert relaxed.open_duties == 2
    assert relaxed.verdict is Verdict.MET
    assert result("label-ends-early", strict=True).verdict is Verdict.UNDETERMINED
    assert result("all-labelled", strict=True).verdict is Verdict.MET


@pytest.mark.parametrize("lang", Lang)
def test_a_good_verdict_does_not_hide_a_bad_milestone(lang):
    first, second = banners(result("label-ends-early"), lang)
    assert first.verdict is Verdict.MET
    assert second.verdict is Verdict.BROKEN
    words = {Lang.JA: "ただし不充足になる日: 運転開始 ", Lang.EN: "but broken on: commissioning "}
    assert second.text == words[lang] + "2028-03-01"
    assert len(banners(result("all-labelled"), lang)) == 1


@pytest.mark.parametrize("lang", Lang)
def test_a_bad_verdict_does_not_repeat_the_dates_that_are_as_bad(lang):
    bad = result("overseas-pcs")
    assert bad.verdict is Verdict.BROKEN
    assert Verdict.BROKEN in {m.verdict for m in bad.milestones}
    assert len(banners(bad, lang)) == 1


def test_a_private_project_hears_nothing_of_the_date_of_a_procurement():
    for name in EXPECTED:
        assert not any("procurement" in a.en for a in result(name).advice), name


def said_of(answer, device):
    """What the office's table says of a device's label that is not on the list."""
    of_site = {d.id: d for d in answer.site.devices}
    return tuple(text.en for text in label_state(answer, of_site[device], Unlisted()))


def test_cells_need_no_label_where_every_rule_says_so():
    out = ("out of scope", "no rule asks for a label")
    assert said_of(result("overseas-pcs"), "cells.1") == out


def test_a_device_of_which_a_rule_asks_something_is_never_called_out_of_scope():
    assert said_of(result("overseas-pcs"), "pcs-1") == ("none", "not on the list")
    assert said_of(result("auction-bms"), "bms-serial") == ("none", "not on the list")


def test_a_pcs_of_which_nothing_is_asked_yet_is_not_out_of_scope():
    before = result("low-voltage-september")
    assert {d.verdict for r in before.rules for d in r.devices if d.device == "pcs-1"} == {
        Verdict.NOT_APPLICABLE
    }
    assert said_of(before, "pcs-1") == ("none", "not on the list")


def test_cells_that_speak_ip_are_open_and_not_out_of_scope():
    site = load_site(EXAMPLES / "overseas-pcs" / "site.toml")
    devices = tuple(replace(d, speaks_ip=True) if d.id == "cells.1" else d for d in site.devices)
    answer = assess(made_up_desk(), replace(site, devices=devices))
    assert said_of(answer, "cells.1") == ("none", "not on the list")


def test_cells_that_speak_ip_are_not_out_of_scope_because_nothing_is_asked_yet():
    cells = next(
        d for d in load_site(EXAMPLES / "overseas-pcs" / "site.toml").devices if d.id == "cells.1"
    )
    site = load_site(EXAMPLES / "low-voltage-september" / "site.toml")
    with_cells = replace(site, devices=(*site.devices, replace(cells, speaks_ip=True)))
    before = assess(made_up_desk(), with_cells)
    assert {d.verdict for r in before.rules for d in r.devices if d.device == "cells.1"} == {
        Verdict.NOT_APPLICABLE
    }
    assert said_of(before, "cells.1") == ("none", "not on the list")
