"""A report as a PDF: fonts inside, every string in it, no empty box."""

import os
import re
import shutil
import subprocess
import sys
from datetime import date
from io import BytesIO

import pypdfium2
import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from sekisho.present.document import Cell, Heading, Paragraph, Picture, Table
from sekisho.present.fonts import settable
from sekisho.present.wording import strings
from sekisho.shell import rendering, typesetting
from sekisho.shell.rendering import pdf_bytes
from sekisho.terms.errors import WorldError
from tests.facts.present.samples import HOSTILE, document_of, full

DAY = date(2026, 11, 22)


def squeezed(text):
    return re.sub(r"\s+", "", text)


def text_of(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    # The reader takes a hyphen at the end of a line for one that hyphenation put there.
    return squeezed(text.replace("\ufffe", "-"))


def glyphs(pdf):
    """Every glyph id that the pages show."""
    reader = PdfReader(BytesIO(pdf))
    for page in reader.pages:
        yield from _glyphs(page, page.get_contents(), reader)


def _glyphs(holder, content, reader):
    resources = holder["/Resources"].get_object()
    for operands, operator in ContentStream(content, reader).operations:
        if operator in {b"Tj", b"'", b'"'}:
            yield from _codes(operands[-1])
        elif operator == b"TJ":
            for part in operands[0]:
                if not isinstance(part, int | float):
                    yield from _codes(part)
        elif operator == b"Do":
            form = resources["/XObject"][operands[0]].get_object()
            if form["/Subtype"] == "/Form":
                yield from _glyphs(form, form, reader)


def _codes(string):
    raw = string if isinstance(string, bytes) else string.original_bytes
    return [int.from_bytes(raw[n : n + 2], "big") for n in range(0, len(raw), 2)]


@pytest.fixture(scope="module", params=["釧路蓄電所", HOSTILE], ids=["plain", "hostile"])
def named(request):
    return request.param, pdf_bytes(full(request.param), DAY)


def test_every_string_comes_back_from_the_pdf(named):
    name, pdf = named
    text = text_of(pdf)
    for string in strings(full(name)):
        assert squeezed(settable(string, rendering._known())) in text


def test_a_picture_is_text_too(named):
    assert squeezed("ゲートウェイ GW-1 [U+1F600][U+1F600]") in text_of(named[1])


def fonts_of(page):
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


def test_every_font_is_embedded_and_is_ours(named):
    found = set()
    for page in PdfReader(BytesIO(named[1])).pages:
        for font in fonts_of(page):
            descendant = font["/DescendantFonts"][0].get_object()
            assert "/FontFile2" in descendant["/FontDescriptor"]
            assert "/ToUnicode" in font
            found.add(descendant["/BaseFont"].split("+")[1])
    assert found == {"IPAexGothic"}


def test_no_glyph_is_the_empty_box(named):
    ids = list(glyphs(named[1]))
    assert len(ids) > 200
    assert 0 not in ids


def test_the_search_for_the_empty_box_can_fail(monkeypatch):
    monkeypatch.setattr(rendering, "_known", lambda: frozenset(map(chr, range(0x20000))))
    assert 0 in list(glyphs(pdf_bytes(document_of(title="😀"), DAY)))


def test_the_same_document_and_day_give_the_same_bytes():
    assert pdf_bytes(full(), DAY) == pdf_bytes(full(), DAY)
    assert pdf_bytes(full(), DAY) != pdf_bytes(full(), date(2026, 11, 23))


def test_table_headers_are_repeated_and_pages_numbered():
    rows = tuple((Cell(f"行{n}"), Cell("理由" * 20)) for n in range(120))
    pdf = pdf_bytes(document_of(Table(("見出し甲", "見出し乙"), rows, (1, 3))), DAY)
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [squeezed(page.get_textpage().get_text_range()) for page in document]
    assert len(texts) > 2
    for n, text in enumerate(texts, 1):
        assert "見出し甲" in text
        assert f"{n}/{len(texts)}" in text


def test_a_long_word_is_broken_and_not_cut_off():
    word = "0123456789abcdef" * 6
    table = Table(("甲", "乙"), ((Cell(word), Cell("https://example.jp/" + "a/b-c" * 30)),), (1, 1))
    pdf = pdf_bytes(document_of(table), DAY)
    assert word in text_of(pdf)
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        text = page.get_textpage()
        right = max(text.get_charbox(n)[2] for n in range(text.count_chars()))
        assert right < page.get_width() - 30


def test_without_typst_the_missing_part_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(WorldError) as caught:
        typesetting.pdf_of("", DAY)
    assert "pip install sekisho[pdf]" in caught.value.problems[0].remedy.ja


def poppler(program, *arguments, pdf):
    found = shutil.which(program)
    if found is None:
        if os.environ.get("SEKISHO_REQUIRE_POPPLER"):
            pytest.fail(f"{program} is required here and is not installed")
        pytest.skip(f"{program} is not installed")
    done = subprocess.run(
        [found, *arguments], input=pdf, capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode()


@pytest.mark.poppler
def test_pdffonts_shows_every_font_embedded(named):
    lines = poppler("pdffonts", "-", pdf=named[1]).splitlines()[2:]
    assert lines
    assert all(re.search(r"Identity-H\s+yes yes yes", line) for line in lines)


@pytest.mark.poppler
def test_pdftotext_returns_every_string(named):
    name, pdf = named
    text = squeezed(poppler("pdftotext", "-raw", "-", "-", pdf=pdf))
    for string in strings(full(name)):
        assert squeezed(settable(string, rendering._known())) in text


def test_what_leads_to_a_table_stays_on_its_page():
    filler = tuple(Paragraph(f"段落{n}") for n in range(300))
    for length in range(30, 45):
        document = document_of(
            *filler[:length],
            Heading(2, "見出し"),
            Paragraph("前置き"),
            Paragraph("注記", small=True),
            Table(("甲",), ((Cell("値" * 400),),), (1,)),
        )
        with pypdfium2.PdfDocument(pdf_bytes(document, DAY)) as pdf:
            texts = [squeezed(page.get_textpage().get_text_range()) for page in pdf]
        page = next(text for text in texts if "見出し" in text)
        assert "前置き" in page
        assert "注記" in page
        assert "値値値" in page


def svg_of(width, height, unit="px"):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}{unit}" height="{height}{unit}" '
        f'viewBox="0 0 {width} {height}"><text x="20" y="{height - 9}" font-size="12">終わり</text>'
        "</svg>"
    )


def test_a_picture_as_large_as_a_sheet_is_a_sheet_in_its_own_size():
    document = document_of(
        Paragraph("前"), Picture(svg_of(841.89, 595.28, "pt"), "図"), Paragraph("後")
    )
    with pypdfium2.PdfDocument(pdf_bytes(document, DAY)) as pdf:
        sizes = [tuple(round(n) for n in page.get_size()) for page in pdf]
        texts = [squeezed(page.get_textpage().get_text_range()) for page in pdf]
    assert sizes == [(595, 842), (842, 595), (595, 842)]
    assert texts[1] == "終わり2/3"


def test_a_picture_taller_than_a_page_is_not_cut_off():
    document = document_of(Picture(svg_of(700, 2000), "高い図"))
    with pypdfium2.PdfDocument(pdf_bytes(document, DAY)) as pdf:
        (page,) = (p for p in pdf if "終わり" in p.get_textpage().get_text_range())
        text = page.get_textpage()
        assert min(text.get_charbox(n)[1] for n in range(text.count_chars())) > 0
        assert "高い図" in text.get_text_range()


def test_a_picture_that_fits_stands_in_the_text():
    document = document_of(Paragraph("前"), Picture(svg_of(600, 300), "図"), Paragraph("後"))
    with pypdfium2.PdfDocument(pdf_bytes(document, DAY)) as pdf:
        assert len(pdf) == 1
