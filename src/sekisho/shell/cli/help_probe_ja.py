"""The help of `sekisho probe` in Japanese, by its English words."""

from __future__ import annotations

from typing import Final

HELP_PROBE_JA: Final = {
    "Ask a live device by its probe profile, and write what was seen into a signed bundle.\n\n"
    "One connection at a time, at the profile's pace, to the allowed addresses alone. What changes "
    "the\ndevice, and every password that is tried, needs the profile's [agreed].\n\n"
    "Exit code: 0 all of it was asked, 2 usage, input or surroundings, 3 something could not be "
    "asked.": (
        "プローブプロファイルに従って実機を調べ、見たものを署名付きの証拠束に書きます。\n\n"
        "接続は一度に1本、プロファイルの速さで、許可したアドレスだけに行います。機器を変えることと"
        "パスワードを試すことには、プロファイルの [agreed] が要ります。\n\n"
        "終了コード: 0 すべて調べた、2 使い方・入力・環境の誤り、3 調べられないものがあった。"
    ),
    "Name or address of the device.": "機器の名前またはアドレス。",
    "Probe profile: a .toml file, or a shipped name.": (
        "プローブプロファイル: .toml ファイルか同梱の名前。"
    ),
    "An address that may be asked; every address of TARGET must be named.": (
        "調べてよいアドレス。TARGET の全アドレスが必要。"
    ),
    "Private key of the auditor, which signs the bundle.": "証拠束に署名する検査者の秘密鍵。",
    "Passwords that may be tried, if not as the profile says.": (
        "試すパスワードの数(既定はプロファイル)。"
    ),
    "Show every class of packet, and send nothing.": "送るものの種類を示し、何も送りません。",
    "Where the bundle is written.": "証拠束を書く場所。",
}
