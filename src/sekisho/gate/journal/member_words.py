"""What the members of a journal entry's body are called, where they are told after its sentence."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

MEMBERS: Mapping[str, Text] = MappingProxyType(
    {
        "about": Text("対象", "about"),
        "asked": Text("指示", "asked"),
        "asked_power": Text("求められた電力", "power asked for"),
        "bounds": Text("bounds.json の版", "version of bounds.json"),
        "by": Text("元", "by"),
        "changed": Text("銘板の変化", "changed"),
        "command": Text("指令", "command"),
        "count": Text("件数", "count"),
        "detail": Text("詳細", "detail"),
        "device": Text("機器", "device"),
        "dispatch": Text("うち指令", "of which dispatch"),
        "done_at": Text("日時", "done at"),
        "droop": Text("うち周波数応動", "of which droop"),
        "expires_at": Text("有効期限", "expires at"),
        "export_max": Text("放電の最大", "most export"),
        "findings": Text("結果", "findings"),
        "import_max": Text("充電の最大", "most import"),
        "issuer": Text("発行者", "issuer"),
        "keys": Text("鍵の数", "keys"),
        "limits": Text("効いた限度", "bounds that bind"),
        "maker": Text("メーカー", "maker"),
        "model": Text("型番", "model"),
        "moved": Text("応答", "moved"),
        "not_after": Text("期限", "ends"),
        "not_before": Text("有効の始まり", "valid from"),
        "passed": Text("合格", "passed"),
        "person": Text("人", "person"),
        "power": Text("電力", "power"),
        "powers": Text("電力の列", "powers"),
        "product": Text("商品", "product"),
        "reason": Text("理由", "reason"),
        "seconds": Text("秒数", "seconds"),
        "sequence": Text("通し番号", "sequence"),
        "serial": Text("製造番号", "serial number"),
        "session": Text("セッション", "session"),
        "source": Text("接続元", "from"),
        "start": Text("始まり", "start"),
        "step_s": Text("間隔(秒)", "step in seconds"),
        "trust": Text("trust.json の版", "version of trust.json"),
        "user": Text("利用者", "user"),
        "version": Text("版", "version"),
        "what": Text("内容", "what"),
        "why": Text("理由", "because of"),
        "work": Text("作業", "work"),
    }
)
"""By member; one that is not here stands as it is."""
