"""The words of equipment lists: headers, roles, yes and no, as Japanese and English offices write them.

Words are compared folded: NFKC, lower case, without white space, and without what stands in brackets.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from sekisho.site.model import Role
from sekisho.terms.list_words import EXPIRY_HEADERS, MAKER_HEADERS

if TYPE_CHECKING:
    from collections.abc import Mapping

_BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】")
_BLANK = re.compile(r"[\s_・:：*※]+")


def folded(word: str) -> str:
    """The word as it is compared."""
    plain = unicodedata.normalize("NFKC", word).lower()
    return _BLANK.sub("", _BRACKETED.sub("", plain)) or _BLANK.sub("", plain)


def _table(groups: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {folded(w): key for key, words in groups.items() for w in (key, *words)}


HEADERS: Final = _table(
    {
        "id": ("機器ID", "機器番号", "装置番号", "device id", "tag", "タグ"),
        "name": (
            "機器名",
            "機器名称",
            "装置名",
            "設備名",
            "名称",
            "device",
            "device name",
            "equipment",
        ),
        "role": (
            "役割",
            "種別",
            "機器種別",
            "区分",
            "機器区分",
            "分類",
            "type",
            "category",
            "kind",
        ),
        "maker": (
            *("メーカー", "メーカ", "製造者", "製造元", "製造会社", "製造メーカー", "ベンダー"),
            *("manufacturer", "vendor", "make"),
        ),
        "product": ("製品名", "商品名", "品名", "シリーズ", "製品", "product name", "series"),
        "model": (
            *("型番", "型式", "形式", "型名", "形名", "機種", "モデル"),
            *("model number", "model no", "model no.", "part number"),
        ),
        "version": (
            *("ファームウェア", "ファームウエア", "ファームウェアバージョン", "ファーム", "版"),
            *("バージョン", "ソフトウェアバージョン", "firmware", "firmware version", "fw", "sw"),
        ),
        "label": (
            *("登録番号", "適合ラベル", "適合ラベル番号", "適合ラベル登録番号", "ラベル番号"),
            *("JC-STAR", "JC-STAR番号", "JC-STAR登録番号", "JC-STAR適合ラベル登録番号"),
            *("label number", "registration number", "jc-star label", "jc-star number"),
        ),
        "speaks_ip": (
            *("IP通信", "IP通信有無", "IP通信の有無", "IP接続", "IP", "ネットワーク接続"),
            *("ip communication", "speaks ip", "networked"),
        ),
        "controls": (
            "制御機能",
            "制御機能有無",
            "制御機能の有無",
            "制御",
            "control",
            "control function",
        ),
        "count": ("台数", "数量", "個数", "員数", "quantity", "qty", "number"),
        "introduced": ("導入日", "制御対象導入日", "introduced on"),
        "bought": ("購入日", "調達日", "purchase date", "bought on"),
        "jet": ("JET認証", "JET認証番号", "jet certificate"),
    }
)
"""What each header means, by the device's key in the site file."""


def key_of_header(header: str) -> str | None:
    """The device's key that a header means; of 「役割／種別」 either word may be known."""
    words = (folded(part) for part in (header, *re.split(r"[/／]", header)))
    return next((HEADERS[w] for w in words if w in HEADERS), None)


MAKERS_OF_LABELS: Final = frozenset(folded(w) for w in MAKER_HEADERS.split())
"""The maker as lists of labels call it; beside a maker's own column 事業者名 may be the owner."""
EXPIRIES: Final = frozenset(folded(w) for w in EXPIRY_HEADERS.split())
OF_EQUIPMENT: Final = frozenset({"role", "speaks_ip", "controls", "count"})
"""Keys that say what stands in the plant; a list of labels has none of them."""


PASSED_OVER: Final = frozenset(
    folded(w)
    for w in (
        *("No", "No.", "番号", "項番", "備考", "注記", "摘要", "設置場所", "単価", "金額", "定格"),
        *("定格出力", "容量", "仕様", "通信方式", "シリアル番号", "製造番号", "remarks", "note"),
        *("notes", "location", "rating", "serial number", "price", "spec", "protocol"),
    )
)
"""Headers that lists often have and that a site file has no key for; passed over without a word."""

ROLES: Final[Mapping[str, Role]] = {
    folded(w): role
    for role, words in {
        Role.PCS: (
            *("PCS", "パワコン", "パワーコンディショナ", "パワーコンディショナー"),
            *("インバータ", "インバーター", "双方向インバータ", "inverter", "power conditioner"),
            "power conversion system",
        ),
        Role.BMS: (
            *("BMS", "BMU", "電池管理", "電池管理装置", "蓄電池管理装置", "電池管理システム"),
            *("蓄電池監視装置", "蓄電池管理システム", "battery management system"),
        ),
        Role.LOCAL_EMS: (
            *("EMS", "ローカルEMS", "現地EMS", "現地制御装置", "PPC", "site controller"),
            *("エネルギー管理装置", "エネルギーマネジメントシステム", "energy management system"),
        ),
        Role.UPPER_EMS: ("上位EMS", "クラウドEMS", "中央EMS", "上位制御装置", "cloud ems"),
        Role.GATEWAY: (
            *("ゲートウェイ", "ゲートウエイ", "GW", "IoTゲートウェイ", "通信ゲートウェイ"),
            "遠隔接続ゲートウェイ",
        ),
        Role.PROTOCOL_CONVERTER: (
            *("プロトコル変換器", "プロトコルコンバータ", "プロトコル変換装置", "通信変換器"),
            *("信号変換器", "メディアコンバータ"),
        ),
        Role.OUTPUT_CONTROL_UNIT: ("出力制御ユニット", "出力制御装置", "出力制御機器"),
        Role.REMOTE_MONITOR: (
            *("遠隔監視装置", "遠隔監視", "監視装置", "遠方監視装置", "データロガー"),
            *("remote monitoring", "data logger"),
        ),
        Role.ROUTER: ("ルーター", "ルータ", "VPNルーター", "VPNルータ", "通信ルーター"),
        Role.FIREWALL: ("ファイアウォール", "ファイヤーウォール", "UTM"),
        Role.METER: ("計量器", "電力量計", "電力計", "計測器", "メーター", "スマートメーター"),
        Role.CAMERA: ("カメラ", "監視カメラ", "ネットワークカメラ", "防犯カメラ"),
        Role.CELL_PACK: (
            *("電池セル", "セル", "電池パック", "電池盤", "蓄電池盤", "蓄電池", "電池モジュール"),
            *("バッテリー", "蓄電池ラック", "電池ラック", "battery", "battery rack", "cells"),
        ),
    }.items()
    for w in (role.value, role.value.replace("-", " "), *words)
}

YES: Final = frozenset(
    folded(w)
    for w in ("有", "有り", "あり", "有る", "○", "〇", "◯", "はい", "yes", "y", "true", "対応")
)
NO: Final = frozenset(
    folded(w)
    for w in ("無", "無し", "なし", "無い", "×", "x", "いいえ", "no", "n", "false", "非対応")
)
UNKNOWN: Final = frozenset(
    folded(w)
    for w in (
        "",
        "-",
        "－",
        "―",
        "ー",
        "?",
        "不明",
        "未定",
        "未確認",
        "確認中",
        "tbd",
        "unknown",
        "n/a",
    )
)
"""Cells that say that something is not known; what is not known is left out, never false."""

NO_NUMBER = re.compile(
    r"予定|申請|未取得|取得中|準備中|手続|なし|無し?$|^なし|pending|planned|applied|none"
)
"""What a column of registration numbers says where there is no number."""
TOTALS: Final = frozenset(folded(w) for w in ("合計", "計", "小計", "総計", "total", "subtotal"))
COUNTED = re.compile(r"([0-9]+)(?:台|基|式|個|面|セット|units?|sets?|pcs)?")
