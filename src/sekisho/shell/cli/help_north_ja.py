"""The help of `sekisho command` and `sekisho trust` in Japanese, by its English words."""

from __future__ import annotations

from typing import Final

_CODES = "終了コード: 0 受付(制限は表示)、1 拒否、2 使い方・接続の誤り、3 返事なし。"
_CODES_SAFETY = "終了コード: 0 受付、1 拒否、2 使い方・接続の誤り、3 返事なし。"
_EN = "Exit code: 0 accepted (a limit is told), 1 refused, 2 usage or no connection, 3 no answer."
_EN_SAFETY = "Exit code: 0 accepted, 1 refused, 2 usage or no connection, 3 no answer."

HELP_NORTH_JA: Final = {
    "Ask something of a plant: sign a command, send it, show the gate's answer.": (
        "設備に指令します。署名して送り、ゲートの返事を示します。"
    ),
    f"Hold a power.\n\n{_EN}": f"電力を保ちます。\n\n{_CODES}",
    f"Hold a power for each half-hour, up to 96 of them.\n\n{_EN}": (
        f"30 分ごとの電力を保ちます(最大 96 コマ)。\n\n{_CODES}"
    ),
    f"Stay under these powers.\n\n{_EN}": f"この電力以下に抑えます。\n\n{_CODES}",
    f"Ramp to zero and stay there until a release.\n\n{_EN_SAFETY}": (
        f"ゼロまで下げ、解除までそのままにします。\n\n{_CODES_SAFETY}"
    ),
    f"Lift a remote stop.\n\n{_EN_SAFETY}": f"遠隔停止を解きます。\n\n{_CODES_SAFETY}",
    "1.5MW, -500kW; discharge is positive.": "1.5MW、-500kW。放電が正です。",
    "What the power is sold as.": "どの商品としての電力か。",
    "How long it holds: 90s, 10m (most 30m).": "続く時間: 90s、10m(最長 30m)。",
    "How long it holds: 90s, 10m, 2h (most 48h).": "続く時間: 90s、10m、2h(最長 48h)。",
    "Broker, certificates and keys of the head-end (TOML).": (
        "ヘッドエンドのブローカー、証明書、鍵(TOML)。"
    ),
    "Seconds to wait for the answer.": "返事を待つ秒数。",
    "This number instead of the one after the last (where the record was lost).": (
        "前の次ではなくこの番号を使います(記録を失ったとき)。"
    ),
    "CSV with the columns start and power, a line a half-hour; or TOML.": (
        "start と power の列がある CSV(1 行に 1 コマ)、または TOML。"
    ),
    "Instead of PLAN: powers of the half-hours, 0,1MW,-500kW.": (
        "PLAN の代わりに各コマの電力。0,1MW,-500kW。"
    ),
    "With --powers: start of the first (default: the next half-hour).": (
        "--powers の最初のコマの始まり(既定: 次の 30 分)。"
    ),
    "Largest discharge, not negative.": "放電の上限。負にはできません。",
    "Largest charge, not negative.": "充電の上限。負にはできません。",
    "Whose commands count, and what the plant may ever do: signed by the site's authority.": (
        "誰の指令に従うか、設備が何までしてよいか。サイトの認証元の鍵で署名します。"
    ),
    "Make a signing key (Ed25519) in a file of its owner alone; KEY.pub gets its public half.": (
        "署名鍵(Ed25519)を所有者だけのファイルに作ります。公開鍵は KEY.pub です。"
    ),
    "File to write; it must not exist yet.": "書くファイル。まだないもの。",
    "Check a draft strictly and sign it.": "下書きを厳しく確かめて署名します。",
    "Draft of trust or bounds (TOML).": "信頼または限度の下書き(TOML)。",
    "Private key of the site's authority.": "サイトの管理者の秘密鍵。",
    "Where to write (default: trust.json or bounds.json beside the draft).": (
        "書く場所(既定: 下書きの隣の trust.json か bounds.json)。"
    ),
    "Put a signed document in force: its signature, site and version are checked.\n\n"
    "A running gate takes it up by itself within a second or two.": (
        "署名付き文書を有効にします。署名、サイト、版を確かめます。\n\n"
        "動いているゲートは 1、2 秒で自ら取り込みます。"
    ),
    "A signed trust.json or bounds.json.": "署名した trust.json か bounds.json。",
    "The gate's state folder.": "ゲートの状態フォルダー。",
    "Show what a signed document says; in a state folder both, with their signatures checked.": (
        "署名付き文書の内容を示します。状態フォルダーなら両方を、署名を確かめて示します。"
    ),
    "A signed document, or a gate's state folder.": "署名付き文書か、ゲートの状態フォルダー。",
}
