"""Untrusted text stays text in every medium."""

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from sekisho.present import escape

HOSTILE = [
    "\x1b[31mred\x1b[0m",
    "\x9b31m",
    "a\u202etxt.exe",
    "\u2066x\u2069",
    "zero\u200bwidth",
    "bell\x07\x00",
    "line\u2028break",
    "lone\ud800surrogate",
    "tag\U000e0041",
]
ANY = st.text(alphabet=st.characters(), max_size=60)
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "medium",
    [
        escape.terminal,
        escape.html,
        escape.xml,
        escape.typst,
        escape.excel_cell,
        escape.csv_cell,
        escape.markdown,
        escape.ics_text,
    ],
)
def test_what_cannot_be_seen_is_written_as_its_number(medium, text):
    shown = medium(text)
    assert "U+" in shown
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", shown)
    assert not BIDI.search(shown)
    shown.encode()


def test_an_escape_sequence_is_shown_where_it_stood():
    assert escape.visible("a\x1b[31mb") == "a[U+001B][31mb"


def test_japanese_stays_as_it_is():
    text = "㈱釧路蓄電所　髙橋・ＰＣＳ〜①Ⅳ葛󠄀"
    assert escape.visible(text) == text


def test_a_line_feed_is_kept_only_where_the_medium_confines_it():
    assert escape.visible("a\nb") == "a[U+000A]b"
    assert escape.visible("a\r\nb", newlines=True) == "a\nb"
    assert escape.visible("a\rb", newlines=True) == "a[U+000D]b"


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []

    @override
    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, attrs))

    @override
    def handle_data(self, data):
        self.text += data


@given(ANY)
def test_html_reads_back_as_the_visible_text(text):
    parser = _Texts()
    parser.feed(f'<p title="{escape.html(text)}">{escape.html(text)}</p>')
    parser.close()
    shown = escape.visible(text, newlines=True)
    assert parser.text == shown
    assert parser.tags == [("p", [("title", shown)])]


@given(ANY)
def test_xml_reads_back_as_the_visible_text(text):
    root = ET.fromstring(f'<t a="{escape.xml(text)}">{escape.xml(text)}</t>')
    shown = escape.visible(text, newlines=True)
    assert (root.text or "") == shown
    assert root.get("a") == shown
    assert len(root) == 0


@given(ANY)
def test_a_typst_literal_ends_where_it_should(text):
    literal = escape.typst(text)
    assert re.fullmatch(r'"(?:[^"\\\n]|\\["\\n])*"', literal)
    back = re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], literal[1:-1])
    assert back == escape.visible(text, newlines=True)


@given(ANY)
def test_a_terminal_gets_one_line_without_control_characters(text):
    shown = escape.terminal(text)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", shown)


@given(ANY)
def test_every_markdown_character_is_escaped(text):
    shown = escape.markdown(text)
    unescaped = re.sub(r"\\[!-/:-@\[-`{-~]", "", shown)
    assert not set("`*_{}[]<>#|&~!$") & set(unescaped)
    assert not re.match(r"\s*(?:\d+[.)]|[-+=])", shown)
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", shown) == escape.visible(text).strip()


@pytest.mark.parametrize(
    "text", ["# h", "- x", "1. x", "2) y", "===", "<b>", "![a](b)", "    code"]
)
def test_nothing_starts_a_block_of_markdown(text):
    shown = escape.markdown(text)
    assert shown[0] == "\\" or shown[1] == "\\" or shown == "code"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "－1"])
def test_a_formula_is_known_by_its_first_character(text):
    assert escape.starts_formula(text)
    assert escape.csv_cell(text).startswith("'")


@pytest.mark.parametrize("text", ["", "PCS-1", "2027-05-10", "㈱甲"])
def test_ordinary_text_is_no_formula(text):
    assert not escape.starts_formula(text)
    assert escape.csv_cell(text) == text


def test_a_cell_holds_at_most_what_a_workbook_allows():
    assert len(escape.excel_cell("あ" * 40_000)) == 32_767


@given(ANY)
def test_an_ics_value_reads_back(text):
    shown = escape.ics_text(text)
    assert "\n" not in shown
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", shown)
    back = re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], shown)
    assert back == escape.visible(text, newlines=True)


@given(ANY)
def test_a_file_name_is_never_a_path(text):
    name = escape.filename(text)
    assert name
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert name not in {".", ".."}
    assert not name.startswith(".")
    assert len(name.encode()) <= 130


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "etc_passwd"),
        ("釧路-1.html", "釧路-1.html"),
        ("con.txt", "_con.txt"),
        ("NUL", "_NUL"),
        ("...", "file"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
    ],
)
def test_file_names(text, name):
    assert escape.filename(text) == name


@given(st.recursive(ANY, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY, inner)))
def test_json_hides_nothing_and_means_the_same(value):
    shown = escape.json_text(json.dumps(value, ensure_ascii=False, indent=1))
    assert json.loads(shown) == value
    assert not BIDI.search(shown)
    assert escape.visible(shown, newlines=True) == shown
