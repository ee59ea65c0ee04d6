"""A document that raises anything needs two different persons; one that only takes away needs one."""

from dataclasses import replace

import pytest

from sekisho.codec.bounds import Droop
from sekisho.codec.command import Kind
from sekisho.codec.trust import Grant
from sekisho.gate.admin import approval
from sekisho.gate.admin.approval import Approved, InForce, No, Person, Proposal
from sekisho.gate.admin.differences import (
    _BOUNDS,
    _flat,
    bounds_differences,
    raises,
    trust_differences,
)
from sekisho.gate.admin.roles import Role
from sekisho.terms.ids import IssuerId, KeyId, SiteId
from sekisho.terms.quantity import BootMs, Celsius, Hertz, Share, WallMs, Watts
from tests.facts.gate import scene

BOUNDS = scene.bounds(version=1)
TRUST = scene.trust()
NOW = InForce(trust=TRUST, bounds=BOUNDS)
MORI, TANI = (Person(name=name, role=Role.ENGINEER) for name in ("mori", "tani"))
VIEWER = Person(name="oka", role=Role.VIEWER)
SECURITY = Person(name="kita", role=Role.SECURITY)
T = BootMs(0)
WIDER = replace(BOUNDS, version=2, export_max=Watts(BOUNDS.export_max + 1))
NARROWER = replace(BOUNDS, version=2, export_max=Watts(BOUNDS.export_max - 1))


def waiting(content, person=MORI, in_force=NOW):
    held, proposal = approval.proposed((), "d", content, in_force, person, T)
    assert isinstance(proposal, Proposal)
    return held


def approve(held, person, in_force=NOW, now=T):
    return approval.approved(held, "d", in_force, person, now)


def test_a_wider_bound_needs_two_different_persons():
    held, first = approve(waiting(WIDER), MORI)
    assert isinstance(first, Approved)
    assert not first.enough
    held, again = approve(held, MORI)
    assert again == No(approval.TWICE)
    held, second = approve(held, TANI)
    assert isinstance(second, Approved)
    assert second.enough
    assert second.proposal.approvals == ("mori", "tani")
    assert held == ()


def test_handing_in_is_no_approval():
    assert waiting(WIDER)[0].approvals == ()


def test_a_narrower_bound_needs_one():
    _, outcome = approve(waiting(NARROWER), SECURITY)
    assert isinstance(outcome, Approved)
    assert outcome.enough


def test_who_may_not_is_refused_whatever_the_pages_offered():
    assert approve(waiting(WIDER), VIEWER)[1] == No(approval.MAY_NOT)
    assert approval.proposed((), "d", WIDER, NOW, SECURITY, T)[1] == No(approval.MAY_NOT)
    operator = Person(name="o", role=Role.OPERATOR)
    assert approve(waiting(NARROWER), operator)[1] == No(approval.MAY_NOT)


def test_what_was_approved_counts_no_more_once_something_else_is_in_force():
    """Narrower against what was in force then may be wider against what is in force now."""
    held, _ = approve(waiting(replace(NARROWER, version=9)), VIEWER)
    meanwhile = InForce(
        trust=TRUST, bounds=replace(BOUNDS, version=5, export_max=Watts(BOUNDS.export_max - 9))
    )
    held, outcome = approve(held, MORI, meanwhile)
    assert outcome == No(approval.CHANGED)
    assert held[0].needed == 2
    assert held[0].approvals == ()
    held, outcome = approve(held, MORI, meanwhile)
    assert isinstance(outcome, Approved)
    assert not outcome.enough


def test_an_older_document_or_one_of_another_site_is_refused_also_when_it_waited():
    older = replace(WIDER, version=1)
    assert isinstance(approval.proposed((), "d", older, NOW, MORI, T)[1], No)
    elsewhere = replace(WIDER, site=SiteId("elsewhere-1"))
    outcome = approval.proposed((), "d", elsewhere, NOW, MORI, T)[1]
    assert outcome == No(approval.OTHER_SITE)
    overtaken = InForce(trust=TRUST, bounds=replace(BOUNDS, version=2))
    held, outcome = approve(waiting(WIDER), MORI, overtaken)
    assert isinstance(outcome, No)
    assert held == ()


def test_a_document_is_forgotten_after_a_day_and_few_wait_at_once():
    late = BootMs(approval.LIFE_MS)
    assert approve(waiting(WIDER), MORI, now=late)[1] == No(approval.GONE)
    held: approval.Waiting = ()
    for n in range(approval.MOST_WAITING):
        held, _ = approval.proposed(held, str(n), WIDER, NOW, MORI, T)
    assert approval.proposed(held, "more", WIDER, NOW, MORI, T)[1] == No(approval.FULL)
    assert isinstance(approval.proposed(held, "0", WIDER, NOW, TANI, T)[1], Proposal)


def test_who_handed_it_in_and_who_may_approve_can_take_it_back():
    proposal = waiting(WIDER)[0]
    assert approval.may_withdraw(MORI, proposal)
    assert approval.may_withdraw(SECURITY, proposal)
    assert not approval.may_withdraw(VIEWER, proposal)


MORE = {
    "export_max": Watts(BOUNDS.export_max + 1),
    "import_max": Watts(BOUNDS.import_max + 1),
    "connection_export_max": Watts(BOUNDS.connection_export_max + 1),
    "connection_import_max": Watts(BOUNDS.connection_import_max + 1),
    "soc_min": Share(BOUNDS.soc_min - 0.01),
    "soc_max": Share(BOUNDS.soc_max + 0.01),
    "temperature_min": Celsius(BOUNDS.temperature_min - 1),
    "temperature_max": Celsius(BOUNDS.temperature_max + 1),
    "ramp_dispatch": BOUNDS.ramp_dispatch + 1,
    "ramp_max": BOUNDS.ramp_max + 1,
    "reversals_per_hour": BOUNDS.reversals_per_hour + 1,
    "frequency_min": Hertz(BOUNDS.frequency_min - 0.1),
    "frequency_max": Hertz(BOUNDS.frequency_max + 0.1),
    "frequency_disturbed": Hertz(BOUNDS.frequency_disturbed + 0.1),
}


@pytest.mark.parametrize(("member", "value"), MORE.items())
def test_each_bound_gives_more_in_one_direction_and_less_in_the_other(member, value):
    other = replace(BOUNDS, **{member: value})
    assert [(d.member, d.raises) for d in bounds_differences(BOUNDS, other)] == [(member, True)]
    assert [(d.member, d.raises) for d in bounds_differences(other, BOUNDS)] == [(member, False)]


def test_what_the_table_does_not_know_gives_more_whatever_it_does():
    droop = Droop(
        deadband=Hertz(0.02), slope=Watts(1_000), power_max=Watts(1_000), reserve_minutes=15
    )
    with_droop = replace(BOUNDS, droop=droop)
    without = replace(BOUNDS, droop=None)
    assert raises(bounds_differences(without, with_droop))
    assert raises(bounds_differences(with_droop, without))
    other = replace(BOUNDS, droop=replace(droop, reserve_minutes=14))
    assert raises(bounds_differences(with_droop, other))


def test_every_member_but_primary_control_and_the_nominal_frequency_has_a_direction():
    unknown = _flat(replace(BOUNDS, droop=None)).keys() - _BOUNDS.keys()
    assert unknown == {"frequency_nominal"}


KEY = scene.key()


@pytest.mark.parametrize(
    "changed",
    [
        replace(KEY, power_max=Watts(5)),
        replace(KEY, revoked=True),
        replace(KEY, may=KEY.may - {Grant(Kind.STOP)}),
        replace(KEY, valid_until=WallMs(KEY.valid_until - 1)),
        replace(KEY, valid_from=WallMs(KEY.valid_from + 1)),
        replace(KEY, budget=replace(KEY.budget, change_per_minute=Watts(1))),
        replace(KEY, budget=replace(KEY.budget, reversals_per_hour=1)),
        replace(KEY, start_delay_max_s=60),
    ],
)
def test_a_key_that_may_less_takes_one_person_and_the_way_back_two(changed):
    less = replace(TRUST, keys=(changed,))
    assert not raises(trust_differences(TRUST, less))
    assert trust_differences(TRUST, less)
    assert raises(trust_differences(less, TRUST))


def test_a_new_key_or_another_issuer_takes_two_and_a_key_that_goes_takes_one():
    more = replace(TRUST, keys=(KEY, replace(KEY, kid=KeyId("second"))))
    assert raises(trust_differences(TRUST, more))
    assert not raises(trust_differences(more, TRUST))
    other = replace(TRUST, keys=(replace(KEY, issuer=IssuerId("somebody-else")),))
    assert raises(trust_differences(TRUST, other))
    wider = replace(TRUST, all_keys=replace(TRUST.all_keys, change_per_hour=Watts(10**9)))
    assert raises(trust_differences(TRUST, wider))
    assert trust_differences(TRUST, replace(TRUST, version=2)) == ()


@pytest.mark.parametrize(
    "changed",
    [
        (),
        (replace(KEY, revoked=True),),
        (replace(KEY, may=KEY.may - {Grant(Kind.CURTAIL)}),),
        (replace(KEY, valid_until=WallMs(KEY.valid_until - 1)),),
    ],
)
def test_what_ends_a_curtailment_that_stands_takes_two_persons(changed):
    less = replace(TRUST, version=2, keys=changed)
    standing = replace(NOW, curtailing=frozenset({KEY.kid}))
    held, outcome = approve(waiting(less, in_force=standing), MORI, standing)
    assert isinstance(outcome, Approved)
    assert not outcome.enough
    assert approve(held, TANI, standing)[1].enough
    assert approve(waiting(less), MORI)[1].enough, "with none standing one person takes a key away"
    assert approve(waiting(less), MORI, standing)[1] == No(approval.CHANGED)
    lower = replace(TRUST, version=2, keys=(replace(KEY, power_max=Watts(5)),))
    assert approve(waiting(lower, in_force=standing), MORI, standing)[1].enough
