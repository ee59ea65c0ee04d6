"""The reader of profiles answers any text with a profile or with problems."""

from hypothesis import given
from hypothesis import strategies as st

from sekisho.codec.profile import read_profile
from sekisho.shell.device_data import shipped_profile, shipped_profiles
from sekisho.terms.errors import InputError

SEEDS = [shipped_profile(name) for name in shipped_profiles()]
values = st.one_of(
    st.integers(-(2**70), 2**70).map(str),
    st.floats().map(repr),
    st.sampled_from(
        [
            *('"pcs"', '"int64"', '"string"', '"coil"', '"%rated"', '"nvram"', '"status"', "true"),
            *("[]", "{}", "[[1]]", '["heartbeat"]', "{ off = [0] }", "{ words = [1], value = 1 }"),
            *("[{ words = [1], value = 1 }]", "2027-01-01", '""', '"bit"', '"setpoint"', "1e308"),
        ]
    ),
)


@given(st.sampled_from(SEEDS), st.data())
def test_a_changed_profile_is_read_or_refused(seed: str, data: st.DataObject) -> None:
    lines = seed.split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        n = data.draw(st.integers(0, len(lines) - 1))
        key, sign, _ = lines[n].partition(" = ")
        lines[n] = key + sign + data.draw(values) if sign else data.draw(st.sampled_from(lines))
    try:
        profile = read_profile("\n".join(lines), "p.toml")
    except InputError:
        return
    assert profile.drafts
