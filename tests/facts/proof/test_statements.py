"""The statements against the edition's own list, and the strict reader of them."""

import pytest

from sekisho.proof.criteria import CRITERIA, EDITION
from sekisho.proof.read_statement import read_statement
from sekisho.proof.statement import Standard
from sekisho.scheme.criteria import CRITERIA_SETS, STAR_1, Method
from sekisho.scheme.recognition import RECOGNITIONS
from sekisho.shell.package_data import criterion_file, load_criteria
from sekisho.terms.certainty import Certainty
from sekisho.terms.errors import InputError
from sekisho.terms.ids import CriterionId

STATEMENTS = load_criteria()
FIRST = CriterionId("S1.1-01")


def test_the_criteria_are_those_of_the_edition_in_its_order() -> None:
    assert STAR_1.document == EDITION == CRITERIA_SETS[-1].document
    assert [name for name, _ in CRITERIA] == [c.id for c in STAR_1.criteria]


@pytest.mark.parametrize("known", STAR_1.criteria, ids=lambda c: c.id)
def test_a_statement_is_no_surer_than_the_scheme_s_own_data(known) -> None:
    statement = STATEMENTS[known.id]
    assert statement.certainty is known.certainty
    assert known.source is None or known.source.url in {s.url for s in statement.sources}
    needed = [item for item in statement.items if not item.own]
    if known.method is not Method.UNKNOWN:
        hows = {item.how for item in needed}
        assert known.method in hows <= {known.method, Method.UNKNOWN}
    order = list(Certainty)
    for item in needed:
        if known.method is not Method.UNKNOWN:
            assert order.index(item.how_certainty) >= order.index(known.method_certainty)
    inferred = {e.provision for e in statement.equivalents if e.certainty is Certainty.INFERRED}
    assert inferred == set(known.en_303_645)


def test_the_uk_requirements_are_the_three_that_are_waived() -> None:
    psti = {
        name for name, s in STATEMENTS.items() for e in s.equivalents if e.standard is Standard.PSTI
    }
    waived = next(r.waived for r in RECOGNITIONS if r.key == "uk-psti")
    assert psti == set(waived)


def test_every_yardstick_is_a_number_of_ours_alone() -> None:
    yardsticks = [y for s in STATEMENTS.values() for y in s.yardsticks]
    assert {y.name for y in yardsticks} == {
        "default-tries",
        "own-password-characters",
        "unhindered-tries",
        "database-days",
    }
    assert {y.certainty for y in yardsticks} == {Certainty.UNCONFIRMED}


def test_the_two_halves_of_hardware_are_those_of_the_model_and_of_the_loss_of_power() -> None:
    assert [name for name, s in STATEMENTS.items() if s.hardware] == ["S1.1-10", "S1.1-14"]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('how = "document"', 'how = "paper"', "item[0].how"),
        ('certainty = "secondary"', 'certainty = "sure"', "certainty"),
        ("[title]", "[name]", "title"),
        ('attested_by = ["technical"]', 'attested_by = ["rumour"]', "item[0].attested_by"),
        ('absent = "ip-access"', 'absent = "everything"', "item[0].absent"),
        ("own = true", "own = 1", "item[1].own"),
        ('standard = "en-303-645"', 'standard = "iso"', "equivalent[0].standard"),
        ("[[item]]", "[[thing]]", "[[item]]"),
    ],
)
def test_a_word_that_is_not_of_the_form_is_told_with_its_place(old, new, place) -> None:
    text = criterion_file(FIRST, "statement.toml")
    assert old in text
    with pytest.raises(InputError) as told:
        read_statement(text.replace(old, new), FIRST)
    assert any(problem.where.endswith(place) for problem in told.value.problems)


def test_a_statement_without_a_source_claims_nothing() -> None:
    text = criterion_file(CriterionId("S1.1-09"), "statement.toml")
    sharper = text.replace('certainty = "unconfirmed"', 'certainty = "secondary"', 1)
    with pytest.raises(InputError, match="without a source"):
        read_statement(sharper, CriterionId("S1.1-09"))
