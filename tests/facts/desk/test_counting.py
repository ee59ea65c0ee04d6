"""The written table status × force × verdict → exit code is what the program does.

The page docs/reference/exit-codes.md is what people read; the table below was written by hand from
the settled readings. Function, page and hand-written table must agree in every cell.
"""

from itertools import product
from pathlib import Path

import pytest

from sekisho.desk.counting import contribution, site_verdict
from sekisho.rulebook.statement import Force, Kind, Status
from sekisho.terms.verdict import Verdict, exit_code

PAGE = Path(__file__).resolve().parents[3] / "docs/reference/exit-codes.md"

# Exit code of a site to which one rule alone applies, by force and verdict, where its status
# counts (decided, promulgated, in-force). "-": shown, not counted, exit 0.
COUNTED = """
force      met broken not-applicable undetermined
mandatory  0   1      0              3
kankoku    0   1      0              3
suisho     -   -      -              -
unknown    0   3      0              3
"""


def by_hand(kind, status, force, verdict, *, strict):
    """The hand-written answer: an exit code, or None where the rule does not count."""
    if kind == "duty" and not strict:
        return None
    if status == "reported":
        return None
    lines = [line.split() for line in COUNTED.strip().splitlines()]
    columns = lines[0]
    [row] = [line for line in lines[1:] if line[0] == force]
    cell = row[columns.index(verdict)]
    return None if cell == "-" else int(cell)


def page_rows():
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [c.strip() for c in line.strip("|").split("|")]
        if cells[0] in set(Kind):
            yield cells


@pytest.mark.parametrize("strict", [False, True])
def test_the_program_does_what_the_table_says(strict):
    for kind, status, force, verdict in product(Kind, Status, Force, Verdict):
        part = contribution(kind, status, force, verdict, strict=strict)
        expected = by_hand(kind, status, force, verdict, strict=strict)
        assert (part is None) == (expected is None), (kind, status, force, verdict)
        assert exit_code(site_verdict([part])) == (expected or 0), (kind, status, force, verdict)


def test_the_page_shows_every_cell_of_the_table():
    rows = list(page_rows())
    assert len(rows) == len(Kind) * len(Status) * len(Force) * len(Verdict)
    for kind, status, force, verdict, *cells in rows:
        for at, strict in ((0, False), (2, True)):
            expected = by_hand(kind, status, force, verdict, strict=strict)
            assert (cells[at] == "—") == (expected is None)
            assert int(cells[at + 1]) == (expected or 0)


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        ([Verdict.MET, Verdict.BROKEN, Verdict.UNDETERMINED], Verdict.BROKEN),
        ([Verdict.MET, Verdict.UNDETERMINED], Verdict.UNDETERMINED),
        ([Verdict.MET, Verdict.NOT_APPLICABLE, None], Verdict.MET),
        ([Verdict.NOT_APPLICABLE, None], Verdict.NOT_APPLICABLE),
        ([], Verdict.NOT_APPLICABLE),
    ],
)
def test_the_worst_counted_rule_decides_and_nothing_counted_is_never_met(parts, verdict):
    assert site_verdict(parts) is verdict
