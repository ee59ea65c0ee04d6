"""The verdicts by the provisions of other standards."""

from sekisho.proof.cases import DAY
from sekisho.proof.criteria import CRITERIA, EDITION
from sekisho.proof.evidence import Product, evidence_of
from sekisho.proof.judging import judged
from sekisho.proof.mapping import mapped
from sekisho.proof.statement import Standard
from sekisho.shell.package_data import load_criteria, load_criterion_cases
from sekisho.terms.certainty import Certainty
from sekisho.terms.ids import CriterionId
from sekisho.terms.verdict import Verdict


def judgement(*names):
    records = [record for name in names for record in load_criterion_cases(name).whole]
    return judged(evidence_of(records, DAY), CRITERIA, load_criteria(), EDITION, "it")


def test_the_three_uk_requirements_have_the_verdicts_of_their_criteria() -> None:
    rows = mapped(judgement("S1.1-02", "S1.1-05"), Standard.PSTI)
    assert [(row.provision, row.verdict) for row in rows] == [
        ("1", Verdict.MET),
        ("2", Verdict.MET),
        ("3", Verdict.UNDETERMINED),
    ]
    assert {row.certainty for row in rows} == {Certainty.PRIMARY}


def test_only_the_four_provisions_that_rest_on_sources_are_more_than_unconfirmed() -> None:
    rows = mapped(judgement(), Standard.EN_303_645)
    sure = {row.provision for row in rows if row.certainty is not Certainty.UNCONFIRMED}
    assert sure == {"5.1-1", "5.1-2", "5.2-1", "5.3-13"}


def test_every_criterion_stands_in_the_mapping_once_at_least() -> None:
    rows = mapped(judgement(), Standard.EN_303_645)
    assert {r.statement.id for row in rows for r in row.results} == {name for name, _ in CRITERIA}


def test_nothing_submitted_leaves_all_sixteen_undetermined() -> None:
    whole = judgement()
    assert len(whole.criteria) == 16
    assert {result.verdict for result in whole.criteria} == {Verdict.UNDETERMINED}
    assert all(finding.remedy is not None for r in whole.criteria for finding in r.findings)


def test_an_alternative_that_another_stands_in_for_decides_nothing() -> None:
    product = Product(own_gate=True, hardware="")
    evidence = evidence_of(load_criterion_cases(CriterionId("S1.1-10")).whole, DAY, product)
    whole = judged(evidence, CRITERIA, load_criteria(), EDITION, "it")
    model = next(r for r in whole.criteria if r.statement.id == "S1.1-10")
    assert model.verdict is Verdict.UNDETERMINED
    assert [finding.item for finding in model.deciding()] == ["S1.1-10/hardware"]
    assert all(result.deciding() for result in whole.criteria)
