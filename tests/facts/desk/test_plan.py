"""What a site file leaves out is never `met`."""

from dataclasses import replace
from datetime import date

import pytest

from sekisho.desk.assess import assess
from sekisho.shell.site_files import load_site
from sekisho.site.model import Milestone, Resource, Role
from sekisho.terms.dates import ONE_DAY
from sekisho.terms.texts import Lang
from sekisho.terms.verdict import Verdict
from tests.plants import EXAMPLES, made_up_desk

SITE = load_site(EXAMPLES / "all-labelled" / "site.toml")
STARTS = date(2027, 4, 1)


def rule(site, name):
    return next(r for r in assess(made_up_desk(), site).rules if r.statement.id == name)


def without(*roles, **change):
    kept = tuple(d for d in SITE.devices if d.role not in roles)
    return replace(SITE, devices=kept, links=(), **change)


def applying(day):
    return {Milestone.CONTRACT_APPLICATION: day}


def test_a_battery_whose_pcs_is_not_declared_is_undetermined():
    assert rule(SITE, "gc-1").verdict is Verdict.MET
    found = rule(without(Role.PCS), "gc-1")
    assert found.verdict is Verdict.UNDETERMINED
    [missing] = [d for d in found.devices if d.device is None]
    assert missing.reason.says(Lang.EN).startswith("No PCS (power conditioner) is declared")


@pytest.mark.parametrize(
    ("day", "verdict"),
    [(STARTS - ONE_DAY, Verdict.NOT_APPLICABLE), (STARTS, Verdict.UNDETERMINED)],
)
def test_a_device_is_missing_only_from_the_day_on_which_the_rule_asks_for_it(day, verdict):
    assert rule(without(Role.PCS, dates=applying(day)), "gc-1").verdict is verdict


def test_devices_that_are_all_out_of_scope_do_not_hide_the_missing_pcs():
    cells = without(*(r for r in Role if r is not Role.CELL_PACK))
    assert rule(cells, "gc-1").verdict is Verdict.UNDETERMINED


def test_wind_without_gateway_and_firewall_is_undetermined():
    wind = without(Role.GATEWAY, resource=Resource.WIND)
    found = rule(wind, "gc-3")
    assert found.verdict is Verdict.UNDETERMINED
    reasons = [d.reason.says(Lang.JA) for d in found.devices if d.device is None]
    assert reasons == [
        "ファイアウォールまたはゲートウェイが書かれていません。この規則で問われる機器です。"
    ]


def test_a_site_without_devices_is_undetermined():
    assert assess(made_up_desk(), replace(SITE, devices=(), links=())).verdict is (
        Verdict.UNDETERMINED
    )
