"""The reader of profiles answers any text with a profile or with problems."""

import math

from hypothesis import given
from hypothesis import strategies as st

from sekisho.codec.device_map import DeviceMap, ScaleChangedError
from sekisho.codec.points import Pace
from sekisho.codec.profile import Profile, read_profile
from sekisho.codec.registers import UnfitError
from sekisho.shell.device_data import shipped_profile, shipped_profiles
from sekisho.terms.errors import InputError, WorldError
from sekisho.terms.quantity import Watts

words = st.one_of(
    st.sampled_from([0, 1, 2, 10, 0x7F7F, 0x7FFF, 0x8000, 0xFFFF]), st.integers(0, 0xFFFF)
)
SEEDS = [shipped_profile(name) for name in shipped_profiles()]
values = st.one_of(
    st.integers(-(2**70), 2**70).map(str),
    st.floats().map(repr),
    st.sampled_from(
        [
            *('"pcs"', '"int64"', '"string"', '"coil"', '"%rated"', '"nvram"', '"status"', "true"),
            *("5e-324", "1e-300", "1e9", "-1e9", '"float64"', '"int32"', '"kW"', '"fast"', "65535"),
            *("[]", "{}", "[[1]]", '["heartbeat"]', "{ off = [0] }", "{ words = [1], value = 1 }"),
            *("[{ words = [1], value = 1 }]", "2027-01-01", '""', '"bit"', '"setpoint"', "1e308"),
        ]
    ),
)


@given(st.sampled_from(SEEDS), st.data())
def test_a_changed_profile_is_read_or_refused(seed: str, data: st.DataObject) -> None:
    lines = seed.split("\n")
    for _ in range(data.draw(st.integers(0, 3))):
        n = data.draw(st.integers(0, len(lines) - 1))
        key, sign, _ = lines[n].partition(" = ")
        lines[n] = key + sign + data.draw(values) if sign else data.draw(st.sampled_from(lines))
    try:
        profile = read_profile("\n".join(lines), "p.toml")
        device = connected(profile, data)
    except (InputError, WorldError):
        return
    for pace in Pace:
        batch = device.batch(pace)
        held = [tuple(data.draw(words) for _ in range(s.length)) for s in batch.spans]
        try:
            told = batch.decode(held)
        except ScaleChangedError:
            continue
        assert all(not isinstance(v, float) or math.isfinite(v) for v in told.values())
        device.faulted(told)
    try:
        device.setpoint_writes(Watts(data.draw(st.integers(-(10**9), 10**9))))
        device.watchdog_arm(10, Watts(0))
        device.watchdog_refresh(data.draw(st.integers(0, 2**70)), 10, Watts(0))
    except UnfitError:
        return


def connected(profile: Profile, data: st.DataObject) -> DeviceMap:
    """The device map, whatever the device answers at connect."""
    walk = profile.walk("dev-1")
    try:
        wish = next(walk)
        while True:
            answer = [data.draw(words) for _ in range(wish.length)]
            wish = walk.send(data.draw(st.sampled_from([answer, None])))
    except StopIteration as end:
        found: DeviceMap = end.value
        return found
