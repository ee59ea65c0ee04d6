"""The reader of the documentation's examples notices what a person would notice."""

from __future__ import annotations

import pytest
from sybil import Document, Example, Region

from tests.documentation import console


@pytest.fixture
def namespace():
    found: dict[str, object] = {}
    console.begin(found)
    yield found
    console.end(found)


def example(text: str, namespace, *, path: str = "docs/page.md", block: str = "") -> Example:
    document = Document(text, path)
    parsed = block or text
    start = text.index("```") if block else 0
    region = Region(start, len(text), parsed=parsed, evaluator=console.played)
    return Example(document, 1, 1, region, namespace)


def test_a_block_is_split_into_what_is_typed_and_what_is_shown():
    assert console.exchanges("$ one\na\n\nb\n$ two \\\n>   --three\nc") == [
        ("one", "a\n\nb\n"),
        ("two --three", "c\n"),
    ]


def test_a_block_that_begins_with_output_is_refused():
    with pytest.raises(ValueError, match="begins with a command"):
        console.exchanges("output")


def test_what_the_program_shows_passes(namespace):
    assert console.played(example("$ sekisho --version\n...\n$ echo $?\n0", namespace)) is None


def test_one_wrong_letter_is_told_with_both_texts(namespace):
    told = console.played(example("$ echo met\nmeet", namespace))
    assert told is not None
    assert "meet" in told
    assert "the program shows\nmet" in told


def test_output_that_the_document_leaves_out_is_told(namespace):
    assert console.played(example("$ sekisho --version", namespace)) is not None


def test_a_wrong_exit_code_is_told(namespace):
    told = console.played(example("$ sekisho assess nowhere\n...\n$ echo $?\n0", namespace))
    assert told is not None
    assert "2" in told


def test_japanese_pages_speak_japanese(namespace):
    typed = "$ printenv SEKISHO_LANG\nja"
    assert console.played(example(typed, namespace, path="docs/ja/tutorial.md")) is None
    assert console.played(example(typed, namespace, path="docs/ja/how-to/page.md")) is None
    assert console.played(example(typed, namespace, path="README.ja.md")) is None
    assert console.played(example(typed, namespace)) is not None


def test_a_marked_block_is_saved_and_another_is_not(namespace):
    marked = "<!-- file: my/site.toml -->\n```toml\n[site]\n```\n"
    assert console.saved(example(marked, namespace, block="[site]\n")) is None
    assert (namespace["reader"].folder / "my/site.toml").read_text() == "[site]\n"
    assert console.saved(example("```toml\n[site]\n```\n", namespace, block="[other]\n")) is None
    assert [p.name for p in namespace["reader"].folder.glob("my/*")] == ["site.toml"]


def test_dots_stand_for_part_of_a_line_or_for_lines():
    assert console.shows("a 1 b\nc\nd\n", "a ... b\n...\n")
    assert console.shows("a\n", "a\n...\n")
    assert console.shows("a\nb\nc\n", "...\nc\n")
    assert not console.shows("a\nb\n", "a...\n")
    assert not console.shows("a\nb\n", "a\n")
    assert not console.shows("", "a\n")
    assert not console.shows("a\n", "")
