"""The grid code's scope as a written table, and every combination of facts held against it.

Columns: roles | IP | controls | straight to a main component | works class | answer | a word of the
reason. `y` yes, `n` no, `?` not said, `*` any. The rows are disjoint and cover everything: both are
tested. Written from the scope sentence, the extension rule and the exclusions, not from the code.
"""

from __future__ import annotations

import itertools

import pytest

from sekisho.desk.scope import Reach, scope
from sekisho.site.model import Role, WorksClass

NAMED = "pcs bms local-ems upper-ems gateway protocol-converter remote-monitor"
UNNAMED = "firewall meter"
TABLE = f"""
cell-pack                                  | n | * | * | *        | out    | cells and packs
cell-pack                                  | ? | * | * | *        | out    | cells and packs
cell-pack                                  | y | * | * | *        | open   | communicates over IP
{NAMED} output-control-unit                | n | * | * | *        | out    | does not communicate
{NAMED} output-control-unit                | ? | * | * | *        | unsaid | not stated
{NAMED}                                    | y | * | * | *        | in     | part of the control system
output-control-unit                        | y | * | * | *        | in     | infer
router {UNNAMED} camera                    | n | * | * | *        | out    | does not communicate
camera                                     | y | y | * | *        | in     | control function
camera                                     | y | n | y | *        | in     | straight
camera                                     | y | ? | y | *        | in     | straight
camera                                     | y | n | n | *        | out    | behind the gateway
camera                                     | y | n | ? | *        | unsaid | that decides
camera                                     | y | ? | n | *        | unsaid | that decides
camera                                     | y | ? | ? | *        | unsaid | that decides
camera                                     | ? | n | n | *        | out    | behind the gateway
camera                                     | ? | n | y | *        | unsaid | not stated
camera                                     | ? | n | ? | *        | unsaid | not stated
camera                                     | ? | y | * | *        | unsaid | not stated
camera                                     | ? | ? | * | *        | unsaid | not stated
router                                     | y | y | * | *        | in     | control function
router                                     | y | n | y | *        | in     | straight
router                                     | y | ? | y | *        | in     | straight
router                                     | y | n | n | general  | out    | general-use works
router                                     | y | n | ? | general  | unsaid | that decides
router                                     | y | ? | n | general  | unsaid | that decides
router                                     | y | ? | ? | general  | unsaid | that decides
router                                     | y | n | n | business | open   | exclusion of routers
router                                     | y | n | ? | business | open   | exclusion of routers
router                                     | y | ? | n | business | open   | exclusion of routers
router                                     | y | ? | ? | business | open   | exclusion of routers
router                                     | ? | n | n | general  | out    | general-use works
router                                     | ? | n | y | general  | unsaid | not stated
router                                     | ? | n | ? | general  | unsaid | not stated
router                                     | ? | y | * | general  | unsaid | not stated
router                                     | ? | ? | * | general  | unsaid | not stated
router                                     | ? | * | * | business | unsaid | not stated
{UNNAMED}                                  | y | y | * | *        | in     | control function
{UNNAMED}                                  | y | n | y | *        | in     | straight
{UNNAMED}                                  | y | ? | y | *        | in     | straight
{UNNAMED}                                  | y | n | n | *        | open   | not named
{UNNAMED}                                  | y | n | ? | *        | open   | not named
{UNNAMED}                                  | y | ? | n | *        | open   | not named
{UNNAMED}                                  | y | ? | ? | *        | open   | not named
{UNNAMED}                                  | ? | * | * | *        | unsaid | not stated
"""
ROWS = [tuple(cell.strip() for cell in line.split("|")) for line in TABLE.strip().splitlines()]
SAID = {"y": True, "n": False, "?": None}
COMBINATIONS = list(itertools.product(Role, "yn?", "yn?", "yn?", WorksClass))


def _matching(role, ip, controls, straight, works):
    return [
        row
        for row in ROWS
        if role in row[0].split()
        and row[1] in {ip, "*"}
        and row[2] in {controls, "*"}
        and row[3] in {straight, "*"}
        and row[4] in {works, "*"}
    ]


@pytest.mark.parametrize("combination", COMBINATIONS, ids=" ".join)
def test_the_scope_is_as_written(combination):
    role, ip, controls, straight, works = combination
    rows = _matching(*combination)
    assert len(rows) == 1, "the written table says this once"
    answer = scope(
        role,
        speaks_ip=SAID[ip],
        controls=SAID[controls],
        straight=SAID[straight],
        works=works,
    )
    assert answer.reach == rows[0][5]
    assert rows[0][6].lower() in answer.reason.en.lower()
    assert answer.reason.ja


def test_what_is_not_clear_says_what_to_do():
    for role, ip, controls, straight, works in COMBINATIONS:
        answer = scope(
            role,
            speaks_ip=SAID[ip],
            controls=SAID[controls],
            straight=SAID[straight],
            works=works,
        )
        asks = answer.reach in {Reach.OPEN, Reach.UNSAID}
        assert asks == (answer.remedy.en != "Nothing to do.")
