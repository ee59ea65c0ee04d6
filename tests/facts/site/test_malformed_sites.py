"""Each kind of fault has a file and a written answer: line, what is wrong, what to write."""

import tomllib
from pathlib import Path

import pytest

from sekisho.site.parsing import MOST_TOLD
from sekisho.site.reader import read_site
from sekisho.terms.errors import InputError

CASES = Path(__file__).parents[2] / "cases" / "malformed_sites"
EXPECTED = tomllib.loads((CASES / "expected.toml").read_text(encoding="utf-8"))
NAMES = sorted(p.stem for p in CASES.glob("*.toml") if p.stem != "expected")


def _read(name):
    return (CASES / f"{name}.toml").read_bytes().decode("utf-8")


def test_every_malformed_file_has_an_answer_and_every_answer_a_file():
    assert sorted(EXPECTED) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_malformed_file_is_answered_with_every_problem_at_once(name):
    with pytest.raises(InputError) as raised:
        read_site(_read(name), "site.toml")
    told = [
        {
            "line": int(p.where.removeprefix("site.toml").removeprefix(":") or 0),
            "what": p.what.en,
            "remedy": p.remedy.en,
        }
        for p in raised.value.problems
    ]
    assert told == EXPECTED[name]


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_is_said_in_japanese_too(name):
    with pytest.raises(InputError) as raised:
        read_site(_read(name), "site.toml")
    for problem in raised.value.problems:
        assert any(c > "\u3000" for c in problem.what.ja)
        assert any(c > "\u3000" for c in problem.remedy.ja)
        assert "{" not in problem.what.ja.replace("{ date", "").replace("= {", "")


def test_no_message_carries_an_unprintable_character():
    for name in NAMES:
        with pytest.raises(InputError) as raised:
            read_site(_read(name), "site.toml")
        for problem in raised.value.problems:
            assert (problem.what.ja + problem.what.en + problem.remedy.en).isprintable(), name


def test_problems_beyond_the_first_hundred_are_counted():
    text = _read("same_key_twice").replace('area = "kansai"\n', "")
    text += '[[device]]\nid = "x"\nrole = "gatway"\n' * 80
    with pytest.raises(InputError) as raised:
        read_site(text, "site.toml")
    assert len(raised.value.problems) == MOST_TOLD + 1
    assert "59 more" in raised.value.problems[-1].what.en
