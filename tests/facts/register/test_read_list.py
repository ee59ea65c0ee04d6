"""A sheet becomes a list. All makers, products and numbers here are made up."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.register.cells import split_models
from sekisho.register.columns import Field, header_key, read_field
from sekisho.register.model import LabelStatus
from sekisho.register.read_list import Read, Reading, read_list
from sekisho.terms.errors import InputError
from sekisho.terms.sheet import Book, Cell, Sheet
from sekisho.terms.texts import Lang

if TYPE_CHECKING:
    from sekisho.register.model import Label

TODAY = date(2026, 11, 22)
HEADER = ("登録番号", "事業者名", "製品名", "型番", "レベル", "状態", "発行日", "有効期限")
ROW = ("MADE-UP-1", "北斗電機", "ホクト", "HK-1", "★1", "有効", "2026-05-21", "2028-05-20")


def book(*rows: tuple[Cell, ...], name: str = "list.csv") -> Book:
    width = max(map(len, rows))
    return Book(
        name, "f" * 64, (Sheet("", tuple(row + (None,) * (width - len(row)) for row in rows)),)
    )


def read(*rows: tuple[Cell, ...], name: str = "list.csv", **options) -> Read:
    return read_list(book(*rows, name=name), Reading(today=TODAY, **options))


def one(*rows: tuple[Cell, ...]) -> Label:
    (label,) = read(*rows).listing.labels
    return label


def test_a_plain_row():
    label = one(HEADER, ROW)
    assert (label.key, label.number) == ("made-up-1", "MADE-UP-1")
    assert (label.makers, label.products, label.models) == (("北斗電機",), ("ホクト",), ("HK-1",))
    assert (label.level, label.status) == (1, LabelStatus.VALID)
    assert (label.issued, label.expires) == (date(2026, 5, 21), date(2028, 5, 20))
    assert label.raw == tuple(zip(HEADER, ROW, strict=True))


@pytest.mark.parametrize(
    "header",
    [
        ("適合ラベル登録番号", "申請者名", "製品名称", "型式", "適合ラベル", "ステータス", "取得日", "満了日"),
        ("Registration number", "Company", "Product name", "Model", "Level", "Status", "Issued", "Expires"),
        ("登録番号\n(JC-STAR)", "会社名", "製品シリーズ名", "型番／型式", "ラベルレベル", "ラベルの状態", "登録日", "有効期限日"),
        ("登録番号.", "申請者", "製品名", "型番", "ラベルのレベル", "登録状況", "発行年月日", "適合ラベルの有効期限"),
        ("ﾗﾍﾞﾙ番号", "メーカ", "製品", "モデル", "★レベル", "状態", "発行日", "有効期限"),
    ],
)  # fmt: skip
def test_headers_go_by_name_in_any_order(header):
    header = tuple("レベル" if name == "★レベル" else name for name in header)
    straight = one(header, ROW)
    turned = one(header[::-1], ROW[::-1])
    assert straight.number == turned.number == "MADE-UP-1"
    assert straight.expires == turned.expires == date(2028, 5, 20)
    assert straight.models == turned.models == ("HK-1",)


def test_title_rows_above_give_the_date():
    found = read(("適合ラベル取得製品リスト",), ("2026年6月1日現在",), (), HEADER, ROW)
    assert found.listing.info.list_date == date(2026, 6, 1)
    assert len(found.listing.labels) == 1


def test_the_date_of_a_list_is_said_else_in_the_file_else_in_its_name_else_today():
    rows = (HEADER, ROW)
    assert read(*rows, list_date=date(2026, 1, 2)).listing.info.list_date == date(2026, 1, 2)
    assert read(*rows, name="jc-star_20260915.xlsx").listing.info.list_date == date(2026, 9, 15)
    assert read(*rows, name="list_2026-09-15.xlsx").listing.info.list_date == date(2026, 9, 15)
    assert read(*rows).listing.info.list_date == TODAY
    assert read(("2027年4月1日開始",), *rows).listing.info.list_date == TODAY


def test_a_list_is_learned_on_its_own_date_unless_said():
    rows = (("2026年6月1日現在",), HEADER, ROW)
    assert read(*rows).listing.info.learned == date(2026, 6, 1)
    assert read(*rows, learned=TODAY).listing.info.learned == TODAY


def test_a_header_over_two_rows():
    upper = ("登録番号", "事業者名", "製品", "製品", "ラベル", "ラベル", "有効期間", "有効期間")
    lower = ("登録番号", "事業者名", "名称", "型番", "レベル", "状態", "自", "至")
    label = one(upper, lower, ROW)
    assert (label.issued, label.expires) == (date(2026, 5, 21), date(2028, 5, 20))
    assert (label.models, label.products, label.level) == (("HK-1",), ("ホクト",), 1)


def test_a_merged_upper_header_that_csv_leaves_empty():
    upper = ("登録番号", "事業者名", "製品名", "型番", "適合ラベル", None, "有効期間", None)
    lower = (None, None, None, None, "レベル", "状態", "自", "至")
    label = one(upper, lower, ROW)
    assert (label.number, label.level, label.status) == ("MADE-UP-1", 1, LabelStatus.VALID)
    assert label.expires == date(2028, 5, 20)


def test_one_label_over_several_rows_with_filled_cells():
    label = one(HEADER, ROW, (*ROW[:3], "HK-2", *ROW[4:]), (*ROW[:3], "HK-3\nHK-4", *ROW[4:]))
    assert label.models == ("HK-1", "HK-2", "HK-3", "HK-4")


def test_one_label_over_several_rows_with_empty_cells_below():
    label = one(HEADER, ROW, (None, None, None, "HK-2"), (None, None, None, "HK-3"))
    assert label.models == ("HK-1", "HK-2", "HK-3")
    assert dict(label.raw)["型番"] == "HK-1\nHK-2\nHK-3"


def test_a_second_product_of_one_registration_stays_a_row_of_its_own():
    labels = read(HEADER, ROW, (None, None, "ホクト2", "HK-9")).listing.labels
    assert [(x.key, x.products, x.models) for x in labels] == [
        ("made-up-1", ("ホクト",), ("HK-1",)),
        ("made-up-1", ("ホクト2",), ("HK-9",)),
    ]


def test_models_of_one_version_are_not_read_with_another():
    header = (*HEADER, "バージョン")
    labels = read(header, (*ROW, "1.0"), (*ROW[:3], "HK-2", *ROW[4:], "2.0")).listing.labels
    assert [(x.models, x.versions) for x in labels] == [
        (("HK-1",), ("1.0",)),
        (("HK-2",), ("2.0",)),
    ]


def test_a_number_with_contradicting_rows_is_flagged_and_its_status_unknown():
    found = read(HEADER, ROW, (*ROW[:5], "取消し", *ROW[6:]))
    assert {x.status for x in found.listing.labels} == {LabelStatus.UNKNOWN}
    assert {x.status_raw for x in found.listing.labels} == {"有効 / 取消し"}
    assert "MADE-UP-1" in found.warnings[0].what.en


def test_an_unreadable_date_is_unknown_and_reported_with_its_cell():
    found = read(HEADER, (*ROW[:7], "2028年5月"), list_date=TODAY)
    assert found.listing.labels[0].expires is None
    (warning,) = found.warnings
    assert warning.where == "list.csv [H2]"
    assert "2028年5月" in warning.what.en


def test_an_expiry_before_its_issue_leaves_both_unknown():
    found = read(HEADER, (*ROW[:6], "2028-05-21", "2026-05-20"))
    assert (found.listing.labels[0].issued, found.listing.labels[0].expires) == (None, None)
    assert found.warnings


def test_a_period_gives_issue_and_expiry():
    header = ("登録番号", "事業者名", "製品名", "型番", "レベル", "状態", "有効期間")
    label = one(header, (*ROW[:6], "2026/5/21〜2028/5/20"))
    assert (label.issued, label.expires) == (date(2026, 5, 21), date(2028, 5, 20))


def test_two_days_that_are_no_period_are_unknown():
    label = one(HEADER, (*ROW[:7], "2027-05-20 (旧 2028-05-20)"))
    assert label.expires is None


def test_an_unknown_status_word_is_kept_and_flagged():
    found = read(HEADER, (*ROW[:5], "審査中", *ROW[6:]))
    assert found.listing.labels[0].status is LabelStatus.UNKNOWN
    assert found.listing.labels[0].status_raw == "審査中"
    assert "審査中" in found.warnings[0].what.ja


@pytest.mark.parametrize("number", ["仮登録 12", "受理番号 3", "発行予定"])
def test_an_application_that_is_not_issued_is_no_valid_label(number):
    assert one(HEADER, (number, *ROW[1:])).status is LabelStatus.UNKNOWN


def test_rows_that_are_no_labels_are_left_out():
    found = read(
        HEADER,
        ("■ ★1",),
        ROW,
        (),
        HEADER,
        ("※ 有効期限は延長されることがあります。",),
        ("同上",) * 8,
    )
    assert [x.number for x in found.listing.labels] == ["MADE-UP-1"]


def test_a_row_without_a_number_goes_by_maker_and_product():
    assert one(HEADER, (None, "北斗電機㈱", "ホクト", *ROW[3:])).key == "北斗電機|ホクト"


def test_unknown_headers_are_named_with_the_line_to_add():
    header = ("登録番号", "つくった社", "製品名", "かたち", "レベル", "状態", "発行日", "有効期限")
    with pytest.raises(InputError) as caught:
        read(header, ROW)
    first, second = caught.value.problems
    assert first.where == "list.csv [B1]"
    assert '"つくった社" = "maker"' in first.remedy.en
    assert second.where == "list.csv [D1]"
    assert '"かたち" = "model"' in second.remedy.ja
    mapped = read(
        header,
        ROW,
        mapping={header_key("つくった社"): Field.MAKER, header_key("かたち"): Field.MODEL},
    )
    assert mapped.listing.labels[0].models == ("HK-1",)


def test_a_file_in_which_no_header_is_known_names_them_all():
    with pytest.raises(InputError) as caught:
        read(("あ", "い", "う"), ("1", "2", "3"))
    assert [p.where for p in caught.value.problems] == [
        "list.csv [A1]", "list.csv [B1]", "list.csv [C1]",
    ]  # fmt: skip


def test_a_column_that_the_file_does_not_have_is_reported():
    found = read(HEADER[:7], ROW[:7])
    assert "expiry" in found.warnings[0].what.en
    with pytest.raises(InputError):
        read(("登録番号", "型番"), ("MADE-UP-1", "HK-1"))


def test_an_excerpt_is_said_or_says_so_itself():
    assert read(HEADER, ROW).listing.info.complete
    assert not read(HEADER, ROW, excerpt=True).listing.info.complete
    assert not read(("製品リスト（抜粋）",), HEADER, ROW).listing.info.complete
    evidence = read((*HEADER, "確からしさ"), (*ROW, "copied in part by a third party"))
    assert not evidence.listing.info.complete


def test_only_a_stated_whole_series_covers_a_series():
    assert one(HEADER, (*ROW[:3], "全型式", *ROW[4:])).covers_series
    assert one(HEADER, (*ROW[:3], "全型式", *ROW[4:])).models == ()
    assert not one(HEADER, (*ROW[:2], "ホクトシリーズ", *ROW[3:])).covers_series


def test_a_list_without_a_label_is_refused_for_it_would_make_everything_vanish():
    with pytest.raises(InputError) as caught:
        read(HEADER)
    assert "no label" in caught.value.problems[0].what.en


CELLS = st.one_of(
    st.none(),
    st.floats(),
    st.dates(),
    st.sampled_from([*HEADER, *ROW, "シリーズ", "全型式", "〜", "令和8年5月21日", "※"]),
    st.text(min_size=1, max_size=12),
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=9), min_size=1, max_size=8), st.booleans())
def test_any_sheet_is_read_or_refused(rows, with_header):
    every = [tuple(row) for row in rows]
    with contextlib.suppress(InputError):
        read(*([HEADER] if with_header else []), *every)


def test_a_list_without_a_date_says_so_wherever_it_is_named() -> None:
    rows = (HEADER, ROW)
    undated = read(*rows)
    assert undated.listing.info.list_date == TODAY
    assert "no date stated" in undated.listing.info.source
    assert any("states no date" in w.says(Lang.EN) for w in undated.warnings)
    dated = read(*rows, list_date=date(2026, 1, 2))
    assert "no date" not in dated.listing.info.source
    assert dated.warnings == ()


def test_the_words_of_a_mapping_file_are_headers_themselves():
    words = set(Field) - {Field.LIST_DATE, Field.IGNORE}
    assert {word: read_field(word.value, {}) for word in words} == {word: word for word in words}


@pytest.mark.parametrize("mark", ["|", " | ", "｜", "、", "\n", ";"])
def test_models_are_separated_by_the_marks_that_lists_use(mark):
    assert split_models(f"SK-PCS-2500{mark}SK-PCS-2750") == ("SK-PCS-2500", "SK-PCS-2750")
