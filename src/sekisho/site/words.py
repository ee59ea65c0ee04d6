"""The site file's closed words as a person reads them, in Japanese and English.

One sentence for each word; a test holds these tables equal to the enumerations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sekisho.site.model import (
    Area,
    ExternalKind,
    Medium,
    Milestone,
    Owner,
    PcsClass,
    Place,
    Programme,
    Resource,
    Role,
    Route,
    Voltage,
    Work,
    WorksClass,
)
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

AREA_TEXTS: Mapping[Area, Text] = {
    Area.HOKKAIDO: Text("北海道", "Hokkaido"),
    Area.TOHOKU: Text("東北", "Tohoku"),
    Area.TOKYO: Text("東京", "Tokyo"),
    Area.CHUBU: Text("中部", "Chubu"),
    Area.HOKURIKU: Text("北陸", "Hokuriku"),
    Area.KANSAI: Text("関西", "Kansai"),
    Area.CHUGOKU: Text("中国", "Chugoku"),
    Area.SHIKOKU: Text("四国", "Shikoku"),
    Area.KYUSHU: Text("九州", "Kyushu"),
    Area.OKINAWA: Text("沖縄", "Okinawa"),
}

RESOURCE_TEXTS: Mapping[Resource, Text] = {
    Resource.BATTERY: Text("蓄電池", "battery"),
    Resource.SOLAR: Text("太陽光", "solar"),
    Resource.WIND: Text("風力", "wind"),
    Resource.FUEL_CELL: Text("燃料電池", "fuel cell"),
}

VOLTAGE_TEXTS: Mapping[Voltage, Text] = {
    Voltage.LOW: Text("低圧", "low voltage"),
    Voltage.HIGH: Text("高圧", "high voltage"),
    Voltage.EXTRA_HIGH: Text("特別高圧", "extra-high voltage"),
}

OWNER_TEXTS: Mapping[Owner, Text] = {
    Owner.PRIVATE: Text("民間", "private party"),
    Owner.GOVERNMENT: Text("政府機関等", "government body"),
}

WORK_TEXTS: Mapping[Work, Text] = {
    Work.NEW: Text("新規の連系", "new connection"),
    Work.REPLACEMENT: Text("既設設備の更新", "replacement of equipment at an existing plant"),
}

WORKS_CLASS_TEXTS: Mapping[WorksClass, Text] = {
    WorksClass.BUSINESS: Text("事業用電気工作物", "electrical works for business use"),
    WorksClass.GENERAL: Text("一般用電気工作物", "general electrical works"),
}

PROGRAMME_TEXTS: Mapping[Programme, Text] = {
    Programme.LONG_TERM_AUCTION_2026: Text(
        "長期脱炭素電源オークション(2026年度)", "long-term decarbonisation auction, FY2026"
    ),
    Programme.SII_STORAGE_R7: Text(
        "SII 令和7年度 系統用蓄電システム等導入支援(先の公募)",
        "SII grid storage subsidy, R7, the earlier call",
    ),
    Programme.SII_STORAGE_R7_SUPPLEMENT: Text(
        "SII 令和7年度補正 系統用蓄電システム等導入支援(2026年9月公募)",
        "SII grid storage subsidy, R7 supplementary budget, the call of September 2026",
    ),
    Programme.DR_VPP_SUBSIDY: Text("DR・VPP関連の補助金", "DR/VPP subsidy"),
    Programme.STORAGE_PARITY_2026: Text(
        "ストレージパリティ補助金(2026年度)", "storage parity subsidy, FY2026"
    ),
    Programme.AGGREGATION: Text(
        "アグリゲーターによる制御(ERAB)", "control by an aggregator (ERAB)"
    ),
    Programme.GOVERNMENT_PROCUREMENT: Text("政府機関等の調達", "government procurement"),
    Programme.BALANCING_PRIMARY: Text(
        "需給調整市場 一次調整力", "balancing market, primary control"
    ),
}

ROLE_TEXTS: Mapping[Role, Text] = {
    Role.PCS: Text("PCS(パワーコンディショナ)", "PCS (power conditioner)"),
    Role.BMS: Text("BMS(電池管理)", "BMS (battery management)"),
    Role.LOCAL_EMS: Text("ローカルEMS", "local EMS"),
    Role.UPPER_EMS: Text("上位EMS", "upper EMS"),
    Role.GATEWAY: Text("ゲートウェイ", "gateway"),
    Role.PROTOCOL_CONVERTER: Text("プロトコル変換器", "protocol converter"),
    Role.OUTPUT_CONTROL_UNIT: Text("出力制御ユニット", "output control unit"),
    Role.REMOTE_MONITOR: Text("遠隔監視装置", "remote monitor"),
    Role.ROUTER: Text("ルーター", "router"),
    Role.FIREWALL: Text("ファイアウォール", "firewall"),
    Role.METER: Text("計量器・計測器", "meter"),
    Role.CAMERA: Text("カメラ", "camera"),
    Role.CELL_PACK: Text("電池セル・パック", "cells, pack"),
}

EXTERNAL_TEXTS: Mapping[ExternalKind, Text] = {
    ExternalKind.AGGREGATOR: Text("アグリゲーター", "aggregator"),
    ExternalKind.TSO: Text("一般送配電事業者", "transmission system operator"),
    ExternalKind.MAKER_CLOUD: Text("メーカーのクラウド", "maker's cloud"),
    ExternalKind.REMOTE_MAINTENANCE: Text("遠隔保守", "remote maintenance"),
    ExternalKind.INTERNET: Text("その他のインターネット", "the internet at large"),
}

MEDIUM_TEXTS: Mapping[Medium, Text] = {
    Medium.IP: Text("IP", "IP"),
    Medium.SERIAL: Text("シリアル", "serial"),
    Medium.CAN: Text("CAN", "CAN"),
}

ROUTE_TEXTS: Mapping[Route, Text] = {
    Route.LOCAL: Text("構内", "local"),
    Route.INTERNET: Text("インターネット", "internet"),
    Route.VPN: Text("VPN", "VPN"),
    Route.DEDICATED_LINE: Text("専用線", "dedicated line"),
}

PCS_CLASS_TEXTS: Mapping[PcsClass, Text] = {
    PcsClass.LV: Text("低圧用", "low-voltage type"),
}

PLACE_TEXTS: Mapping[Place, Text] = {
    Place.SITE: Text("構内の機器", "on a box at the site"),
    Place.CLOUD: Text("クラウド", "in a cloud"),
}

MILESTONE_TEXTS: Mapping[Milestone, Text] = {
    Milestone.STUDY_APPLICATION: Text("接続検討申込み", "application for the connection study"),
    Milestone.AUCTION_REGISTRATION: Text("オークション登録", "auction registration"),
    Milestone.SUBSIDY_APPLICATION: Text("補助金申請", "subsidy application"),
    Milestone.CONTRACT_APPLICATION: Text("契約申込み", "contract application"),
    Milestone.PROCUREMENT: Text("調達", "procurement"),
    Milestone.EQUIPMENT_ORDER: Text("機器発注", "equipment order"),
    Milestone.CONTROL_RENEWAL: Text("制御システムの更新", "renewal of the control system"),
    Milestone.COMMISSIONING: Text("運転開始", "commissioning"),
}

WORD_TEXTS: Mapping[type[StrEnum], Mapping[Any, Text]] = {
    Area: AREA_TEXTS,
    Resource: RESOURCE_TEXTS,
    Voltage: VOLTAGE_TEXTS,
    Owner: OWNER_TEXTS,
    Work: WORK_TEXTS,
    WorksClass: WORKS_CLASS_TEXTS,
    Programme: PROGRAMME_TEXTS,
    Role: ROLE_TEXTS,
    ExternalKind: EXTERNAL_TEXTS,
    Medium: MEDIUM_TEXTS,
    Route: ROUTE_TEXTS,
    PcsClass: PCS_CLASS_TEXTS,
    Place: PLACE_TEXTS,
    Milestone: MILESTONE_TEXTS,
}
"""Every closed set of the site file with the meaning of each word."""
