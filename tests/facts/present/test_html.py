"""A report as one HTML file."""

import re
from html.parser import HTMLParser
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from sekisho.present import fonts, html
from sekisho.present.escape import visible
from sekisho.present.wording import strings
from sekisho.shell.fontfile import font_bytes
from sekisho.shell.rendering import html_bytes
from tests.facts.present.samples import HOSTILE, full

VOID = {"meta", "col"}


class Page(HTMLParser):
    """What a browser would see: tags, attributes, texts."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(source)
        self.close()

    @override
    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    @override
    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    @override
    def handle_data(self, data):
        if self.open and self.open[-1] not in {"style", "title"}:
            self.text += data

    def of(self, *names):
        return [attrs for tag, attrs in self.tags if tag in names]


def squeezed(text):
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def page():
    return Page(html.rendered(full(), None))


def test_every_string_is_on_the_page(page):
    for text in strings(full()):
        assert squeezed(text) in squeezed(page.text)


@pytest.mark.parametrize("name", [HOSTILE, "</style><b>", "{% raw %}", '" onload="x'])
def test_a_hostile_name_is_text(name):
    page = Page(html.rendered(full(name), None))
    plain = Page(html.rendered(full(), None))
    assert [tag for tag, _ in page.tags if tag != "span"] == [
        tag for tag, _ in plain.tags if tag != "span"
    ]
    assert [set(a) for t, a in page.tags if t != "span"] == [
        set(a) for t, a in plain.tags if t != "span"
    ]
    for text in strings(full(name)):
        assert squeezed(visible(text, newlines=True)) in squeezed(page.text)


def test_nothing_that_a_reader_could_not_see_is_left_anywhere():
    source = html.rendered(full("a\u202eb\x1b"), None)
    assert "<title>a[U+202E]b[U+001B]: 判定</title>" in source
    assert not {"\u202e", "\x1b"} & set(source)


@settings(max_examples=30)
@given(st.text(alphabet=st.characters(), max_size=40))
def test_no_name_changes_the_structure_of_the_page(name):
    tags = [t for t, _ in Page(html.rendered(full(name), None)).tags if t != "span"]
    assert tags == [t for t, _ in Page(html.rendered(full(), None)).tags if t != "span"]


def test_nothing_runs_and_nothing_is_fetched(page):
    assert not page.of("script", "link", "iframe", "object", "embed", "img", "a", "base", "form")
    assert not [a for _, attrs in page.tags for a in attrs if a.startswith("on") or a == "href"]
    policy = next(a for a in page.of("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in (policy["content"] or "")
    assert "script-src" not in (policy["content"] or "")


def test_the_page_says_its_language_and_its_tables_their_headers(page):
    assert page.of("html") == [{"lang": "ja"}]
    assert page.of("th")
    assert all(attrs.get("scope") == "col" for attrs in page.of("th"))


def test_the_prologue_of_a_picture_does_not_enter_the_page():
    assert "<?xml" not in html.rendered(full(), None)


def test_the_page_carries_a_font_with_just_its_characters():
    source = html_bytes(full()).decode()
    assert "data:font/woff;base64," in source
    sink = BytesIO()
    fonts.subset(BytesIO(font_bytes()), strings(full()), sink)
    cmap = TTFont(BytesIO(sink.getvalue())).getBestCmap()
    assert set("釧路蓄電所○×－?") <= set(map(chr, cmap))
    assert "髙" not in set(map(chr, cmap))
    assert len(sink.getvalue()) < 60_000


def test_the_same_document_gives_the_same_bytes():
    assert html_bytes(full()) == html_bytes(full())


def test_dates_stay_on_one_line():
    source = html.rendered(full("2027-05-10"), None)
    assert '<span class="w">2027-05-10</span>' in source
    assert "<title>2027-05-10: 判定</title>" in source
