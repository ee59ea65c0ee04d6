"""What holds for any site and any register."""

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sekisho.desk.assess import assess, find, look
from sekisho.desk.counting import contribution, site_verdict
from sekisho.desk.document import as_json
from sekisho.desk.portfolio.survey import Surveyor
from sekisho.desk.timeline import timeline
from sekisho.register.model import LabelStatus
from sekisho.rulebook.statement import StatusStep
from sekisho.site.topology import topology_of
from sekisho.terms.dates import ONE_DAY
from sekisho.terms.texts import Lang
from sekisho.terms.verdict import Verdict, worst
from tests.plants import DAY, MODELS, desk_of, label, registers, rules, sites

few = settings(max_examples=60, suppress_health_check=list(HealthCheck))


def text(desk, site):
    return json.dumps(as_json(assess(desk, site), Lang.JA), ensure_ascii=False)


@few
@given(sites(), registers(), st.randoms(use_true_random=False))
def test_the_order_of_devices_never_matters(site, register, random):
    devices = list(site.devices)
    random.shuffle(devices)
    desk = desk_of(register)
    assert text(desk, site) == text(desk, replace(site, devices=tuple(devices)))


@few
@given(sites(), registers(), st.sampled_from(MODELS))
def test_a_matching_valid_label_never_turns_met_into_broken(site, register, number):
    more = label(
        number,
        key="extra",
        status=LabelStatus.VALID,
        issued=date(2025, 1, 1),
        expires=date(2026, 12, 31),
    )
    more = replace(more, number="N-extra")
    before = assess(desk_of(register), site)
    after = assess(desk_of(replace(register, labels=(*register.labels, more))), site)
    for old_rule, new_rule in zip(before.rules, after.rules, strict=True):
        for old, new in zip(old_rule.devices, new_rule.devices, strict=True):
            if old.verdict is Verdict.MET:
                assert new.verdict is not Verdict.BROKEN


@few
@given(sites(), registers())
def test_a_verdict_is_met_only_where_something_was_met(site, register):
    answer = assess(desk_of(register), site)
    if answer.verdict is Verdict.MET:
        assert any(r.counts and r.verdict is Verdict.MET for r in answer.rules)
    for rule in answer.rules:
        assert rule.devices
        assert rule.verdict is worst(d.verdict for d in rule.devices)


def another(value):
    """An amended value: a rule that starts years earlier, a limit that is nothing."""
    return value.replace(year=value.year - 9) if isinstance(value, date) else 0


@few
@given(sites(), registers())
def test_rules_learned_later_leave_an_earlier_answer_byte_identical(site, register):
    known = rules()
    later = DAY + ONE_DAY
    amended = [
        replace(
            rule,
            statement=replace(
                rule.statement,
                steps=(
                    *rule.statement.steps,
                    StatusStep(rule.statement.steps[-1].value, later, later),
                ),
                parameters=(
                    *rule.statement.parameters,
                    *(
                        replace(p, learned=later, since=None, value=another(p.value))
                        for p in rule.statement.parameters
                    ),
                ),
                sources=(
                    *rule.statement.sources,
                    *(replace(s, learned=later) for s in rule.statement.sources),
                ),
            ),
        )
        for rule in known
    ]
    unheard = replace(
        known[0],
        statement=replace(
            known[0].statement,
            steps=tuple(replace(s, learned=later) for s in known[0].statement.steps),
        ),
    )
    desk = desk_of(register)
    again = desk.prepare(desk.question, [*amended, unheard], register, desk.index)
    assert text(desk, site) == text(again, site)


def naive(desk, site, day):
    """The site's verdict if asked on one day, without any cut."""
    looked = look(desk, site, day)
    parts = []
    for plan in looked.plans:
        verdict = worst(find(desk, looked, plan, ask, day).verdict for ask in plan.asks)
        statement = plan.statement
        parts.append(
            contribution(statement.kind, plan.status, statement.force, verdict, strict=False)
        )
    return site_verdict(parts)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(sites(), registers(), st.dates(date(2026, 1, 1), date(2028, 1, 1)))
def test_the_portfolio_agrees_with_asking_day_by_day(site, register, first):
    desk = desk_of(register)
    line = Surveyor(desk, first, years=3).line(site)
    changes = dict(line.changes)
    now = None
    day = first
    while day < first.replace(year=first.year + 3) - timedelta(3):
        now = changes.get(day, now)
        if day in changes or day - ONE_DAY in changes or day + ONE_DAY in changes or day.day == 1:
            assert naive(desk, site, day) is now, day
        day += ONE_DAY


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(sites(), registers(), st.dates(date(2026, 1, 1), date(2031, 1, 1)))
def test_the_portfolio_says_of_a_site_what_assess_says(site, register, first):
    desk = desk_of(register, as_of=first)
    assert Surveyor(desk, first, years=1).line(site).verdict is assess(desk, site).verdict


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(sites(), registers())
def test_a_timeline_covers_every_day_once_and_agrees_with_the_question(site, register):
    desk = desk_of(register)
    first = date(2026, 6, 1)
    line = timeline(desk, look(desk, site, first), first, years=2)
    for rule in line.rules:
        expected = first
        for piece in rule.pieces:
            assert piece.first == expected
            expected = piece.last + ONE_DAY
        assert rule.pieces[-1].last == line.last
        for device in rule.devices:
            for before, after in pairwise(device.pieces):
                assert before.last < after.first
                touching = before.last + ONE_DAY == after.first
                assert not (touching and before.verdict is after.verdict)
    for piece_day in {p.first for r in line.rules for d in r.devices for p in d.pieces}:
        looked = look(desk, site, piece_day)
        for rule, plan in zip(line.rules, looked.plans, strict=True):
            [now] = [p.verdict for p in rule.pieces if p.first <= piece_day <= p.last]
            asked = worst(find(desk, looked, plan, ask, piece_day).verdict for ask in plan.asks)
            assert now is asked, (rule.statement.id, piece_day)


@few
@given(sites())
def test_a_topology_never_calls_a_device_both_unlinked_and_reached(site):
    topology = topology_of(site)
    for device in site.devices:
        if not topology.is_linked(device):
            assert topology.reached_without_gateway(device) is None
            assert topology.behind_gateway(device) is None
