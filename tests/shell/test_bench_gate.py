"""The benchmark's parts run and give figures; how fast is never asked here."""

from __future__ import annotations

from tools import bench_gate_hours, bench_gate_south, bench_gate_store
from tools.bench_gate_figure import Found, disk


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
