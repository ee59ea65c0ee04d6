"""A portfolio table: rows of devices become sites, and every problem has its cell."""

import pytest

from sekisho.desk.portfolio.shares import shares
from sekisho.desk.portfolio.table import read_portfolio
from sekisho.site.model import Medium, Role
from sekisho.terms.errors import InputError
from sekisho.terms.sheet import Book, Sheet
from sekisho.terms.texts import Lang

HEAD = (
    "site", "name", "area", "resource", "voltage", "rated_kw", "owner", "work", "works_class",
    "contract_application", "device", "role", "model", "speaks_ip", "count", "connects_to",
    "medium",
)  # fmt: skip
FIRST = {
    "site": "a", "area": "tokyo", "resource": "battery", "voltage": "high", "rated_kw": 1990.0,
    "owner": "private", "work": "new", "works_class": "business",
    "contract_application": "2027-05-10", "device": "gw", "role": "gateway", "speaks_ip": "有",
    "connects_to": "aggregator",
}  # fmt: skip


def book(*rows, head=HEAD):
    cells = [tuple(row.get(name) for name in head) for row in rows]
    return Book("p.csv", "0" * 64, (Sheet("", (tuple(head), *cells)),))


def problems(*rows, head=HEAD):
    with pytest.raises(InputError) as raised:
        read_portfolio(book(*rows, head=head))
    return [p.says(Lang.EN) for p in raised.value.problems]


def test_rows_without_a_site_belong_to_the_site_above():
    pcs = {"device": "pcs", "role": "pcs", "count": 2.0, "connects_to": "gw"}
    [site] = read_portfolio(book(FIRST, pcs))
    assert [d.id for d in site.devices] == ["gw", "pcs.1", "pcs.2"]
    assert {link.between for link in site.links} == {
        ("aggregator", "gw"),
        ("gw", "pcs.1"),
        ("gw", "pcs.2"),
    }


def test_a_blank_cell_is_unknown_and_never_false():
    [site] = read_portfolio(book(FIRST, {"device": "pcs", "role": "pcs"}))
    assert [d.speaks_ip for d in site.devices] == [True, None]
    assert site.self_consumption is None


def test_two_sites_keep_their_order_and_their_devices():
    other = FIRST | {"site": "b", "device": "x", "role": "pcs", "medium": "serial"}
    first, second = read_portfolio(book(FIRST, other))
    assert (first.id, second.id) == ("a", "b")
    assert second.devices[0].role is Role.PCS
    assert second.links[0].medium is Medium.SERIAL


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"voltage": "huge"}, ["[E2]", '"huge"', "extra-high"]),
        ({"rated_kw": "50 MW"}, ["[F2]", "50 MW", "kW"]),
        ({"contract_application": "10.5.2027"}, ["[J2]", "2027-05-10"]),
        ({"speaks_ip": "maybe"}, ["[N2]", "maybe"]),
        ({"connects_to": "nowhere"}, ["[P2]", "nowhere", "aggregator"]),
        ({"count": 0.5}, ["[O2]", "0.5"]),
        ({"speaks_ip": "無"}, ["[P2]", "does not speak IP"]),
        ({"owner": None}, ["[G2]", "blank"]),
        ({"role": None}, ["[L2]", "no role"]),
    ],
)
def test_a_bad_cell_is_named_with_what_may_stand_there(changes, words):
    said = "\n".join(problems(FIRST | changes))
    for word in words:
        assert word in said


def test_all_problems_are_reported_at_once():
    assert len(problems(FIRST | {"voltage": "huge", "area": "mars", "work": "?"})) == 3


def test_an_unknown_header_and_a_missing_column_are_named():
    head = tuple(h if h != "area" else "エリヤ" for h in HEAD)
    said = "\n".join(problems(FIRST, head=head))
    assert "エリヤ" in said
    assert 'no column "area"' in said


def test_titles_may_stand_above_the_headers():
    rows = book(FIRST).sheets[0].rows
    blank = (None,) * (len(HEAD) - 1)
    titled = Book("p.csv", "0" * 64, (Sheet("", (("架空の表 / made-up table", *blank), *rows)),))
    assert [site.id for site in read_portfolio(titled)] == ["a"]


def test_a_device_that_stands_twice_is_refused():
    assert any("stands twice" in p for p in problems(FIRST, {"device": "gw", "role": "pcs"}))


def test_an_empty_table_is_refused():
    assert problems()


def test_rows_of_one_site_that_state_different_values_are_a_problem():
    pcs = {"device": "pcs", "role": "pcs", "connects_to": "gw"}
    same = pcs | {"contract_application": "2027-05-10", "voltage": "high"}
    assert read_portfolio(book(FIRST, same))
    later = pcs | {"site": "a", "contract_application": "2027-05-11"}
    [problem] = problems(FIRST, later)
    assert "[J3]" in problem
    assert '"2027-05-11" differs from "2027-05-10"' in problem


def test_spellings_of_one_maker_count_together():
    head = (*HEAD, "maker")
    rows = [
        FIRST | {"maker": "株式会社白樺電機"},
        {"device": "g2", "role": "gateway", "maker": "㈱白樺電機"},
        {"device": "g3", "role": "gateway", "maker": "青葉パワー"},
    ]
    found = shares(read_portfolio(book(*rows, head=head)), "?")
    assert [(s.maker, s.devices, s.of_devices) for s in found] == [
        ("株式会社白樺電機", 2, 3),
        ("青葉パワー", 1, 3),
    ]
