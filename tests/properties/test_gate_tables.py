"""The reader of the gate's tables answers any text with settings or with problems, never else."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.gate.failures import default
from sekisho.gate.tables import read_gated
from sekisho.gate.tables_ends import Wrong, broker_of, end_of, fingerprint_of
from sekisho.terms.errors import InputError

CASES = Path(__file__).parents[1] / "cases"
PLANT = (CASES / "gate_tables" / "plant.toml").read_text(encoding="utf-8")
SOUND = (CASES / "gate_tables" / "sound.toml").read_text(encoding="utf-8")
SEEDS = sorted(
    p.read_text(encoding="utf-8")
    for p in (CASES / "malformed_gate_tables").glob("*.toml")
    if p.stem != "expected"
)
addresses = st.from_regex(
    r"\A(tcp|rtu|mqtts|mqtt)://[\[\]0-9a-f.:%/a-z@?=&-]{0,40}\Z", fullmatch=True
)
values = st.one_of(
    st.integers(-(2**70), 2**70).map(str),
    st.floats().map(repr),
    st.booleans().map(lambda b: str(b).lower()),
    st.dates().map(str),
    addresses.map(lambda a: f"'{a}'"),
    st.sampled_from(['"pcs.1"', '"keep"', '"sunspec"', '""', "[]", "{ a = 1 }", '"10 s"']),
)
keys = st.sampled_from(
    [
        *("device", "connect", "unit", "profile", "rated_kw", "watchdog_s", "no_watchdog", "coil"),
        *("broker", "ca", "fingerprint", "cycle_ms", "auxiliary_kw", "cloud.market", "cloud", "x"),
    ]
)
headers = st.sampled_from(
    [
        *("[gate]", "[authority]", "[north]", "[[south]]", "[fallback]", "[trip]"),
        *("[south]", "[[north]]", "[[trip]]", "[fallback.cloud]", "[x]", "[site]"),
    ]
)
lines = st.one_of(headers, st.tuples(keys, values).map(lambda kv: f"{kv[0]} = {kv[1]}"))


def _only_problems(text):
    try:
        read = read_gated(text, "site.toml").settings
    except InputError as error:
        problems = error.problems
    else:
        _sound(read)
        return
    assert problems
    for problem in problems:
        assert problem.what.en.isprintable()
        assert problem.remedy.en
        assert problem.where.startswith("site.toml")


def _sound(read):
    assert read.pcs
    assert all(1 <= d.unit <= 247 and 1 <= d.watchdog_s <= 10 for d in read.south)
    assert all(r >= default(f, a) for (f, a), r in read.stricter.items())


@given(st.lists(lines, max_size=25).map("\n".join))
@settings(max_examples=200, deadline=None)
def test_made_up_tables_are_answered(text):
    _only_problems(f"{text}\n{PLANT}")


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_is_answered(text):
    _only_problems(text)


@given(st.sampled_from([SOUND, *SEEDS]), st.data())
@settings(max_examples=300, deadline=None)
def test_damaged_tables_are_answered(seed, data):
    at = data.draw(st.integers(0, len(seed)))
    end = data.draw(st.integers(at, min(len(seed), at + 12)))
    _only_problems(f"{seed[:at]}{data.draw(st.text(max_size=6))}{seed[end:]}\n{PLANT}")


@given(st.one_of(addresses, st.text(max_size=60)))
def test_an_address_is_read_or_answered(word):
    for read in (end_of, broker_of, fingerprint_of):
        found = read(word)
        assert not isinstance(found, Wrong) or (found.what.en and found.remedy.ja)
