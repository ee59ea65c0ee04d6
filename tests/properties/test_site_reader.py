"""The reader answers any text with a site or with problems, never with anything else."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.site.locate import lines_of
from sekisho.site.reader import read_site
from sekisho.terms.errors import InputError

CASES = Path(__file__).parents[1] / "cases" / "malformed_sites"
SEEDS = sorted(p.read_bytes().decode() for p in CASES.glob("*.toml") if p.stem != "expected")

values = st.recursive(
    st.one_of(
        st.integers(-(2**70), 2**70).map(str),
        st.floats().map(repr),
        st.booleans().map(lambda b: str(b).lower()),
        st.datetimes().map(lambda d: d.isoformat()),
        st.datetimes().map(lambda d: d.isoformat() + "-08:00"),
        st.dates().map(str),
        st.times().map(str),
        st.sampled_from(['"gw-1"', '"ip"', '"pcs"', '""', '"\\u202e"', '"50 MW"', "'{x}'"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda v: f"[{', '.join(v)}]"),
        inner.map(lambda v: f"{{ a = {v} }}"),
    ),
    max_leaves=4,
)
keys = st.sampled_from(
    [
        *("id", "name", "role", "kind", "count", "between", "medium", "speaks_ip", "rated_kw"),
        *("area", "joins", "commissioning", "contains", "document", "date", "x", '"{0}"', "a.b"),
    ]
)
headers = st.sampled_from(
    [
        *("[site]", "[dates]", "[programmes]", "[attestations]", "[[external]]", "[[device]]"),
        *("[[link]]", "[device]", "[[site]]", "[link.x]", "[[south]]", "[north]", "[x]"),
    ]
)
lines = st.one_of(headers, st.tuples(keys, values).map(lambda kv: f"{kv[0]} = {kv[1]}"))


def _only_problems(text):
    try:
        read_site(text, "site.toml")
    except InputError as error:
        problems = error.problems
    else:
        return
    assert problems
    for problem in problems:
        assert problem.what.en
        assert problem.remedy.en
        assert problem.where.startswith("site.toml")


@given(st.lists(lines, max_size=25).map("\n".join))
@settings(max_examples=300, deadline=None)
def test_made_up_files_are_answered(text):
    _only_problems(text)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_answered(text):
    _only_problems(text)
    lines_of(text)


@given(st.sampled_from(SEEDS), st.data())
@settings(max_examples=200, deadline=None)
def test_damaged_files_are_answered(seed, data):
    at = data.draw(st.integers(0, len(seed)))
    end = data.draw(st.integers(at, min(len(seed), at + 12)))
    text = seed[:at] + data.draw(st.text(max_size=6)) + seed[end:]
    _only_problems(text)
    lines_of(text)
