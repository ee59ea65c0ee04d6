"""The help of `sekisho attack` and `sekisho demo` in Japanese, by its English words."""

from __future__ import annotations

from typing import Final

HELP_LAB_JA: Final = {
    "Attack a gate that runs on this machine, with a plant, a broker and keys made for it.\n\n"
    "Nothing outside this machine is touched. The verdict follows from what the plant really did and"
    "\nfrom the journal: refused (nothing changed), contained (within the bound that is told), "
    "succeeded.\n\n"
    "With --state a gate that runs already is attacked in the few ways that move nothing if they "
    "fail.\n\n"
    "Exit code: 0 no attack succeeded, 1 one did or a proof failed, 2 usage or a missing part.": (
        "この計算機に作った設備、ブローカー、鍵で動くゲートを攻撃します。\n\n"
        "計算機の外には触れません。判定は設備の実際の動きとジャーナルによります: "
        "拒否(変化なし)、抑え込み(示した上限の内)、成功。\n\n"
        "--state を付けると、動いているゲートを、失敗すれば何も動かさない方法だけで攻撃します。\n\n"
        "終了コード: 0 成功した攻撃なし、1 成功または証明の失敗、2 使い方・部品の不足。"
    ),
    "Attack the running gate of this state folder instead; its plant must be at rest.": (
        "この状態フォルダーのゲートを攻撃します。設備は停止中に限ります。"
    ),
    "With --state: the head-end whose means are used (TOML).": (
        "--state とともに: 使うヘッドエンド(TOML)。"
    ),
    "Only this class, 1 to 15; may be given several times.": "この種類だけ(1 から 15)。複数可。",
    "Also against a gate without the one defence: must succeed.": (
        "その守りを外したゲートでは成功することも示します。"
    ),
    "Show the gate at work on this machine: it follows, limits, is attacked, and its journal verified."
    "\n\nReal Modbus TCP, a real broker with mutual TLS, signed commands; only the plant is simulated.\n"
    "Ends by itself in under two minutes and leaves nothing behind.\n\n"
    "Exit code: 0 shown, 1 an attack succeeded or the journal does not hold, 2 a missing part.": (
        "この計算機でゲートの働きを見せます。指令に従い、抑え、攻撃を受け、ジャーナルを確かめます。\n\n"
        "Modbus TCP、相互 TLS のブローカー、署名は本物で、設備だけが模擬です。"
        "2 分以内に自ら終わり、何も残しません。\n\n"
        "終了コード: 0 完了、1 攻撃の成功またはジャーナルの異常、2 部品の不足。"
    ),
    "Keep it running, to send commands by hand.": "動かし続け、手で指令を送れるようにします。",
}
