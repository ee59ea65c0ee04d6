"""What is remembered of the set-points is their range over the last seconds, however it is kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sekisho.gate.cycle.meter import REMEMBER_MS, MeterWatch, watched
from sekisho.gate.image import PlantImage
from sekisho.terms.quantity import BootMs
from tests.facts.gate.scene import SETTINGS

STEPS = st.lists(
    st.tuples(st.integers(1, 3_000), st.sampled_from([0.0, 5.0, 5.0, 7.5])), max_size=60
)


@given(STEPS)
def test_the_range_is_that_of_every_sum_of_the_last_seconds(steps):
    watch, now = MeterWatch(), 0
    every: list[tuple[int, float]] = []
    for wait, total in steps:
        now += wait
        image = PlantImage(at=BootMs(now), pcs=(), bms=(), meters=())
        watch = watched(watch, SETTINGS, image, total, latched=False).watch
        every.append((now, total))
        wanted = {power for at, power in every if now - at <= REMEMBER_MS}
        assert {power for _, power in watch.recent} == wanted
        assert all(a[1] != b[1] for a, b in zip(watch.recent, watch.recent[1:], strict=False))
