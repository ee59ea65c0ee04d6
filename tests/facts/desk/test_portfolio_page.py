"""The portfolio's page: in the order in which things break, in people's words."""

from sekisho.desk.portfolio.page import in_order, portfolio_document
from sekisho.desk.portfolio.shares import Share, shares
from sekisho.desk.portfolio.survey import Surveyor
from sekisho.present.wording import strings
from sekisho.shell.site_files import load_site
from sekisho.site.model import Role
from sekisho.terms.texts import Lang
from sekisho.terms.verdict import Verdict
from tests.plants import DAY, EXAMPLES, made_up_desk

SITES = [load_site(path) for path in sorted(EXAMPLES.glob("*/site.toml"))]


def lines(desk):
    surveyor = Surveyor(desk, DAY)
    return [surveyor.line(site) for site in SITES]


def test_roles_are_named_as_people_do():
    desk = made_up_desk()
    for lang, word in ((Lang.JA, "BMS(電池管理)"), (Lang.EN, "BMS (battery management)")):
        page = portfolio_document(
            lines(desk), shares(SITES, "-"), desk.lists.facts, DAY, lang, whole=True
        )
        said = list(strings(page))
        assert word in said
        assert {"bms", "local-ems", "protocol-converter"}.isdisjoint(said)


def test_sites_that_are_broken_stand_above_those_that_break_later():
    verdicts = [line.verdict for line in in_order(lines(made_up_desk()))]
    broken = verdicts.count(Verdict.BROKEN)
    assert set(verdicts[:broken]) == {Verdict.BROKEN}


def test_a_screen_shows_the_largest_makers_of_every_role():
    desk = made_up_desk()
    many = tuple(
        Share(role, f"架空電機{n}", 10 - n, 100, 1, 1.0)
        for role in (Role.BMS, Role.PCS)
        for n in range(9)
    )
    screen = portfolio_document(lines(desk), many, desk.lists.facts, DAY, Lang.EN, whole=False)
    said = list(strings(screen))
    assert said.count("架空電機4") == 2
    assert "架空電機5" not in said
    whole = portfolio_document(lines(desk), many, desk.lists.facts, DAY, Lang.EN, whole=True)
    assert list(strings(whole)).count("架空電機8") == 2
