"""Known vulnerabilities, with made-up advisories: who is concerned, and when "none known" may be said."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.codec.strict_json import Malformed
from sekisho.gate.advisories import MOST_BYTES, read_advisory
from sekisho.gate.vulnerabilities import (
    Copy,
    Doubt,
    Package,
    Stands,
    Statement,
    by_package,
    findings,
)
from tests.made_up_advisories import advisory, data

TODAY = date(2026, 11, 25)
WHOLE = Copy(advisories=20_000, newest=date(2026, 11, 24), unread=(), sha256="0" * 64)
PACKAGE = Package(name="made-up", version="1.5")


def ask(*documents, package=PACKAGE, copy=WHOLE, statements=(), **more):
    read = [read_advisory(data(d)) for d in documents]
    known = by_package(read, lambda name: name == package.name)
    return findings([package], known, copy, statements, TODAY, **more)


def concerned(version, *events, **more):
    found = ask(advisory(1, "Made_Up", *events, **more), package=replace(PACKAGE, version=version))
    assert not found.unsure
    return bool(found.hits)


@pytest.mark.parametrize(
    ("version", "expected"),
    [("0.dev1", True), ("1.4", True), ("2.0rc1", True), ("2.0", False), ("2.0+local", False)],
)
def test_a_range_from_the_beginning_ends_before_its_repair(version, expected):
    assert concerned(version, ("introduced", "0"), ("fixed", "2.0")) is expected


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.0", True), ("1.2", True), ("1.2+local", True), ("1.2.1", False), ("0.9", False)],
)
def test_the_last_affected_version_is_affected(version, expected):
    assert concerned(version, ("introduced", "1.0"), ("last_affected", "1.2")) is expected


def test_two_stretches_leave_what_lies_between_them():
    events = [("introduced", "3"), ("fixed", "4"), ("introduced", "1"), ("fixed", "2")]
    assert [concerned(v, *events) for v in ("1.5", "2.5", "3.5", "4")] == [True, False, True, False]


def test_a_range_without_an_end_goes_on():
    assert concerned("99", ("introduced", "1"))
    assert not concerned("0.9", ("introduced", "1"))
    assert concerned("99!1", ("introduced", "0"))


def test_events_of_one_version_leave_what_they_say_affected():
    only_one = [("last_affected", "1.0"), ("introduced", "1.0")]
    assert [concerned(v, *only_one) for v in ("0.9", "1.0", "1.1")] == [False, True, False]
    again = [("introduced", "0"), ("introduced", "1.0"), ("fixed", "1.0")]
    assert [concerned(v, *again) for v in ("0.9", "1.0", "1.1")] == [True, True, True]


def test_a_listed_version_is_found_however_it_is_spelt():
    assert concerned("1.5", versions=["1.5.0"])
    assert not concerned("1.6", versions=["1.5.0"])


def test_a_limit_ends_every_stretch():
    events = [("introduced", "0"), ("limit", "1.0")]
    assert concerned("0.9", *events)
    assert not concerned("1.0", *events)
    assert concerned("1.0", ("introduced", "0"), ("limit", "*"))


def test_other_ecosystems_and_withdrawn_advisories_say_nothing():
    assert not concerned("1.5", ("introduced", "0"), ecosystem="npm")
    assert not concerned("1.5", ("introduced", "0"), withdrawn="2026-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("version", "document"),
    [
        ("1.5", advisory(1, "made-up", ("introduced", "0"), ("fixed", "not a version"))),
        ("1.5", advisory(1, "made-up", ("introduced", "abc"), kind="GIT")),
        ("not a version", advisory(1, "made-up", ("introduced", "0"))),
    ],
)
def test_what_cannot_be_compared_is_never_unaffected(version, document):
    found = ask(document, package=replace(PACKAGE, version=version))
    assert found.doubts == (Doubt.UNSURE,)
    assert found.code == 3


def test_none_known_is_said_by_a_whole_and_fresh_copy():
    assert ask().code == 0
    assert ask().age_days == 1


@pytest.mark.parametrize(
    ("change", "doubt"),
    [
        ({"advisories": 0, "newest": None}, Doubt.EMPTY),
        ({"advisories": 999}, Doubt.SMALL),
        ({"newest": date(2026, 11, 10)}, Doubt.STALE),
        ({"newest": date(2026, 11, 27)}, Doubt.FUTURE),
        ({"unread": ("x.json",)}, Doubt.UNREAD),
    ],
)
def test_none_known_is_not_said_by_another(change, doubt):
    found = ask(copy=replace(WHOLE, **change))
    assert found.doubts == (doubt,)
    assert found.code == 3


def test_the_last_day_of_a_fresh_copy():
    assert ask(copy=replace(WHOLE, newest=date(2026, 11, 11))).code == 0
    assert ask(copy=replace(WHOLE, newest=date(2026, 11, 10)), most_age_days=15).code == 0


def test_nothing_asked_is_nothing_known():
    found = findings([], {}, WHOLE, [], TODAY)
    assert found.doubts == (Doubt.NOTHING_ASKED,)


HIT = advisory(1, "made-up", ("introduced", "0"), ("fixed", "2"), aliases=["MADE-UP-ALIAS-1"])
SETTLED = Statement(
    vulnerability="MADE-UP-1",
    purl="pkg:pypi/made-up@1.5",
    stands=Stands.NOT_AFFECTED,
    reason="code_not_reachable",
)


def test_a_hit_counts_however_old_the_copy_is():
    found = ask(HIT, copy=replace(WHOLE, newest=date(2020, 1, 1)))
    assert found.code == 1
    assert found.hits[0].fixed == ("2",)


def test_a_statement_settles_a_hit_by_any_of_its_names():
    assert ask(HIT, statements=[SETTLED]).code == 0
    by_alias = replace(SETTLED, vulnerability="MADE-UP-ALIAS-1")
    assert ask(HIT, statements=[by_alias]).code == 0


@pytest.mark.parametrize(
    "change", [{"purl": "pkg:pypi/made-up@1.4"}, {"vulnerability": "MADE-UP-2"}]
)
def test_a_statement_of_another_version_or_vulnerability_settles_nothing(change):
    assert ask(HIT, statements=[replace(SETTLED, **change)]).code == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"id": "A", "id": "B", "modified": "2026-01-01T00:00:00Z"}',
        b'{"id": "A", "modified": "2026-01-01T00:00:00Z", "score": NaN}',
        data({"id": "A", "modified": "yesterday"}),
        data({"id": "A", "modified": "2026-01-01T00:00:00"}),
        data({"id": 7, "modified": "2026-01-01T00:00:00Z"}),
        data({"id": "A", "modified": "2026-01-01T00:00:00Z", "affected": {}}),
        data(advisory(1, "x", ("introduced", "0"), kind="OTHER")),
        b"[" * 100_000,
        b" " * (MOST_BYTES + 1),
        b'{"id": "\xff"}',
    ],
)
def test_what_is_no_advisory_is_refused(content):
    with pytest.raises(Malformed):
        read_advisory(content)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_advisory_or_refused(content):
    try:
        read_advisory(content)
    except Malformed:
        return


_NUMBERS = st.lists(st.integers(0, 30), min_size=1, max_size=6, unique=True)


@given(_NUMBERS, st.integers(0, 31))
def test_a_range_is_what_its_events_in_order_say(numbers, version):
    """Against the plainest reading: the last event at or before the version decides."""
    ordered = sorted(numbers)
    events = [
        ("introduced" if at % 2 == 0 else "fixed", str(number)) for at, number in enumerate(ordered)
    ]
    before = [kind for kind, number in events if int(number) <= version]
    assert concerned(str(version), *reversed(events)) is (before[-1:] == ["introduced"])
