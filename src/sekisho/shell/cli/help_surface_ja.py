"""The help of what asks the gate's machine about itself in Japanese, by its English words."""

from __future__ import annotations

from typing import Final

HELP_SURFACE_JA: Final = {
    "State folder of a running gate: compare with what it has open.": (
        "動いているゲートの状態フォルダー。開いている口と比べます。"
    ),
    "Show every port that this site's gate opens or connects to, and why.\n\n"
    "With --state, what the running gate really has open is compared with the table.\n\n"
    "Exit code: 0 nothing beyond the table, 1 something else is open, 2 usage or input.": (
        "このサイトのゲートが開く口、つなぐ先のすべてと、その理由を示します。\n\n"
        "--state を付けると、動いているゲートが実際に開いている口を表と比べます。\n\n"
        "終了コード: 0 表のとおり、1 表にない口がある、2 使い方・入力の誤り。"
    ),
}
