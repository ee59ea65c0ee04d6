"""Whatever else is in the evidence: nothing but what speaks against betters a verdict by going."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sekisho.evidence.observation import Record
from sekisho.proof.cases import DAY
from sekisho.proof.criteria import CRITERIA
from sekisho.proof.evidence import DEVICE, Case, Product, evidence_of
from sekisho.proof.judging import criterion
from sekisho.shell.package_data import load_criteria, load_criterion_cases
from sekisho.terms.quantity import WallMs
from sekisho.terms.verdict import Verdict
from tests.observed import observations

RANK = {Verdict.BROKEN: 0, Verdict.UNDETERMINED: 1, Verdict.NOT_APPLICABLE: 2, Verdict.MET: 2}
NAMES = [name for name, _ in CRITERIA]
JUDGES = dict(CRITERIA)
TOLD = {
    name: [
        *load_criterion_cases(name).whole,
        *(one for story in load_criterion_cases(name).stories for one in story.records),
    ]
    for name in NAMES
}
NOON = WallMs(1_795_000_000_000)


@st.composite
def bodies(draw, name):
    """Evidence from the criterion's own stories, with whatever else was seen."""
    told = draw(st.lists(st.sampled_from(TOLD[name]), max_size=6))
    whole = load_criterion_cases(name).whole if draw(st.booleans()) else ()
    seen = draw(st.lists(observations, max_size=2))
    others = [
        (
            Record(at=NOON, program="", method="", target="", transcript=None, observed=one),
            draw(st.booleans()),
        )
        for one in seen
    ]
    return [*whole, *told, *others]


def answer(name, records, product):
    case = Case(evidence=evidence_of(records, DAY, product), statement=load_criteria()[name])
    return criterion(case, JUDGES[name])


@settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from(NAMES), st.booleans())
def test_evidence_that_goes_betters_a_verdict_only_where_it_spoke_against(data, name, gate) -> None:
    records = data.draw(bodies(name))
    product = Product(own_gate=True, hardware="") if gate else DEVICE
    result = answer(name, records, product)
    against = {piece.number for finding in result.findings for piece in finding.against}
    for place in range(len(records)):
        better = answer(name, [*records[:place], *records[place + 1 :]], product)
        if RANK[better.verdict] > RANK[result.verdict]:
            assert place + 1 in against


@settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from(NAMES))
def test_every_judge_answers_every_item_in_order(data, name) -> None:
    result = answer(name, data.draw(bodies(name)), DEVICE)
    assert [f.item for f in result.findings] == [i.id for i in result.statement.items]
    assert {f.verdict for f in result.deciding()} == {result.verdict}
    for finding in result.findings:
        if finding.verdict in {Verdict.MET, Verdict.NOT_APPLICABLE}:
            assert finding.rests_on
            assert all(piece.vouched for piece in finding.rests_on)
