"""The help of what `sekisho gate` keeps, in Japanese, by its English words."""

from __future__ import annotations

from typing import Final

HELP_KEEPING_JA: Final = {
    "Seal keys and settings of a state folder that stand clear, or under an older device key.\n\n"
    "Each start of the gate does so too. A gate may run meanwhile.": (
        "状態フォルダーの鍵と設定のうち、封じていないものと古いデバイス鍵のものを封じます。\n\n"
        "ゲートは始めるたびに同じことをします。ゲートが動いていてもかまいません。"
    ),
    "Change the device key, and destroy the old one.": ("デバイス鍵を替え、古い鍵を消します。"),
}
