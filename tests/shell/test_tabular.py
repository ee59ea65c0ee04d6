"""Reading Excel and CSV files, the good and the hostile. All content here is made up."""

from __future__ import annotations

import contextlib
import hashlib
import struct
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sekisho.shell.decoding import decode
from sekisho.shell.tabular import MAX_FILE_BYTES, read_book
from sekisho.terms.errors import InputError
from sekisho.terms.sheet import Sheet, address, cell_text

if TYPE_CHECKING:
    from pathlib import Path


def workbook(path: Path, rows: list[list[Any]], merges: tuple[str, ...] = ()) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("一覧")
        days = book.add_format({"num_format": "yyyy/m/d"})
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(r, c, value, days)
                elif value is not None:
                    sheet.write(r, c, value)
        for merged in merges:
            top, left, bottom, right = (int(n) for n in merged.replace(":", ",").split(","))
            sheet.merge_range(top, left, bottom, right, rows[top][left])
    return path


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_book(path)
    (problem,) = caught.value.problems
    assert problem.remedy.en
    return problem.what.en


def only_sheet(path: Path) -> Sheet:
    (sheet,) = read_book(path).sheets
    return sheet


def test_cells_keep_their_kind(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["型番", 12, 1.5, date(2026, 5, 21), None, "  x "]])
    book = read_book(path)
    assert book.sheets[0].name == "一覧"
    assert book.sheets[0].rows == (("型番", 12.0, 1.5, date(2026, 5, 21), None, "x"),)
    assert book.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [cell_text(c) for c in book.sheets[0].rows[0][:5]] == [
        "型番", "12", "1.5", "2026-05-21", "",
    ]  # fmt: skip


def test_addresses_are_those_of_the_spreadsheet_even_when_the_table_starts_further_in(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [[None] * 3, [None] * 3, [None, None, "here"]])
    sheet = only_sheet(path)
    assert sheet.rows[2][2] == "here"
    assert address(2, 2) == "C3"
    assert address(0, 26) == "AA1"


def test_merged_ranges_are_filled_down_and_right(tmp_path):
    rows: list[list[Any]] = [["製品", None, "状態"], ["L-1", "M-1", "有効"], [None, "M-2", None]]
    path = workbook(tmp_path / "a.xlsx", rows, ("0,0:0,1", "1,0:2,0", "1,2:2,2"))
    assert only_sheet(path).rows == (
        ("製品", "製品", "状態"),
        ("L-1", "M-1", "有効"),
        ("L-1", "M-2", "有効"),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_csv_in_each_encoding_that_offices_use(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("登録番号,製品名\r\n1,㈱髙橋 蓄電池―ＰＣＳ\r\n".encode(encoding))
    assert only_sheet(path).rows == (("登録番号", "製品名"), ("1", "㈱髙橋 蓄電池―ＰＣＳ"))


def test_half_width_kana_in_shift_jis_is_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("登録番号,事業者名\n1,ﾎｸﾄ電機株式会社\n".encode("cp932"))
    assert only_sheet(path).rows[1] == ("1", "ﾎｸﾄ電機株式会社")


def test_tabs_and_quoted_line_breaks(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('番号\t型番\n1\t"A-1\nA-2"\n', encoding="utf-8")
    assert only_sheet(path).rows[1] == ("1", "A-1\nA-2")


@pytest.mark.parametrize(
    "data",
    [
        "登録番号,事業者名,製品名\n一,北斗電機,蓄電池用制御装置\n".encode("euc_jp"),
        "登録番号,事業者名,製品名\n一,北斗電機,蓄電池用制御装置\n".encode()[:-2] + b"\n",
        b"\x00\x01\x02\x03" * 20,
        b"number,maker\n1,\xff\xfe\xfd\n",
    ],
    ids=["euc-jp", "cut utf-8", "binary", "no encoding"],
)
def test_a_wrong_encoding_is_named_and_not_guessed(tmp_path, data):
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    assert "encoding" in refusal(path)


def test_a_truncated_workbook_is_refused_at_every_length(tmp_path):
    whole = workbook(tmp_path / "a.xlsx", [["型番", "x"]] * 50).read_bytes()
    for length in (4, 30, len(whole) // 3, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        path = tmp_path / "cut.xlsx"
        path.write_bytes(whole[:length])
        assert "damaged" in refusal(path) or "cut short" in refusal(path)


def test_password_protected_and_old_workbooks_are_told_apart(tmp_path):
    ole = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504)
    path = tmp_path / "a.xlsx"
    path.write_bytes(ole + "EncryptedPackage".encode("utf-16-le") + bytes(96))
    assert "password" in refusal(path)
    path.write_bytes(ole + "Workbook".encode("utf-16-le") + bytes(96))
    assert ".xls" in refusal(path)


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n", b"<!DOCTYPE html><html>", b"\x89PNG\r\n", b"\x1f\x8b\x08"]
)
def test_other_kinds_of_file_are_called_by_their_kind(tmp_path, data):
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    assert refusal(path).startswith("This is ")


def test_a_zip_that_is_no_workbook(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "not a workbook" in refusal(path)


def test_empty_missing_and_not_regular(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    assert "empty" in refusal(tmp_path / "a.csv")
    assert "no such file" in refusal(tmp_path / "b.csv")
    assert "regular" in refusal(tmp_path)


def test_a_file_of_200_megabytes_is_refused_unread(tmp_path):
    path = tmp_path / "big.xlsx"
    with path.open("wb") as stream:
        stream.truncate(200 * 1024 * 1024)
    assert "too large" in refusal(path)
    assert path.stat().st_size > MAX_FILE_BYTES


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def rezip(path: Path, content: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in content.items():
            archive.writestr(name, body)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def test_a_zip_bomb_is_refused_by_the_sizes_it_states(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["x"]])
    content = parts(path)
    content["xl/media/image1.png"] = bytes(300 * 1024 * 1024)
    assert "too large when unpacked" in refusal(rezip(path, content))


def test_a_zip_bomb_that_is_below_the_size_limit_is_refused_by_its_ratio(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["x"]])
    content = parts(path)
    content[SHEET] = content[SHEET].replace(b"<sheetData>", b"<sheetData>" + b" " * 40_000_000)
    assert "too large when unpacked" in refusal(rezip(path, content))


def test_a_directory_that_lies_about_sizes_is_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["x"]])
    content = parts(path)
    content[SHEET] = content[SHEET].replace(b"<sheetData>", b"<sheetData>" + b" " * 40_000_000)
    data = bytearray(rezip(path, content).read_bytes())
    size = struct.pack("<I", len(content[SHEET]))
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = struct.pack("<I", 2_000)
    path.write_bytes(bytes(data))
    assert "too large when unpacked" in refusal(path)


@pytest.mark.parametrize(
    "cell",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b"<row r='1048576'><c\nr='XFD1048576'><v>1</v></c></row>",
        b"<row>" + b"<c/>" * 300 + b"</row>",
    ],
    ids=["as Excel writes it", "other quotes", "without addresses"],
)
def test_a_far_off_cell_does_not_make_the_reader_allocate_the_rectangle(tmp_path, cell):
    path = workbook(tmp_path / "a.xlsx", [["x"]])
    content = parts(path)
    content[SHEET] = content[SHEET].replace(b"</sheetData>", cell + b"</sheetData>")
    assert "too large when unpacked" in refusal(rezip(path, content))


def test_a_sheet_in_an_unusual_place_is_looked_at_too(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["x"]])
    content = parts(path)
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    content["xl/other/s.xml"] = content.pop(SHEET).replace(b"</sheetData>", far)
    rels = "xl/_rels/workbook.xml.rels"
    content[rels] = content[rels].replace(b"worksheets/sheet1.xml", b"other/s.xml")
    assert "too large when unpacked" in refusal(rezip(path, content))


def test_a_sheet_in_another_encoding_than_utf_8_is_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["x"]])
    content = parts(path)
    content[SHEET] = content[SHEET].decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert "UTF-8" in refusal(rezip(path, content))


def test_one_long_shared_text_shown_by_many_cells_is_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["x" * 30_000] * 20] * 1_000)
    assert "too large when unpacked" in refusal(path)


def test_a_merged_range_over_the_whole_sheet_stays_within_the_table(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["t", None], ["a", "b"]], ("0,0:0,1",))
    content = parts(path)
    content[SHEET] = content[SHEET].replace(b'ref="A1:B1"', b'ref="A1:XFD1048576"')
    assert only_sheet(rezip(path, content)).rows == (("t", "t"), ("t", "t"))


@given(st.binary(max_size=400))
def test_any_bytes_decode_or_are_refused(data):
    with contextlib.suppress(InputError):
        decode("x", data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(at=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_workbook_with_any_byte_changed_is_read_or_refused(tmp_path, at, byte):
    data = bytearray(workbook(tmp_path / "a.xlsx", [["型番", 1.5]]).read_bytes())
    data[at % len(data)] = byte
    path = tmp_path / "b.xlsx"
    path.write_bytes(bytes(data))
    with contextlib.suppress(InputError):
        read_book(path)
