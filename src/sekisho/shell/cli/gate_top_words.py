"""The words of `gate top`."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

LINKS: Mapping[str, Text] = MappingProxyType(
    {"up": Text("接続中", "up"), "lost": Text("切断", "LOST")}
)
RANKS: Mapping[int, Text] = MappingProxyType(
    {
        0: Text("現地の計画", "local schedule"),
        1: Text("市場", "market"),
        2: Text("需給調整", "balancing"),
        3: Text("抑制", "curtailment"),
    }
)
DOUBTS: Mapping[str, Text] = MappingProxyType(
    {
        "absent": Text("計測値がありません", "no reading"),
        "stale": Text("計測値が古くなっています", "the reading is old"),
        "frozen": Text("計測値が動きません", "the reading does not move"),
        "implausible": Text("あり得ない値です", "the reading cannot be true"),
        "disputed": Text("計測器どうしが一致しません", "the sources disagree"),
    }
)
WATCHDOGS: Mapping[str, Text] = MappingProxyType(
    {
        "unarmed": Text("未設定", "NOT ARMED"),
        "armed": Text("作動可", "armed"),
        "failed": Text("働かない", "FAILED"),
        "waived": Text("なし", "NONE"),
    }
)
OWN_DROOPS: Mapping[str, Text] = MappingProxyType(
    {
        "changing": Text("切替え中", "changing"),
        "off": Text("切", "off"),
        "on": Text("入", "on"),
        "not-off": Text("切れない", "NOT OFF"),
    }
)
LABELS: Mapping[str, Text] = MappingProxyType(
    {
        "narrow": Text(
            "画面の幅が {width} 桁です。{least} 桁以上に広げてください。",
            "The terminal is {width} columns wide. Make it {least} or more.",
        ),
        "never": Text("ゲートはまだ動いたことがありません。", "The gate has never run."),
        "live": Text("運転中", "RUNNING"),
        "stopped": Text(
            "停止中: {age} 秒前の値です", "STOPPED: what follows is {age} s old, not the present"
        ),
        "calm": Text("異常はありません。", "Nothing calls for a person."),
        "latch": Text("復帰待ち", "latched"),
        "alarm": Text("警報", "alarm"),
        "failure": Text("故障", "failed"),
        "waived": Text(
            "!! ウォッチドッグのない PCS {count} 台 — {said}",
            "!! {count} PCS without a watchdog — {said}",
        ),
        "power": Text(
            "電力 {power} kW  設定値 {setpoint} kW(指令 {dispatch}、応動 {droop})  定格 {rated} kW",
            "power {power} kW  set-point {setpoint} kW (dispatch {dispatch}, droop {droop}) of {rated}",
        ),
        "soc": Text(
            "充電率 {soc} [{bar}] 範囲 {low} から {high}",
            "charge {soc} [{bar}] bounds {low} to {high}",
        ),
        "frequency": Text(
            "周波数 {hertz} Hz(基準 {nominal} Hz との差 {off})",
            "frequency {hertz} Hz ({off} from {nominal} Hz)",
        ),
        "doubt": Text("周波数 — 使えません: {doubt}", "frequency — not usable: {doubt}"),
        "legend": Text(
            "kW、左が古く右が新しい値  o 電力  = 設定値  @ 両方",
            "kW, newest on the right  o power  = set-point  @ both",
        ),
        "pcs": Text(
            "{power} kW 保持 {setpoint} 指示 {asked}", "{power} kW holds {setpoint} asked {asked}"
        ),
        "bms": Text(
            "充電率 {soc} 放電≤{out} 充電≤{into} kW {low}～{high} °C",
            "charge {soc} out≤{out} in≤{into} kW {low} to {high} °C",
        ),
        "meter": Text("{power} kW", "{power} kW"),
        "watchdog": Text("ウォッチドッグ {said}", "watchdog {said}"),
        "beside": Text(
            "ほかに PCS 自身の応動(見込み) {power} kW",
            "besides, the PCS's own droop (expected) {power} kW",
        ),
        "own-droop": Text("自身の応動 {said}", "own droop {said}"),
        "local": Text("現地で停止", "LOCAL STOP"),
        "fault": Text("機器の故障", "FAULT"),
        "order": Text(
            "> {kind} {power} kW {rank} {ends} まで {command} {issuer}",
            "> {kind} {power} kW {rank} until {ends} {command} {issuer}",
        ),
        "origin": Text("{command} 鍵 {kid} 記録 {entry} 番", "{command} key {kid} journal {entry}"),
        "north": Text(
            "ブローカー {state}({since} から) 受領確認待ち {waiting} 証明書 {ends} まで",
            "broker {state} since {since}  unacknowledged {waiting}  certificate until {ends}",
        ),
        "journal": Text(
            "ジャーナル {entries} 件 {head}… 書込み待ち {behind} ms 空き {free} GB",
            "journal {entries} {head}…  behind {behind} ms  free {free} GB",
        ),
        "time": Text("時刻は{sure}(± {error} ms)  {done}", "time {sure} (± {error} ms)  {done}"),
        "sure": Text("確かです", "sure"),
        "unsure": Text("不確かです", "NOT SURE"),
        "commissioned": Text("試運転済み", "commissioned"),
        "not_commissioned": Text(
            "試運転が済んでいません。市場の指令は断ります", "NOT COMMISSIONED: no market command"
        ),
        "versions": Text(
            "設定 {digest} セッション {session} 信頼 {trust} 版 上限 {bounds} 版 sekisho {program}",
            "config {digest}  session {session}  trust v{trust}  bounds v{bounds}  sekisho {program}",
        ),
        "more": Text("  ほかに {count} 行", "  … {count} more lines"),
    }
)
