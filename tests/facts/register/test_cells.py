"""Days, levels, status words and model numbers in one cell. All models here are made up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.register.cells import (
    read_days,
    read_level,
    read_status,
    says_whole_series,
    series_name,
    split_models,
)
from sekisho.register.model import LabelStatus

DAY = date(2026, 5, 21)


@pytest.mark.parametrize(
    "cell",
    [
        DAY, 46163.0, "2026-05-21", "2026/5/21", "2026.5.21", "2026年5月21日", "２０２６年５月２１日",
        "令和8年5月21日", "令和８年５月２１日", "R8.5.21", "20260521", "21 May 2026", "May 21, 2026",
    ],
)  # fmt: skip
def test_one_day_in_every_way_it_is_written(cell):
    assert read_days(cell) == (DAY,)


@pytest.mark.parametrize("cell", [date(9999, 12, 31), date(1999, 12, 31), date(1, 1, 1)])
def test_a_date_cell_that_means_no_date_is_unreadable(cell):
    assert read_days(cell) is None


def test_the_first_year_of_an_era():
    assert read_days("令和元年6月1日") == (date(2019, 6, 1),)


@pytest.mark.parametrize(
    "cell", ["2026年5月", "5/21/2026", "2026-13-01", "2026-02-30", "秋頃", 3.0]
)
def test_what_is_no_day_is_not_made_one(cell):
    assert read_days(cell) is None


@pytest.mark.parametrize("cell", [None, "-", "－", "―", "なし", "N/A"])
def test_nothing_is_nothing(cell):
    assert read_days(cell) == ()


@pytest.mark.parametrize(
    ("text", "level"),
    [("★1", 1), ("STAR-1", 1), ("1", 1), ("☆１", 1), ("★★", 2), ("レベル3", 3), ("★4（レベル4）", 4),
     ("★1～2", None), ("12", None), ("高", None), ("5", None), ("SB-1", None)],
)  # fmt: skip
def test_levels(text, level):
    assert read_level(text) == level


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("有効", LabelStatus.VALID),
        ("有効 / valid", LabelStatus.VALID),
        ("失効猶予（延長申請中）", LabelStatus.EXTENSION_PENDING),
        ("失効猶予 (延長申請中)", LabelStatus.EXTENSION_PENDING),
        ("失効猶予\n［延長申請中］", LabelStatus.EXTENSION_PENDING),
        ("失効（有効期限切れ）", LabelStatus.EXPIRED),
        ("失効（自主取下げ）", LabelStatus.WITHDRAWN),
        ("失効(自主取り下げ)", LabelStatus.WITHDRAWN),
        ("取消し", LabelStatus.REVOKED),
        ("取消", LabelStatus.REVOKED),
        ("取り消し", LabelStatus.REVOKED),
        ("失効", LabelStatus.UNKNOWN),
        ("有効 / expired", LabelStatus.UNKNOWN),
        ("有効（予定）", LabelStatus.UNKNOWN),
        ("無効", LabelStatus.UNKNOWN),
        ("有効期限", LabelStatus.UNKNOWN),
        ("発行予定", LabelStatus.UNKNOWN),
    ],
)
def test_status_words(text, status):
    assert read_status(text) is status


@pytest.mark.parametrize(
    ("cell", "models"),
    [
        ("KX-1\nKX-2", ("KX-1", "KX-2")),
        ("KX-1、KX-2，KX-3, KX-4；KX-5;KX-6", ("KX-1", "KX-2", "KX-3", "KX-4", "KX-5", "KX-6")),
        ("KX-1・KX-2", ("KX-1", "KX-2")),
        ("KX-100A/KX-200A", ("KX-100A", "KX-200A")),
        ("KX-100/200", ("KX-100/200",)),
        ("KX-1000/400V", ("KX-1000/400V",)),
        ("HKES2〜4", ("HKES2", "HKES3", "HKES4")),
        ("KX-08～KX-11", ("KX-08", "KX-09", "KX-10", "KX-11")),
        ("KX-100〜500", ("KX-100〜500",)),
        ("KX-10〜30", ("KX-10〜30",)),
        ("KX-9〜2", ("KX-9〜2",)),
        ("V1.2〜V1.5", ("V1.2〜V1.5",)),
        ("KX-1,000", ("KX-1,000",)),
        ("スマート・ボックス", ("スマート・ボックス",)),
        ("－", ()),
    ],
)
def test_models_in_one_cell(cell, models):
    assert split_models(cell) == models


@given(st.text(max_size=60))
def test_no_text_breaks_the_readers_of_cells(text):
    read_days(text)
    read_level(text)
    read_status(text)
    assert len(split_models(text)) <= 2_000
    says_whole_series(text)
    series_name(text)


@given(st.text(alphabet="KX-0123456789〜～、/・\n", max_size=40))
def test_a_range_never_gives_more_models_than_its_bound(text):
    assert len(split_models(text)) <= 21 * (1 + len(text))


@pytest.mark.parametrize(
    "text",
    [
        "オーロラシリーズ全型式",
        "オーロラシリーズ（全機種）",
        "全モデル",
        "全ての型番",
        "all models",
        "Aurora (entire series)",
    ],
)
def test_a_cell_that_says_the_whole_series(text):
    assert says_whole_series(text)


@pytest.mark.parametrize(
    "text",
    [
        "オーロラシリーズ",
        "Aurora series",
        "オーロラシリーズ（一部の型式）",
        "全型式（KX-1を除く）",
        "KX-1、KX-2",
    ],
)
def test_a_name_with_the_word_series_is_not_the_whole_series(text):
    assert not says_whole_series(text)


def test_the_name_of_a_series_without_the_words_around_it():
    assert series_name("オーロラシリーズ（全型式）") == series_name("オーロラ") == "オーロラ"
