"""The gate's tables as a commented sample: every key once, with its meaning and its words.

Made from the models, so that it cannot fall behind; the reference page shows it, and a person copies
it into the site file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.failures import DEFAULTS, Activity
from sekisho.gate.tables_document import FORMS, Stays, failure_key
from sekisho.gate.tables_ways import RESPONSES
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sekisho.terms.texts import Lang

_TABLES: Mapping[str, Text] = {
    "gate": Text("制御の周期と所内負荷。", "The control cycle, and the plant's own load."),
    "authority": Text(
        "どの鍵を信頼し、何を許すかを署名する、このサイトの認証元。",
        "The site's authority: it signs which keys are trusted and what the plant may do.",
    ),
    "north": Text(
        "アグリゲーターの MQTT ブローカー(3.1.1、TLS)。証明書と鍵は状態フォルダーに置きます。",
        "The aggregator's MQTT broker (3.1.1, TLS). Certificate and key stand in the state folder.",
    ),
    "south": Text(
        "ゲートが話す機器ごとに1つ: すべての pcs、meter、bms と、[trip] の機器。",
        "One for each device that the gate speaks to: each pcs, meters, bms, the device of [trip].",
    ),
    "fallback": Text(
        "故障のとき何を残すか。既定(右)より厳しくするセルだけを書きます。",
        "What stays when something fails. Only cells that are to be stricter than the default.",
    ),
    "trip": Text(
        "実測と指令の食い違いが続いたとき開く遮断器。省けますが、その場合は開けません。",
        "The breaker that opens when meter and command stay apart. Without it nothing is opened.",
    ),
    "stop_contact": Text(
        "現地で設備全体を止める接点(省けます)。押されると現地の停止、読めない間は新しい出力の指令を拒みます。",
        "The contact that stops the whole plant on the spot (optional). While it cannot be read, "
        "no new dispatch is accepted.",
    ),
}
_KEYS: Mapping[tuple[str, str], Text] = {
    ("gate", "cycle_ms"): Text("周期。50 から 1000。", "Period, 50 to 1000."),
    ("gate", "auxiliary_kw"): Text("休止中の所内負荷。", "Load of the plant itself at rest."),
    ("gate", "auxiliary_most_kw"): Text(
        "最大の所内負荷(既定: 休止中と同じ)。", "Its largest load (default: as at rest)."
    ),
    ("gate", "metrics_port"): Text(
        "自機からだけ見える指標のポート(既定: なし)。",
        "Port of metrics, seen from this machine only (default: none).",
    ),
    ("gate", "hardware"): Text(
        "ゲートを載せて提供する機器の型番(既定: なし)。",
        "Model on which the gate is delivered (default: none).",
    ),
    ("gate", "mismatch_band_kw"): Text(
        "実測と指令の差をここまで許します(既定: 定格の 5 %、10 % まで)。",
        "Meter and command may differ by this much (default 5 % of the rating, at most 10 %).",
    ),
    ("authority", "fingerprint"): Text(
        "認証元の公開鍵(SPKI)の SHA-256。別の経路で受け取って写します。",
        "SHA-256 of its public key (SPKI); take it over by another way than the key itself.",
    ),
    ("north", "broker"): Text("ブローカーの住所。mqtts:// だけ。", "Its address; mqtts:// only."),
    ("north", "server_name"): Text(
        "証明書の名前が住所と違うとき。", "Where its certificate's name is not the address."
    ),
    ("north", "ca"): Text("ブローカーの認証局。", "Who certifies the broker."),
    ("north", "certificate"): Text("ゲートの証明書。", "The gate's certificate."),
    ("north", "key"): Text("その秘密鍵(gate init が作ります)。", "Its key (gate init makes it)."),
    ("north", "telemetry_ms"): Text("計測値を送る周期。", "Period of telemetry."),
    ("north", "lost_s"): Text(
        "この秒数つながらなければ「クラウド喪失」。",
        "Without the broker for so long, the cloud counts as lost.",
    ),
    ("south", "device"): Text("[[device]] の id。", "Its id in [[device]]."),
    ("south", "connect"): Text(
        "tcp://住所:ポート か rtu:///dev/…?baud=…&parity=…。公開のアドレスと名前は使えません。",
        "tcp://address:port or rtu:///dev/…?baud=…&parity=…; no public address, no name.",
    ),
    ("south", "unit"): Text("Modbus のユニット番号、1 から 247。", "Modbus unit, 1 to 247."),
    ("south", "profile"): Text(
        "sunspec(既定)、同梱のプロファイル名、またはこのフォルダーの .toml。",
        "sunspec (default), the name of a shipped profile, or a .toml in this folder.",
    ),
    ("south", "rated_kw"): Text("PCS の定格(PCS だけ)。", "Rated power (of a PCS only)."),
    ("south", "positive"): Text(
        "SunSpec のメーターが正に数える向き(メーターだけ、既定 export)。",
        "What a SunSpec meter counts positive (a meter only; default export).",
    ),
    ("south", "timeout_ms"): Text("応答を待つ時間。", "Longest wait for an answer."),
    ("south", "gap_ms"): Text("要求と要求の間。", "Rest between two requests."),
    ("south", "settle_ms"): Text("接続した後の待ち。", "Rest after connecting."),
    ("south", "fast_ms"): Text(
        "電力・周波数・状態を読む周期。50 から 500。",
        "Period of power, frequency and status, 50 to 500.",
    ),
    ("south", "slow_ms"): Text("ほかの値を読む周期。", "Period of all other values."),
    ("south", "watchdog_s"): Text(
        "PCS のウォッチドッグ(PCS だけ、10 まで。出力制御ユニットのあるサイトは 300 まで)。",
        "Watchdog armed in the PCS (at most 10; 300 where there is an output-control-unit).",
    ),
    ("south", "no_watchdog"): Text(
        "ウォッチドッグのない PCS を認める理由。すべての画面に出ます。",
        "Why a PCS without a watchdog is accepted; it stays visible on every screen.",
    ),
    ("south", "droop"): Text(
        "周波数応動をするもの: gate(既定)か own(PCS 自身の SunSpec 711)。PCS だけ。",
        "Who answers the frequency: gate (default) or own (SunSpec 711 of a PCS itself).",
    ),
    ("trip", "device"): Text(
        "PCS・BMS・メーターではない、別の箱の機器。",
        "A device in a box of its own: no PCS, BMS, meter.",
    ),
    ("trip", "coil"): Text("開く接点(0 から数えます)。", "The coil that opens it, from 0."),
    ("stop_contact", "device"): Text(
        "接点をつないだ [[south]] の機器。", "The device of [[south]] that it is wired to."
    ),
    ("stop_contact", "space"): Text(
        "discrete(入力)か coil(既定: discrete)。", "discrete or coil (default: discrete)."
    ),
    ("stop_contact", "address"): Text("何番の接点か(0 から)。", "Which bit, from 0."),
    ("stop_contact", "pressed"): Text(
        "押したときの値。押すと切れる回路(推奨)なら 0。",
        "What it shows when pressed; 0 for a circuit that pressing opens (better).",
    ),
}
_OPEN = {
    *(("authority", "fingerprint"), ("north", "broker"), ("trip", "device"), ("trip", "coil")),
    *(("south", key) for key in ("device", "connect", "unit", "rated_kw")),
}
"""Keys that stand without a # in the sample."""
_OPTIONAL = {"stop_contact"}
"""Tables that stand with a # in the sample, whole."""
_DEVICES = (
    ("bms-1", "tcp://192.0.2.11:502"),
    ("meter-1", "rtu:///dev/ttyS0?baud=19200&parity=E"),
    ("relay-1", "tcp://192.0.2.20:502"),
)


def sample(lang: Lang) -> str:
    """The gate's tables with a remark on every key."""
    lines: list[str] = []
    for name in FORMS.tables:
        header = FORMS.table_name((name,))
        lines += [
            f"# {_TABLES[name].says(lang)}",
            f"# {header}" if name in _OPTIONAL else header,
        ]
        lines += _cells(lang) if name == "fallback" else _keys(name, lang)
        lines.append("")
        if name == "south":
            lines += _others()
    return "\n".join(lines)


def _keys(name: str, lang: Lang) -> Iterator[str]:
    for key in FORMS.tables[name].model_fields:
        yield f"# {_KEYS[name, key].says(lang)}"
        line = FORMS.example((name, key))
        yield line if (name, key) in _OPEN else f"# {line}"


def _cells(lang: Lang) -> Iterator[str]:
    words = {response: stays.value for stays, response in RESPONSES.items()}
    yield "# " + Text("使える語: {words}", "Words: {words}").fill(
        words=" < ".join(stays.value for stays in Stays)
    ).says(lang)
    for failure, row in DEFAULTS.items():
        cells = ", ".join(
            f"{activity} = {words[response]}"
            for activity, response in zip(Activity, row, strict=True)
        )
        yield f'# {failure_key(failure)}.market = "rest"  # {cells}'


def _others() -> Iterator[str]:
    for device, connect in _DEVICES:
        yield from ("[[south]]", f'device = "{device}"', f'connect = "{connect}"', "unit = 1", "")
