"""Commissioning finds each wiring fault of a made-up plant, and none in a sound one."""

from dataclasses import dataclass, replace
from types import MappingProxyType

from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.gate.commission import Judgement, Phase, judged, plan
from sekisho.gate.commission_findings import Finding, said
from sekisho.gate.image import BmsImage, Link, MeterImage, PcsImage, PlantImage, Reading
from sekisho.gate.settings import SouthRole
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import BootMs, Share, WattHours, Watts
from tests.facts.gate import scene


@dataclass
class Plant:
    """A plant that may be wired wrongly."""

    ratings: tuple[int, ...]
    pcs_sign: tuple[int, ...]
    order: tuple[int, ...]
    """Which unit really gets what each is asked."""
    meter_sign: int = 1
    meter_scale: float = 1.0
    battery_sign: int = 1
    charge_sign: int = 1
    resolution: float = 0.001
    """Of the state of charge."""
    tells_power: bool = True
    noise: int = 0
    load: int = 3_000

    def run(self, declared):
        soc, at, phases = 0.5, 0, []
        for asked in plan(declared):
            images = []
            wanted = list(asked.values())
            real = [wanted[self.order[n]] * self.pcs_sign[n] for n in range(len(wanted))]
            for tick in range(10):
                at += 1_500
                lag = min(1.0, tick / 4)
                powers = [round(p * lag) for p in real]
                soc -= self.charge_sign * sum(powers) * 1_500 / 3_600_000 / declared.energy
                images.append(self._image(at, powers, soc, tick, declared))
            phases.append(Phase(asked=asked, images=tuple(images)))
        return phases

    def _image(self, at, powers, soc, tick, declared):
        now = BootMs(at)
        wobble = self.noise * (tick % 2)
        shown = round((sum(powers) - self.load) * self.meter_sign * self.meter_scale) + wobble
        return PlantImage(
            at=now,
            pcs=tuple(
                PcsImage(
                    device=d.device,
                    rated=d.rated,
                    link=Link.UP,
                    since=BootMs(0),
                    power=Reading(Watts(power), now),
                )
                for d, power in zip(declared.pcs, powers, strict=True)
            ),
            bms=(
                BmsImage(
                    device=DeviceId("bms-1"),
                    link=Link.UP,
                    soc=Reading(Share(round(soc / self.resolution) * self.resolution), now),
                    power=Reading(Watts(self.battery_sign * sum(powers)), now)
                    if self.tells_power
                    else None,
                ),
            ),
            meters=(
                MeterImage(
                    device=DeviceId("meter-1"),
                    link=Link.UP,
                    power=Reading(Watts(shown), now),
                ),
            ),
        )


def _settings(ratings):
    others = tuple(d for d in scene.SETTINGS.south if d.role is not SouthRole.PCS)
    pcs = tuple(
        scene.south(f"pcs-{n}", SouthRole.PCS, 5_000 + n, rated)
        for n, rated in enumerate(ratings, start=1)
    )
    energy = WattHours(2 * sum(ratings))
    return replace(scene.SETTINGS, south=(*pcs, *others), energy=energy)


ratings = st.lists(st.integers(100_000, 50_000_000), min_size=1, max_size=5).map(tuple)


def _plant(rated, **changes):
    sound = Plant(ratings=rated, pcs_sign=(1,) * len(rated), order=tuple(range(len(rated))))
    return replace(sound, **changes)


def _judged(plant) -> Judgement:
    plant_settings = _settings(plant.ratings)
    return judged(plant_settings, plant.run(plant_settings))


def _findings(plant):
    return {str(v.device): v.finding for v in _judged(plant).verdicts}


@settings(max_examples=40, deadline=None)
@given(ratings, st.booleans(), st.integers(0, 400))
def test_a_sound_plant_passes(rated, fine, noise):
    plant = _plant(rated, resolution=1e-9 if fine else 0.001, noise=noise)
    found = _judged(plant)
    assert found.passed, found
    assert not found.undecided
    assert {v.by for v in found.verdicts} == {"power", "soc" if fine else "battery-power"}


@settings(max_examples=40, deadline=None)
@given(ratings, st.data())
def test_a_pcs_that_counts_backwards_is_named(rated, data):
    wrong = data.draw(st.integers(0, len(rated) - 1))
    signs = tuple(-1 if n == wrong else 1 for n in range(len(rated)))
    found = _findings(_plant(rated, pcs_sign=signs))
    assert found[f"pcs-{wrong + 1}"] is Finding.REVERSED
    for n in range(len(rated)):
        if n != wrong:
            assert found[f"pcs-{n + 1}"] is Finding.RIGHT


@settings(max_examples=40, deadline=None)
@given(ratings.filter(lambda r: len(r) > 1), st.data())
def test_exchanged_pcs_are_named(rated, data):
    one, other = data.draw(
        st.lists(st.integers(0, len(rated) - 1), min_size=2, max_size=2, unique=True)
    )
    order = list(range(len(rated)))
    order[one], order[other] = other, one
    found = _findings(_plant((1_000_000,) * len(rated), order=tuple(order)))
    for n in (one, other):
        assert found[f"pcs-{n + 1}"] is Finding.STRAY


@settings(max_examples=40, deadline=None)
@given(ratings)
def test_a_meter_mounted_backwards_is_named(rated):
    found = _judged(_plant(rated, meter_sign=-1))
    assert {str(v.device): v.finding for v in found.verdicts}["meter-1"] is Finding.REVERSED
    assert not found.passed
    assert not found.undecided


@settings(max_examples=40, deadline=None)
@given(ratings, st.sampled_from([1_000.0, 0.001, 2.0]))
def test_a_meter_with_another_scale_is_named(rated, scale):
    found = _findings(_plant(rated, meter_scale=scale))
    assert found["meter-1"] is (Finding.OFF if scale > 1 else Finding.STILL)


@settings(max_examples=40, deadline=None)
@given(ratings)
def test_a_battery_that_counts_backwards_is_named(rated):
    assert _findings(_plant(rated, battery_sign=-1))["bms-1"] is Finding.REVERSED
    fine = _plant(rated, charge_sign=-1, resolution=1e-9)
    assert _findings(fine)["bms-1"] is Finding.REVERSED


@settings(max_examples=40, deadline=None)
@given(ratings)
def test_a_battery_that_shows_nothing_leaves_it_undecided(rated):
    found = _judged(_plant(rated, tells_power=False))
    assert found.undecided
    assert not found.passed


@settings(max_examples=40, deadline=None)
@given(ratings)
def test_a_restless_plant_leaves_it_undecided_and_passes_nothing(rated):
    plant = _plant(rated, noise=sum(rated), meter_sign=-1)
    assert _findings(plant)["meter-1"] in {Finding.NOISY, Finding.REVERSED}


def test_nothing_seen_is_nothing_passed():
    small = _settings((1_000,))
    assert not judged(small, []).passed
    phases = [Phase(asked=asked, images=()) for asked in plan(small)]
    assert judged(small, phases).undecided


def test_the_plan_asks_one_percent_both_ways_and_each_by_itself():
    asked = plan(_settings((500_000, 300_000)))
    assert [tuple(phase.values()) for phase in asked] == [
        (0, 0),
        (5_000, 3_000),
        (0, 0),
        (-5_000, -3_000),
        (0, 0),
        (5_000, 0),
        (0, 0),
        (0, 3_000),
        (0, 0),
    ]


def test_the_entry_says_what_each_did_in_whole_numbers():
    found = _judged(_plant((500_000, 300_000)))
    body = found.body
    assert isinstance(body, MappingProxyType)
    assert body["passed"] is True
    assert body["digest"] == scene.SETTINGS.digest
    assert body["moved"]["pcs-1"] in {5_000, -5_000}
    assert body["findings"]["meter-1"] == "right"


def test_every_finding_has_a_sentence():
    for finding in Finding:
        text = said(finding).fill(asked="+1", moved="+2")
        assert text.ja != text.en
