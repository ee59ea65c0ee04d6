"""Which column of a list means what: by the header's name, in Japanese or English, never by place.

The official list's own headers have not been seen first-hand, so the names here are many, and a
name that is new is a matter of one line in a mapping file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.register.normalise import product_key
from sekisho.terms.list_words import EXPIRY_HEADERS, MAKER_HEADERS
from sekisho.terms.sheet import Sheet, cell_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SEARCHED_ROWS = 20
"""Title rows above a header are few; a header further down is not looked for."""


class Field(StrEnum):
    """What a column holds; the values are the words of a mapping file."""

    NUMBER = "number"
    MAKER = "maker"
    PRODUCT = "product"
    MODEL = "model"
    VERSION = "version"
    LEVEL = "level"
    STATUS = "status"
    ISSUED = "issued"
    EXPIRES = "expires"
    LIST_DATE = "list-date"
    EVIDENCE = "evidence"
    NOTE = "note"
    IGNORE = "ignore"


_SYNONYMS = {
    Field.NUMBER: """number 登録番号 適合ラベル登録番号 ラベル登録番号 適合ラベル番号 ラベル番号 jc-star登録番号
        jc-star番号 登録no 登録id registrationnumber registrationno registrationid labelnumber
        label_number labelno labelregistrationnumber jc-starnumber""",
    Field.MAKER: MAKER_HEADERS,
    Field.PRODUCT: """製品名 製品名称 製品 製品シリーズ名 製品シリーズ シリーズ名 シリーズ 商品名 品名 機器名
        機器名称 product productname product_ja product_en productseries seriesname nameofproduct
        英語製品名 英文製品名""",
    Field.MODEL: """型番 型式 型名 形名 形式 型番名 型式名 型式名称 型番型式 モデル モデル名 モデル番号 機種
        機種名 品番 製品型番 製品型式 製品型名 対象型番 対象型式 対象機種 対象モデル 適合型番 model models
        modelname modelnumber modelnumbers modelno modelnos typenumber typename partnumber
        model_numbers_known model_number model_numbers""",
    Field.VERSION: """バージョン ソフトウェアバージョン ソフトウエアバージョン ソフトバージョン ソフトウェア版数
        ファームウェアバージョン ファームウェア ファームウエア ファームウェア版数 版数 製品バージョン
        対象バージョン 対象ソフトウェアバージョン version versions softwareversion firmwareversion
        firmware productversion sw-version fw-version swversion fwversion""",
    Field.LEVEL: """レベル ラベルレベル 適合レベル 適合ラベル 適合ラベルレベル 適合性評価レベル ラベル 評価レベル
        取得レベル jc-starレベル jc-starラベル level label labellevel conformancelevel starlevel
        jc-starlevel""",
    Field.STATUS: """状態 状況 登録状況 ラベル状況 有効状況 適合ラベル状況 ステータス ラベル状態 ラベルステータス 適合ラベル状態 有効状態 登録状態
        有効性 status labelstatus status_at_source state validity""",
    Field.ISSUED: """発行日 登録日 取得日 ラベル発行日 適合ラベル発行日 適合ラベル取得日 ラベル取得日 ラベル付与日
        付与日 交付日 初回発行日 初回登録日 有効期間開始日 有効期間自 有効期間開始 issued issuedate
        dateofissue issuedon registered registrationdate registeredon dateofregistration
        validfrom""",
    Field.EXPIRES: EXPIRY_HEADERS,
    Field.LIST_DATE: "list_version_date listdate リスト日付 リスト更新日 掲載日時点",
    Field.EVIDENCE: "evidence 確からしさ 根拠 出所",
    Field.NOTE: "失効日 取消日 note notes 備考 remarks 注記 label_time_as_stated",
    Field.IGNORE: """no 番号 項番 通番 # source_group source_url also_on_list_of_2026_04_03 url 分類
        カテゴリ カテゴリー 製品分類 製品カテゴリ 製品カテゴリー 製品種別 製品類型 製品区分 種別 区分 category
        productcategory 製品概要 概要 製品説明 説明 description 製品情報ページ 製品情報ページurl
        適合ラベル取得製品情報ページ productpage 製品url 法人番号 corporatenumber 国 country 所在地
        住所 address 問合せ先 問い合わせ先 連絡先 contact 更新日 掲載日 公開日 サポート期間 サポート期限
        セキュリティサポート期間 評価機関 検証事業者 評価者 評価方法 evaluator 適合基準 適合要件
        適合基準バージョン 申請日 受付日 受理番号 website""",
}

_LANGUAGE = re.compile(r"[(\[](?:日本語|英語|和文|英文|日|英|ja|en|japanese|english)[)\]]$")
_BRACKETED = re.compile(r"[(\[{【「][^)\]}】」]*[)\]}】」]")
_SEPARATED = re.compile(r"[/・、,]")


def header_key(name: str) -> str:
    """Key of a header: width, case, white space, line breaks and の do not count."""
    key = product_key(name).replace(" ", "").replace("年月日", "日").replace("の", "")
    return key.rstrip(".:*※")


def _known() -> dict[str, Field]:
    return {header_key(word): field for field, words in _SYNONYMS.items() for word in words.split()}


_KNOWN = _known()


@dataclass(frozen=True, slots=True)
class Header:
    """The header row found in a sheet."""

    first_row: int
    """Index of the first data row."""
    row: int
    """Index of the (lowest) header row."""
    names: tuple[str, ...]
    """Each column's header as printed, upper and lower row joined."""
    fields: tuple[Field | None, ...]
    """What each column means; None for a name that nobody knows."""

    def columns(self, field: Field) -> tuple[int, ...]:
        """Indices of the columns with this meaning, from left to right."""
        return tuple(n for n, known in enumerate(self.fields) if known is field)

    @property
    def known(self) -> frozenset[Field]:
        """The meanings that were found."""
        return frozenset(field for field in self.fields if field is not None)


def read_field(name: str, mapping: Mapping[str, Field]) -> Field | None:
    """What a header means; the person's mapping speaks before the known names."""
    key = header_key(name)
    if not key:
        return None
    if key in mapping:
        return mapping[key]
    for candidate in (key, _LANGUAGE.sub("", key), _BRACKETED.sub("", key)):
        if candidate in _KNOWN:
            return _KNOWN[candidate]
    parts = {_KNOWN.get(part) for part in _SEPARATED.split(_BRACKETED.sub("", key)) if part}
    return parts.pop() if len(parts) == 1 else None


def find_header(sheet: Sheet, mapping: Mapping[str, Field]) -> Header | None:
    """The row, or pair of rows, among the first ones that has the most different known names.

    None where no row has two known names.
    """
    best, best_score = None, 1
    for header in _candidates(sheet, mapping):
        score = len(header.known - {Field.IGNORE})
        if score > best_score:
            best, best_score = header, score
    return best


def likely_header(sheet: Sheet) -> int | None:
    """Where nothing is known: the first row that is mostly filled with different texts."""
    for index, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
        texts = {cell for cell in row if isinstance(cell, str)}
        if len(texts) >= max(2, len(row) // 2):
            return index
    return None


def _candidates(sheet: Sheet, mapping: Mapping[str, Field]) -> Iterator[Header]:
    rows = sheet.rows[:SEARCHED_ROWS]
    for index, row in enumerate(rows):
        names = tuple(cell_text(cell) for cell in row)
        alone = tuple(read_field(name, mapping) for name in names)
        yield Header(index + 1, index, names, alone)
        if index == 0 or not any(alone):
            continue
        upper = [cell_text(cell) for cell in rows[index - 1]]
        pairs = list(zip(_spread(upper, names), names, alone, strict=True))
        yield Header(
            index + 1,
            index,
            tuple(_joined(high, low) for high, low, _ in pairs),
            tuple(_two_rows(high, low, known, mapping) for high, low, known in pairs),
        )


def _spread(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """An upper name holds for the unnamed columns to its right, as a merged cell in CSV does."""
    spread: list[str] = []
    for high, low in zip(upper, lower, strict=True):
        spread.append(high or (spread[-1] if spread and low else ""))
    return spread


def _joined(high: str, low: str) -> str:
    return high if high == low or not low else f"{high} {low}".strip()


def _two_rows(
    high: str, low: str, known: Field | None, mapping: Mapping[str, Field]
) -> Field | None:
    """The pair's name speaks first (有効期間 + 自), then the lower row's, then the upper row's."""
    if not low:
        return read_field(high, mapping)
    return read_field(f"{high} {low}", mapping) or known


def guess(name: str, missing: Sequence[Field]) -> Field:
    """The field to offer in the mapping line for a header that nobody knows."""
    key = header_key(name)
    for pattern, field in _HINTS:
        if field in missing and re.search(pattern, key):
            return field
    return Field.IGNORE if not missing else missing[0]


_HINTS = (
    (r"期限|満了|expir|until|失効", Field.EXPIRES),
    (r"状態|状況|status|有効", Field.STATUS),
    (r"型|形|モデル|機種|品番|model|type", Field.MODEL),
    (r"社|業者|者|メーカ|ベンダ|maker|vendor|company|manufact", Field.MAKER),
    (r"製品|商品|品名|機器|product|name", Field.PRODUCT),
    (r"番号|no$|id$|number|code", Field.NUMBER),
)
