"""The probe profile of our own gate names what the program's own tables name."""

from datetime import date

from sekisho.evidence.observation_words import RouteContent
from sekisho.gate.admin.routes import ROUTES, Open
from sekisho.proof.criteria import CRITERIA
from sekisho.proof.evidence import Product, evidence_of
from sekisho.proof.judging import judged
from sekisho.shell.package_data import load_criteria
from sekisho.shell.probe.profile import load_probe_profile, shipped_names
from sekisho.terms.verdict import Verdict
from tools.self_assessment import rows

DOCUMENT = load_probe_profile("sekisho-gate", secrets=False).document


def asked(path):
    return path.replace("{file}", "admin.css")


def test_it_ships():
    assert "sekisho-gate" in shipped_names()


def test_every_route_that_can_be_read_is_in_it_and_no_other():
    wanted = {asked(route.path) for route in ROUTES if route.method == "GET"}
    assert {route.path for route in DOCUMENT.route} == wanted
    assert DOCUMENT.routes_complete


def test_open_are_those_that_anybody_may_ask():
    anybody = {asked(r.path) for r in ROUTES if r.method == "GET" and r.needs is Open.ANYBODY}
    assert {route.path for route in DOCUMENT.route if route.open is not None} == anybody
    harmless = {RouteContent.LOGIN, RouteContent.STATIC}
    assert {r.content for r in DOCUMENT.route if r.open is not None} <= harmless


def test_nothing_that_changes_a_gate_is_agreed_in_it():
    assert DOCUMENT.agreed is None


def test_of_no_evidence_the_self_assessment_has_sixteen_rows_that_say_what_is_missing():
    evidence = evidence_of([], date(2026, 11, 28), Product(own_gate=True, hardware=""))
    found = rows(judged(evidence, CRITERIA, load_criteria(), "edition", "target"))
    assert [row["id"] for row in found] == [f"S1.1-{n:02d}" for n in range(1, 17)]
    assert {row["verdict"] for row in found} == {Verdict.UNDETERMINED}
    assert {row["how"] for row in found} == {"nothing"}
    assert all(row["reason"] for row in found)
