"""Reports for the three readers."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from sekisho.desk.document import as_json
from sekisho.desk.report.engineer import engineer_report
from sekisho.desk.report.investor import Event, investor_report
from sekisho.desk.report.labels import label_words, match_words
from sekisho.desk.report.office import office_report
from sekisho.desk.report.pieces import ids_words
from sekisho.present.document import Banner, Picture, Table
from sekisho.present.wording import strings
from sekisho.register.model import LabelStatus
from sekisho.terms.ids import DeviceId
from sekisho.terms.texts import Lang, Text
from sekisho.terms.verdict import Verdict
from tests.facts.present.samples import SVG
from tests.facts.report.answers import LABEL, MATCHES, OTHER, answer, devices, empty

FORBIDDEN = ("compliant", "certified", "will be accepted", "適合予定", "申請中")


def matched(result):
    return {d.id: m for d, m in zip(result.site.devices, MATCHES, strict=False)}


def all_of(result, lang):
    return [
        investor_report(result, lang),
        engineer_report(result, matched(result), lang),
        office_report(result, matched(result), SVG, lang),
    ]


def told(document):
    return "\n".join(strings(document))


def leaves(value):
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("result", [answer(), empty()], ids=["full", "empty"])
def test_every_report_starts_with_the_verdict_and_promises_nothing(result, lang):
    for document in all_of(result, lang):
        assert isinstance(document.blocks[0], Banner)
        assert document.lang == lang.value
        for word in FORBIDDEN:
            assert word not in told(document).lower()


def test_the_engineer_reads_every_japanese_string_of_the_json():
    text = told(engineer_report(answer(), matched(answer()), Lang.JA))
    for leaf in leaves(as_json(answer(), Lang.JA)):
        if re.search(r"[ぁ-んァ-ヶ一-龠]", leaf):
            assert leaf in text


def test_the_engineer_reads_every_reason_and_remedy_in_english():
    text = told(engineer_report(answer(), matched(answer()), Lang.EN))
    for n in range(6):
        assert f"Reason {n}." in text
    for n in range(1, 6):
        assert f"Remedy {n}." in text
    assert "read in the authority's own text" in text


def test_a_source_learned_later_is_not_shown():
    assert "後で出た資料" not in told(engineer_report(answer(), matched(answer()), Lang.JA))


def test_the_investor_reads_only_what_counts():
    text = told(investor_report(answer(), Lang.JA))
    assert "GC-1" in text
    assert "ER-5" not in text
    assert "手当て4。" in text
    assert "未了の義務(書面) 1 件" in text


def test_the_investor_is_told_how_many_are_left_out():
    event = Event(date(2027, 1, 1), Text("できごと", "event"), Verdict.BROKEN)
    many = [replace(event, day=event.day + timedelta(days=n)) for n in range(20)]
    document = investor_report(answer(), Lang.JA, many)
    tables = [b for b in document.blocks if isinstance(b, Table)]
    assert len(tables[0].rows) == 7
    assert "ほか 14 件" in told(document)


def test_a_broken_step_comes_before_an_undetermined_one():
    text = told(investor_report(answer(), Lang.JA))
    assert text.index("手当て4") < text.index("手当て1")


def test_the_office_has_a_table_for_each_kind_of_device_and_the_diagram():
    document = office_report(answer(), matched(answer()), SVG, Lang.JA)
    captions = [b.caption for b in document.blocks if isinstance(b, Table) and b.caption]
    assert captions == ["BMS", "PCS", "EMS", "ゲートウェイ・プロトコル変換器", "その他の機器"]
    assert [b.svg for b in document.blocks if isinstance(b, Picture)] == [SVG]
    rows = [r for b in document.blocks if isinstance(b, Table) and b.caption for r in b.rows]
    assert len(rows) == len(answer().site.devices)


def test_a_number_that_only_the_owner_states_is_not_shown_as_found():
    result = answer()
    gateway, *rest = devices()
    stated = replace(gateway, identity=replace(gateway.identity, label="999999"))
    result = replace(result, site=replace(result.site, devices=(stated, *rest)))
    for match in MATCHES[1:]:
        text = told(office_report(result, {stated.id: match}, None, Lang.JA))
        assert "999999(申告のみ、リストで未確認)" in text
        assert "900001" not in text
    assert "900001" in told(office_report(result, {stated.id: MATCHES[0]}, None, Lang.JA))


def test_a_device_that_does_not_speak_ip_has_its_treatment():
    document = office_report(answer(), {}, None, Lang.JA)
    table = next(b for b in document.blocks if isinstance(b, Table) and not b.caption)
    assert [row[0].text for row in table.rows] == ["dev-5\n計量器・計測器"]
    assert "理由その5。" in table.rows[0][3].text


@pytest.mark.parametrize("match", MATCHES)
def test_every_kind_of_match_has_words(match):
    words = match_words(match)
    assert words.ja
    assert words.en
    assert not re.search(r"[ぁ-ん]", words.en.replace("北斗ゲート", "").replace("見本", ""))


def test_a_label_is_said_as_printed():
    assert label_words(LABEL).ja == "北斗ゲート 見本ゲートウェイ(900001、★1、有効、2028-04-02 まで)"
    assert "登録番号の記載なし" in label_words(OTHER).ja
    assert "有効期限の記載なし" in label_words(OTHER).ja


def test_an_unknown_status_word_is_quoted():
    odd = replace(LABEL, status=LabelStatus.UNKNOWN, status_raw="審査中断")
    assert "「審査中断」" in label_words(odd).en


def test_a_run_of_devices_is_written_as_first_and_last():
    ids = ["gw-1", "pcs-1.1", "pcs-1.2", "pcs-1.3", "pcs-1.7", "v1.x"]
    assert ids_words(ids).ja == "gw-1、pcs-1.1〜3、pcs-1.7、v1.x"
    assert ids_words(ids).en == "gw-1, pcs-1.1–3, pcs-1.7, v1.x"


def test_devices_that_are_alike_share_a_row():
    result = answer()
    one = devices()[5]
    several = tuple(replace(one, id=DeviceId(f"m.{n}")) for n in range(1, 5))
    result = replace(result, site=replace(result.site, devices=several))
    document = office_report(result, {}, None, Lang.JA)
    for table in [b for b in document.blocks if isinstance(b, Table)]:
        assert [row[0].text for row in table.rows] == ["m.1〜4(4台)\n計量器・計測器"]
