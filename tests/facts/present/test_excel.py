"""Tables as a workbook."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from sekisho.present.document import Cell, Table
from sekisho.present.escape import visible
from sekisho.present.excel import Sheet, sheet_names, write
from sekisho.terms.verdict import Verdict

DAY = date(2026, 11, 22)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", '=HYPERLINK("http://x")']


def workbook(*texts, caption="", intro=()):
    table = Table(
        ("機器", "判定"),
        tuple((Cell(t), Cell("× 不充足", Verdict.BROKEN)) for t in texts),
        (2, 1),
        caption,
    )
    sink = BytesIO()
    write([Sheet("表", tuple(intro), table)], sink, title="題", created=DAY)
    return sink.getvalue()


def values(data):
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()


def part(data, name):
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read(name).decode()


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_stays_text(text):
    data = workbook(text)
    sheet = part(data, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert values(data)[1][0] == visible(text)
    assert 'quotePrefix="1"' in part(data, "xl/styles.xml")


@pytest.mark.parametrize("text", ["0012", "1.0", "2027-05-10", "http://example.jp", "1E5", "TRUE"])
def test_what_looks_like_a_number_or_a_link_stays_text(text):
    data = workbook(text)
    assert values(data)[1][0] == text
    assert "hyperlink" not in part(data, "xl/worksheets/sheet1.xml")


@settings(max_examples=50)
@given(st.text(alphabet=st.characters(), min_size=1, max_size=40))
def test_any_text_reads_back(text):
    assert values(workbook(text, "終"))[1][0] == visible(text, newlines=True)


def test_the_same_tables_give_the_same_bytes():
    assert workbook("甲") == workbook("甲")


def test_the_header_is_frozen_and_the_verdict_tinted_beside_its_word():
    data = workbook("甲", caption="表題", intro=["注"])
    assert 'state="frozen"' in part(data, "xl/worksheets/sheet1.xml")
    assert "FFFAE6E3" in part(data, "xl/styles.xml")
    assert [row[0] for row in values(data)] == ["表題", "注", "", "機器", "甲"]


def test_sheet_names_are_bounded_and_unlike():
    names = sheet_names(["a/b:c", "長" * 40, "長" * 40, "", "'x'", "History", "\x1b"])
    assert names == ["a b c", "長" * 31, "長" * 27 + " (2)", "Sheet", "x", "History_", "U+001B"]
    assert all(len(name) <= 31 for name in names)


def test_a_table_without_rows_is_a_workbook_too():
    assert values(workbook()) == [["機器", "判定"]]
