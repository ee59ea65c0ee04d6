"""A document in a terminal."""

import re

from hypothesis import given
from hypothesis import strategies as st

from sekisho.present.document import (
    Banner,
    Bullets,
    Cell,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Table,
)
from sekisho.present.linebreak import columns, wrapped
from sekisho.present.terminal import rendered
from sekisho.present.verdicts import signed, verdict_cell
from sekisho.terms.texts import Lang
from sekisho.terms.verdict import Verdict
from tests.facts.present.samples import document_of

ANY = st.text(alphabet=st.characters(), max_size=80)


def everything(text: str) -> Document:
    return document_of(
        Heading(1, text),
        Paragraph(text),
        Banner(Verdict.BROKEN, text, text),
        Bullets((text, text)),
        Table(
            (text, "判定"),
            ((Cell(text), verdict_cell(Verdict.BROKEN, Lang.JA)),),
            (3, 1),
            text,
        ),
        Picture("<svg/>", text),
        PageBreak(),
        title=text,
    )


def test_a_verdict_is_a_sign_and_a_word():
    assert signed(Verdict.BROKEN, Lang.JA) == "× 不充足"
    assert signed(Verdict.UNDETERMINED, Lang.EN) == "? undetermined"


@given(ANY, st.integers(20, 120))
def test_without_colour_there_is_no_control_character_but_the_line_feed(text, width):
    shown = rendered(everything(text), width=width, colour=False)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


@given(ANY)
def test_with_colour_the_words_are_the_same(text):
    plain = rendered(everything(text), width=80, colour=False)
    tinted = rendered(everything(text), width=80, colour=True)
    stripped = re.sub("\x1b\\[[0-9;]*m", "", tinted)
    assert [line.rstrip() for line in stripped.split("\n")] == plain.split("\n")


@given(ANY, st.integers(20, 120))
def test_no_line_is_wider_than_the_terminal(text, width):
    for line in rendered(everything(text), width=width, colour=False).split("\n"):
        assert columns(line) <= width


@given(ANY, st.integers(2, 60))
def test_wrapping_loses_no_character(text, width):
    assert re.sub(r"[ \n]", "", "".join(wrapped(text, width))) == re.sub(r"[ \n]", "", text)


def test_japanese_takes_two_columns():
    assert columns("蓄電所A1") == 8
    assert columns("ｶﾞ") == 2
    assert columns("○×") == 2


def test_a_line_never_starts_with_a_closing_mark():
    lines = wrapped("これは、とても長い文です。「かぎ括弧」の中も、折り返します。", 12)
    assert all(line[0] not in "、。」" for line in lines)
    assert all(line[-1] != "「" for line in lines)


def test_a_verdict_is_not_cut_in_a_narrow_table():
    table = Table(
        ("規則", "判定", "理由"),
        (
            (
                Cell("とても長い規則の名前" * 3),
                Cell("? 判定不能", Verdict.UNDETERMINED),
                Cell("理" * 60),
            ),
        ),
        (3, 1, 6),
    )
    assert "? 判定不能" in rendered(document_of(table), width=60, colour=False)


def test_a_table_too_wide_for_the_terminal_becomes_a_list():
    table = Table(
        ("甲", "乙", "丙", "丁"), (tuple(Cell("値" * 30) for _ in range(4)),), (1, 1, 1, 1)
    )
    shown = rendered(document_of(table), width=24, colour=False)
    assert "甲: 値" in shown
    assert "丁: 値" in shown


def test_every_verdict_has_its_sign_without_colour():
    table = Table(("判定",), tuple((verdict_cell(v, Lang.JA),) for v in Verdict), (1,))
    shown = rendered(document_of(table), width=40, colour=False)
    for words in ("○ 充足", "× 不充足", "－ 対象外", "? 判定不能"):
        assert words in shown


def test_a_verdict_that_is_a_sentence_wraps_and_the_table_stays_a_table():
    said = "○ It answers. " + "A long sentence that says what was found. " * 4
    table = Table(("What", "Answer"), ((Cell("pcs-1"), Cell(said, Verdict.MET)),), (1, 4))
    lines = rendered(document_of(table), width=80, colour=False).splitlines()
    assert any(line.startswith("What") and "Answer" in line for line in lines)
    assert max(columns(line) for line in lines) <= 80
