"""Ends of labels, milestones and dates of rules as calendar entries. All content is made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from icalendar import Calendar

from sekisho.desk.calendar import entries
from sekisho.register.match import Index
from sekisho.register.model import Register
from sekisho.shell.calendar_file import ics_bytes
from sekisho.shell.package_data import load_statements
from sekisho.terms.texts import Lang
from tests.facts.desk.test_watch import BOX, OTHER, TODAY, device, listing, site

STATEMENTS = tuple(load_statements().values())
INDEX = Index(
    Register(info=listing(date(2026, 11, 1)).info, labels=(BOX, replace(OTHER, expires=None)))
)


def test_without_sites_every_label_that_states_its_end():
    found = entries([], INDEX, (), TODAY)
    assert [(entry.day, entry.title.en) for entry in found] == [
        (date(2028, 5, 20), "Label ends: MADE-UP-1")
    ]
    assert entries([], INDEX, STATEMENTS, TODAY)[-1].day >= date(2028, 4, 1)


def test_a_site_has_its_labels_milestones_and_rules():
    plant = site(device("gw"), contract_application=date(2027, 5, 10))
    found = entries([plant], INDEX, STATEMENTS, TODAY)
    titles = {(entry.day, entry.title.en) for entry in found}
    assert (date(2027, 5, 10), "s-1: contract application") in titles
    assert (date(2028, 5, 20), "Label ends: MADE-UP-1") in titles
    starts = [entry for entry in found if entry.day == date(2027, 4, 1)]
    assert starts
    assert all("assumption" in entry.detail.en for entry in starts)
    assert "s-1/gw" in next(e for e in found if e.title.en.startswith("Label")).detail.en


def test_what_was_learned_later_is_not_in_an_earlier_calendar():
    early = entries([], INDEX, STATEMENTS, date(2025, 12, 31))
    late = entries([], INDEX, STATEMENTS, TODAY)
    assert {entry.uid for entry in early} < {entry.uid for entry in late}


def test_the_file_can_be_read_back_and_is_the_same_each_time():
    hostile = replace(BOX, products=("ホクト\r\nBEGIN:VEVENT\x1b",))
    index = Index(replace(INDEX.register, labels=(hostile,)))
    found = entries([], index, STATEMENTS, TODAY)
    content = ics_bytes(found, TODAY, Lang.JA)
    assert content == ics_bytes(found, TODAY, Lang.JA)
    events = list(Calendar.from_ical(content).walk("VEVENT"))
    assert len(events) == len(found)
    assert len({str(event["uid"]) for event in events}) == len(found)
    label = next(event for event in events if "MADE-UP-1" in str(event["summary"]))
    assert label["dtstart"].to_ical() == b"20280520"
    assert label["dtend"].to_ical() == b"20280521"
    assert b"\x1b" not in content
