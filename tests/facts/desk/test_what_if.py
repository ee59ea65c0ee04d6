"""What a change on paper changes, and what it does not."""

import json
from dataclasses import replace
from datetime import date

import pytest
from jsonschema import Draft202012Validator

from sekisho.desk.changes import InFront, Move, Swap
from sekisho.desk.what_if import what_if
from sekisho.desk.what_if_page import what_if_document, what_if_json
from sekisho.present.document import Banner
from sekisho.present.wording import strings
from sekisho.shell.site_files import load_site
from sekisho.site.model import Identity, Milestone, Role
from sekisho.terms.errors import InputError
from sekisho.terms.ids import DeviceId, LabelNumber
from sekisho.terms.texts import Lang
from sekisho.terms.verdict import Verdict
from tests.plants import EXAMPLES, made_up_desk

PCS = DeviceId("pcs-1")
SHIRAKABA = Identity(
    maker="株式会社白樺電機", model="SK-PCS-2500", label=LabelNumber("MADE-UP-0001")
)
UNKNOWN = Identity(maker="青葉パワー", model="AP-NONE-1")
AOBA = Identity(maker="青葉パワー", model="AP-PCS-500", label=LabelNumber("MADE-UP-0006"))
HOKUTO = Identity(maker="北斗ゲート", model="HG-GW-1", label=LabelNumber("MADE-UP-0004"))


def answer(sample, *edits):
    return what_if(made_up_desk(), load_site(EXAMPLES / sample / "site.toml"), edits)


def test_a_labelled_pcs_mends_the_grid_code():
    found = answer("overseas-pcs", Swap(PCS, SHIRAKABA))
    assert (found.before.verdict, found.after.verdict) == (Verdict.BROKEN, Verdict.MET)
    assert {(s.rule.statement.id, s.after) for s in found.changed} == {
        ("gc-1", Verdict.MET),
        ("erab-r5", Verdict.MET),
    }


def test_a_better_headline_does_not_hide_a_label_that_ends_before_commissioning():
    found = answer("overseas-pcs", Swap(PCS, AOBA))
    assert found.after.verdict is Verdict.MET
    assert [(d.name, d.before, d.after) for d in found.dates] == [
        (Milestone.CONTRACT_APPLICATION, Verdict.BROKEN, Verdict.MET),
        (Milestone.COMMISSIONING, Verdict.BROKEN, Verdict.BROKEN),
    ]
    words = list(strings(what_if_document(found, Lang.EN)))
    assert "Verdict on each date of the project" in words
    assert "commissioning" in words


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (Lang.EN, "still broken on: commissioning 2028-03-01"),
        (Lang.JA, "不充足のまま残る日: 運転開始 2028-03-01"),
    ],
)
def test_whoever_reads_the_headline_alone_sees_the_dates_that_stay_broken(lang, said):
    page = what_if_document(answer("overseas-pcs", Swap(PCS, AOBA)), lang)
    first, second = [block for block in page.blocks if isinstance(block, Banner)]
    assert (first.verdict, second.verdict) == (Verdict.MET, Verdict.BROKEN)
    assert second.text == said
    worse = what_if_document(answer("overseas-pcs", Swap(PCS, UNKNOWN)), lang)
    assert len([block for block in worse.blocks if isinstance(block, Banner)]) == 1


def test_a_date_that_was_good_before_is_not_said_to_stay_broken():
    page = what_if_document(answer("all-labelled", Swap(PCS, AOBA)), Lang.EN)
    _, second = [block for block in page.blocks if isinstance(block, Banner)]
    assert second.text.startswith("but broken on: commissioning ")


@pytest.mark.parametrize("before", [Verdict.UNDETERMINED, Verdict.MET])
def test_a_date_that_was_not_broken_before_is_not_said_to_stay_so(before):
    found = answer("overseas-pcs", Swap(PCS, AOBA))
    dates = tuple(replace(d, before=before) for d in found.dates)
    page = what_if_document(replace(found, dates=dates), Lang.EN)
    _, second = [block for block in page.blocks if isinstance(block, Banner)]
    assert second.text == "but broken on: commissioning 2028-03-01"


def test_a_gateway_in_front_leaves_the_pcs_open_and_says_so():
    found = answer("overseas-pcs", InFront(PCS, Role.GATEWAY, HOKUTO))
    assert found.after.verdict is Verdict.BROKEN
    assert ("gc-1", PCS) in {(s.rule.statement.id, s.device) for s in found.still_open}
    assert any("pcs-1 itself is still asked" in u.en for u in found.unchanged)


def test_of_a_new_box_nothing_is_told_where_nothing_is_asked():
    found = answer("overseas-pcs", InFront(PCS, Role.GATEWAY, HOKUTO))
    assert not [s for s in found.changed if s.after is Verdict.NOT_APPLICABLE]


def test_a_change_after_the_auction_registration_is_handed_in_again():
    found = answer("auction-bms", Swap(DeviceId("bms-ip"), SHIRAKABA))
    assert any("must be resubmitted" in u.en for u in found.unchanged)


def test_the_day_before_the_rule_the_grid_code_asks_nothing():
    day = {"before": date(2027, 3, 31), "of": date(2027, 4, 1)}
    for when, verdict in (("before", Verdict.NOT_APPLICABLE), ("of", Verdict.BROKEN)):
        found = answer("overseas-pcs", Move(Milestone.CONTRACT_APPLICATION, day[when]))
        [grid] = [r for r in found.after.rules if r.statement.id == "gc-1"]
        assert grid.verdict is verdict


def test_the_json_follows_the_schema_in_both_languages():
    schema = json.loads((EXAMPLES.parent / "schemas/what-if.schema.json").read_text("utf-8"))
    found = answer("overseas-pcs", Swap(PCS, AOBA))
    for lang in Lang:
        Draft202012Validator(schema).validate(json.loads(json.dumps(what_if_json(found, lang))))


def test_a_name_with_a_count_means_all_that_were_made_of_it():
    found = answer("all-labelled", Swap(PCS, AOBA))
    swapped = [d.id for d in found.after.site.devices if d.identity == AOBA]
    assert swapped == ["pcs-1.1", "pcs-1.2", "pcs-1.3", "pcs-1.4"]
    only = answer("all-labelled", Swap(DeviceId("pcs-1.2"), AOBA))
    assert [d.id for d in only.after.site.devices if d.identity == AOBA] == ["pcs-1.2"]


def test_one_gateway_stands_before_all_of_a_name():
    found = answer("all-labelled", InFront(PCS, Role.GATEWAY, HOKUTO))
    ends = [link.between for link in found.after.site.links if "gw-new-1" in link.between]
    assert ends == [("ems-1", "gw-new-1"), *(("gw-new-1", f"pcs-1.{n}") for n in range(1, 5))]


def test_a_name_that_nothing_has_is_told_with_the_names_there_are():
    with pytest.raises(InputError, match="pcs-9"):
        answer("all-labelled", Swap(DeviceId("pcs-9"), AOBA))


def test_a_converter_in_front_of_an_ip_pcs_changes_nothing_and_says_so():
    converter = Identity(maker="霧島制御", model="KC-CONV-1", label=LabelNumber("MADE-UP-0005"))
    found = answer("overseas-pcs", InFront(PCS, Role.PROTOCOL_CONVERTER, converter))
    assert found.after.verdict is Verdict.BROKEN
    assert ("gc-1", PCS) in {(s.rule.statement.id, s.device) for s in found.still_open}
    said = [u.en for u in found.unchanged]
    assert any("Only the earlier SII call" in text for text in said)
    assert any("a converter does not make it a non-IP device" in text for text in said)


@pytest.mark.parametrize(
    ("day", "after"),
    [(date(2027, 3, 31), Verdict.NOT_APPLICABLE), (date(2027, 4, 1), Verdict.BROKEN)],
)
def test_a_moved_application_is_judged_by_its_new_day(day, after):
    found = answer("overseas-pcs", Move(Milestone.CONTRACT_APPLICATION, day))
    [shift] = [
        s
        for s in (*found.changed, *found.still_open)
        if s.rule.statement.id == "gc-1" and s.device == PCS
    ]
    assert shift.after is after
    assert any("does not move the day a rule starts" in u.en for u in found.unchanged)
