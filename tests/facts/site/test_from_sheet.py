"""An equipment list becomes the draft of a site file. Makers and numbers are made up."""

import re
from datetime import date

import pytest

from sekisho.site.from_sheet import draft_of
from sekisho.site.model import Role
from sekisho.site.reader import read_site
from sekisho.site.sheet_words import HEADERS, ROLES, folded
from sekisho.terms.errors import InputError
from sekisho.terms.sheet import Book, Sheet
from sekisho.terms.texts import Lang

JA = (
    "機器名",
    "役割／種別",
    "メーカー",
    "型番",
    "ファームウェア",
    "登録番号",
    "台数",
    "IP通信（有／無）",
    "制御機能",
)
EN = (
    "Device",
    "Type",
    "Manufacturer",
    "Model no.",
    "Firmware",
    "Label number",
    "Qty",
    "IP communication",
    "Control function",
)
ROW = ("PCS 1号機", "パワコン", "白樺電機", "SK-2500", 2.1, "MU-0001", "4台", "有", "無")


def _book(*rows, above=()):
    width = max(len(r) for r in rows)
    padded = tuple(tuple(r) + (None,) * (width - len(r)) for r in (*above, *rows))
    return Book("list.xlsx", "0" * 64, (Sheet("一覧", padded),))


def _filled(text):
    """The draft with the site's own lines filled in, as its owner would."""
    head, rest = text.split("[dates]", 1)
    return re.sub(r"^# (\w+ = )", r"\1", head, flags=re.MULTILINE) + "[dates]" + rest


def _site(draft):
    return read_site(_filled(draft.text), "draft.toml")


def _problems(*rows):
    with pytest.raises(InputError) as raised:
        draft_of(_book(*rows), Lang.EN)
    return raised.value.problems


@pytest.mark.parametrize("header", [JA, EN], ids=["ja", "en"])
@pytest.mark.parametrize("lang", Lang)
def test_a_list_becomes_a_draft_that_reads_when_filled_in(header, lang):
    site = _site(draft_of(_book(header, ROW), lang))
    assert [d.id for d in site.devices] == ["pcs-1.1", "pcs-1.2", "pcs-1.3", "pcs-1.4"]
    device = site.devices[0]
    assert device.role is Role.PCS
    assert (device.identity.maker, device.identity.model) == ("白樺電機", "SK-2500")
    assert (device.identity.version, device.identity.label) == ("2.1", "MU-0001")
    assert (device.speaks_ip, device.controls) == (True, False)


def test_the_draft_itself_is_answered_with_what_is_missing():
    draft = draft_of(_book(JA, ROW), Lang.EN)
    with pytest.raises(InputError) as raised:
        read_site(draft.text, "draft.toml")
    said = [p.what.en for p in raised.value.problems]
    assert "[site] has no id." in said
    assert "[site] has no voltage." in said
    assert all(s.startswith("[site] has no") for s in said)


def test_blank_and_unknown_stay_unknown():
    for word in (None, "不明", "-", "未定", "?"):
        row = ("a", "PCS", None, "M", None, None, None, word, word)
        device = _site(draft_of(_book(JA, row), Lang.EN)).devices[0]
        assert device.speaks_ip is None
        assert device.controls is None


@pytest.mark.parametrize(
    "word", ["申請中", "適合予定", "取得予定", "未取得", "なし", "pending", "－"]
)
def test_what_is_no_number_is_never_written_as_one(word):
    row = ("a", "PCS", None, "M", None, word, None, None, None)
    draft = draft_of(_book(JA, row), Lang.JA)
    assert _site(draft).devices[0].identity.label is None
    assert "申請中" not in draft.text
    assert "予定" not in draft.text


def test_titles_above_the_header_and_totals_below_are_passed_over():
    book = _book(JA, ROW, ("合計", None, None, None, None, None, 4.0), above=[("機器一覧",), ()])
    draft = draft_of(book, Lang.EN)
    assert draft.devices == 1
    assert draft.notices == ()


def test_an_unknown_header_is_named_with_its_cell_and_what_to_do():
    draft = draft_of(_book((*JA, "冷却方式", "備考"), (*ROW, "水冷", "x")), Lang.EN)
    (notice,) = draft.notices
    assert notice.where == "list.xlsx [一覧!J1]"
    assert "冷却方式" in notice.what.en
    assert "label" in notice.remedy.en


def test_unknown_words_are_problems_with_their_cells_all_at_once():
    rows = [
        ("a", "パワコンン", None, None, None, None, "0", "多分", None),
        ("b", "PCS", None, None, None, None, "many", None, "maybe"),
    ]
    problems = _problems(JA, *rows)
    assert [p.where.split("!")[1] for p in problems] == ["B2]", "H2]", "G2]", "I3]", "G3]"]
    assert "output-control-unit" in problems[0].remedy.en
    assert "「パワコン」のことですか。" in problems[0].remedy.ja


def test_a_list_without_a_header_says_which_headers_it_wants():
    (problem,) = _problems(("x", "y"), ("1", "2"))
    assert "No header row" in problem.what.en


def test_a_formula_like_cell_stays_text():
    row = ("a", "PCS", "=HYPERLINK(1)", "+SK-1", None, None, None, None, None)
    identity = _site(draft_of(_book(JA, row), Lang.EN)).devices[0].identity
    assert (identity.maker, identity.model) == ("=HYPERLINK(1)", "+SK-1")


def test_hostile_cells_cannot_leave_their_line():
    name = 'x"\n[site]\nid = "evil"'
    row = (name, "PCS", 'm"\nrole = "bms"', None, None, None, None, None, None)
    site = _site(draft_of(_book(JA, row), Lang.EN))
    assert site.id == "kushiro-1"
    assert site.devices[0].identity.maker == 'm" role = "bms"'
    hidden = ("a", "PCS", "m\u202e", None, None, None, None, None, None)
    assert "cannot be seen" in _problems(JA, hidden)[0].what.en


def test_ids_are_kept_where_they_are_ids_and_made_where_they_are_not():
    rows = [
        ("pcs-2", "PCS", "a"),
        ("1号機", "PCS", "a"),
        ("2号機", "PCS", "a"),
        ("pcs-2", "PCS", "a"),
    ]
    site = _site(draft_of(_book(JA, *rows), Lang.EN))
    assert [d.id for d in site.devices] == ["pcs-2", "pcs-1", "pcs-3", "pcs-4"]


def test_a_role_left_blank_is_taken_from_a_name_that_says_it_or_left_to_fill_in():
    draft = draft_of(_book(JA, ("監視カメラ", None, "a"), ("何か", None, "b")), Lang.EN)
    assert 'role = "camera"' in draft.text
    assert '# role = "gateway"  # to fill in' in draft.text


def test_days_are_read_from_dates_and_from_words():
    header = ("機器名", "種別", "購入日", "導入日")
    row = ("a", "PCS", date(2027, 9, 1), "2027年12月1日")
    device = _site(draft_of(_book(header, row), Lang.EN)).devices[0]
    assert (device.bought, device.introduced) == (date(2027, 9, 1), date(2027, 12, 1))
    assert "not a day" in _problems(header, ("a", "PCS", "秋ごろ"))[0].what.en


def test_every_role_has_a_word_in_each_language():
    for role in Role:
        words = [w for w, r in ROLES.items() if r is role]
        assert any(w.isascii() for w in words)
    assert all(folded(w) == w for w in (*ROLES, *HEADERS))


def test_the_word_of_a_list_of_labels_for_the_maker_is_known_here_too():
    draft = draft_of(_book(("機器名", "種別", "事業者名"), ("1号機", "PCS", "白樺電機")), Lang.JA)
    assert 'maker = "白樺電機"' in draft.text
    [notice] = draft.notices
    assert notice.what.ja == "「事業者名」を製造者として読みました。"
    assert "owner" in notice.remedy.en


@pytest.mark.parametrize("word", ["申請者", "会社名", "applicant", "供給者"])
def test_in_an_equipment_list_a_word_of_the_applicant_is_not_the_maker(word):
    draft = draft_of(_book(("機器名", "種別", word), ("1号機", "PCS", "浜の蓄電")), Lang.EN)
    assert "浜の蓄電" not in draft.text
    assert word in draft.notices[0].what.en


def test_beside_a_maker_that_word_may_be_the_owner_and_is_not_used():
    header = ("機器名", "種別", "事業者名", "メーカー")
    draft = draft_of(_book(header, ("1号機", "PCS", "浜の電力", "白樺電機")), Lang.EN)
    assert 'maker = "白樺電機"' in draft.text
    assert "浜の電力" not in draft.text
    [notice] = draft.notices
    assert "事業者名" in notice.what.en


LABELS = ("登録番号", "事業者名", "製品名", "型番", "状態", "発行日", "有効期限")


def test_a_list_of_labels_is_said_to_be_no_equipment_list_and_is_still_drafted():
    row = ("MU-0001", "白樺電機", "PCS 白樺", "SK-2500", "有効", "2026-07-01", "2028-06-30")
    draft = draft_of(_book(LABELS, row), Lang.EN)
    assert draft.devices == 1
    first = draft.notices[0]
    assert "A list of labels is no equipment list." in first.what.en
    assert "register import" in first.remedy.en
    assert "適合ラベルのリストは機器リストではありません。" in first.what.ja


@pytest.mark.parametrize(
    "header", [("機器名", "種別", "登録番号", "有効期限"), ("機器名", "型番", "登録番号")]
)
def test_an_equipment_list_that_has_label_numbers_is_not_taken_for_one_of_labels(header):
    draft = draft_of(
        _book(header, ("1号機", "PCS", "MU-0001", "2028-06-30")[: len(header)]), Lang.EN
    )
    assert not any("list of labels" in notice.what.en for notice in draft.notices)


def test_with_errors_too_a_list_of_labels_is_said_to_be_one():
    rows = [("MU-0001", "白樺電機", "PCS", "x" * 300, "有効", "2026-07-01", "2028-06-30")]
    with pytest.raises(InputError, match="no equipment list"):
        draft_of(_book(LABELS, *rows), Lang.EN)
