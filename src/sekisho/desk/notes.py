"""Sentences that reports add where they matter; each is a settled reading, said once."""

from __future__ import annotations

from sekisho.terms.texts import Text

JET_IS_NO_LABEL = Text(
    "JET認証はJC-STARの適合ラベルの代わりにはなりません",
    "a JET certificate does not stand in for a JC-STAR label",
)
PART_DOES_NOT_LABEL_WHOLE = Text(
    "内蔵部品のラベルは、製品全体のラベルにはなりません",
    "a labelled part inside does not label the whole product",
)
GATEWAY_DOES_NOT_COVER = Text(
    "前段のゲートウェイはリスクを下げますが、IP通信をする機器自身のラベルの代わりにはなりません",
    "a gateway in front lowers the risk; it does not stand in for the label of the device behind"
    " it that communicates over IP",
)
SINGLE_GATEWAY = Text(
    "ゲートウェイが1台だけで、故障すると指令経路が失われます。冗長化と手動手順を検討してください",
    "there is a single gateway: if it fails the command path is lost; consider a second one and a"
    " tested manual procedure",
)
RESUBMIT_AFTER_CHANGE = Text(
    "オークション登録後に機器を変更した場合は、再提出と再審査が必要です",
    "a change of equipment after the auction registration must be resubmitted and reviewed again",
)
