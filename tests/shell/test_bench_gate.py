"""The benchmark's parts run and give figures; how fast is never asked here."""

from __future__ import annotations

import random
from itertools import islice, pairwise

import pytest

from tools import (
    bench_admin,
    bench_gate_hours,
    bench_gate_south,
    bench_gate_store,
    bench_gate_took,
    bench_gate_way,
)
from tools.bench_gate_figure import Found, disk, medians
from tools.bench_gate_pace import CLOSE, SELDOM, STEADY, WORST

pytestmark = pytest.mark.alone


def test_the_cycle_runs_over_simulated_time_and_moves_the_plant():
    ran = bench_gate_hours.run(0.5, 1_000)
    assert ran.ticks == 1_800
    assert ran.moved > 0
    assert ran.entries > 0


def test_workers_are_measured_while_they_poll():
    found = bench_gate_south.polling(0.2, devices=2)
    assert [one.judged for one in found] == [True, True]
    assert all(one.value > 0 for one in found)


def test_a_whole_gates_cycle_is_measured():
    found = bench_gate_south.cycling(0.5, devices=5)
    assert "5 of 5 devices up" in found[0].note


def test_a_figure_beyond_its_bar_and_one_that_is_missing_are_missed():
    assert not Found(what="x", value=3.0, most=2.0).kept
    assert not Found(what="x", value=1.0, least=2.0).kept
    assert not Found(what="x", value=float("nan"), most=2.0).kept
    assert str(Found(what="x", value=2.0, most=2.0)) == "x: 2 [<= 2] kept"


def test_the_disk_is_asked(tmp_path):
    assert all(one.value > 0 for one in disk(tmp_path, writes=5))


def test_values_are_stored_and_forwarded():
    found = bench_gate_store.figures(0.5, devices=2)
    assert found[-1].value == 0
    assert found[1].value > 0


def test_the_way_of_a_command_is_measured_through_a_gate_and_a_forwarder():
    found = {one.what: one for one in bench_gate_way.figures(rounds=1, pairs=10)}
    missing = found["a: commands overtaken by the next one, or never carried out"].value
    assert missing < 20, "of eighty; on a disk that stands still some are overtaken"
    assert 0 < found["e: guarded write + read-back beyond the broker's hop, p50"].value < 1_000


def test_each_pace_sends_as_it_says():
    for pace, mean, least in (
        (CLOSE, 0.0275, 0.02),
        (STEADY, 0.1, 0.09),
        (WORST, 0.04, 0.035),
        (SELDOM, 0.1, 0.055),
    ):
        moments = list(islice(pace.moments(random.Random(7)), 2_000))
        gaps = [later - before for before, later in pairwise(moments)]
        assert moments[-1] / (len(moments) - 1) == pytest.approx(mean, rel=0.03)
        assert min(gaps) >= least - 1e-9


def test_a_power_that_was_never_read_back_counts_as_lost():
    marks = bench_gate_took.Marks(arrived=[1_100, 2_100], held=[(1_500, 7)], rested=[1_200])
    found = bench_gate_took.took([(1_000, 7), (2_000, 8)], marks)
    assert found.lost == 1
    assert found.straight == [1_000], "the first met a rest"
    assert found.whole[0] == 0.0005
    assert found.whole[1] == 1_000


def test_a_lost_power_is_not_found_in_the_next_one_that_was_the_same():
    marks = bench_gate_took.Marks(
        arrived=[1_100, 2_100, 3_100], held=[(2_500, 8), (3_500, 7)], rested=[]
    )
    found = bench_gate_took.took([(1_000, 7), (2_000, 8), (3_000, 7)], marks)
    assert found.lost == 1
    assert found.whole == [1_000, 0.0005, 0.0005]
    first = bench_gate_took.took([(1_000, 7), (2_000, 8)], marks, later=[(3_000, 7)])
    assert first.lost == 1, "nor in one of the next round"


def test_the_median_of_several_runs_is_told_and_the_worst_of_what_must_be_none():
    values = iter([(1.0, 0.0), (9.0, 2.0), (3.0, 0.0)])

    def run() -> list[Found]:
        took, lost = next(values)
        return [Found(what="x", value=took, most=4), Found(what="lost", value=lost, most=0)]

    took, lost = medians(run, 3)
    assert (took.value, took.kept) == (3.0, True)
    assert (lost.value, lost.kept) == (2.0, False)


def test_pages_are_measured_beside_a_cycle():
    found = bench_admin.figures(1.0, devices=5)
    assert found[0].value > 0
    assert found[-3].kept, "guesses in ten minutes are virtual time, and judged on any machine"
    assert [one.value for one in found[-2:]] == [0, 0]
