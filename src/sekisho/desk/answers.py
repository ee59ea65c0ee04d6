"""Answers that any rule may give: about whom it is, and what the site file does not say."""

from __future__ import annotations

from sekisho.rulebook.demand import Out, Unsettled
from sekisho.terms.texts import Text

NO_DEVICE = Out(Text("機器についての規則です。", "The rule is about devices."))
IP_UNSAID = Unsettled(
    Text("IP通信の有無が書かれていません。", "Whether it communicates over IP is not stated."),
    Text(
        "サイトファイルの当該機器に speaks_ip を書いてください(IP通信の有無をメーカーに確認)。",
        "Write speaks_ip for the device in the site file (ask its maker whether it uses IP).",
    ),
)
CONTROL_UNSAID = Unsettled(
    Text(
        "制御機能の有無または接続先が書かれておらず、対象かどうか決まりません。",
        "Whether it controls, or how it is connected, is not stated, and that decides.",
    ),
    Text(
        "当該機器の controls(制御機能の有無)と [[link]](接続先)を書いてください。",
        "Write controls (whether it has a control function) and its [[link]]s in the site file.",
    ),
)
