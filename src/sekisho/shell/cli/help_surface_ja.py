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
    "Print the bill of materials of what is really installed here (CycloneDX 1.6, JSON).": (
        "ここに実際に入っているものの部品表(CycloneDX 1.6、JSON)を出します。"
    ),
    "Compare what is installed with a copy of the known vulnerabilities; nothing is fetched.\n\n"
    "Exit code: 0 none known, 1 a known one without a statement, 2 usage or input, "
    "3 it cannot be said.": (
        "入っているものを、既知の脆弱性の写しと照合します。通信はしません。\n\n"
        "終了コード: 0 既知なし、1 表明のない既知の脆弱性、2 使い方・入力の誤り、3 判定できない。"
    ),
    "Copy of OSV for PyPI: all.zip, or its folder.": (
        "OSV の PyPI の写し: all.zip か、そのフォルダー。"
    ),
    "Ask about this bill of materials (default: what is installed here).": (
        "この部品表を照合します(既定: ここに入っているもの)。"
    ),
    "The maker's statements (CycloneDX).": "製造者の表明(CycloneDX の VEX)。",
    "Write the answer as CycloneDX VEX.": "結果を CycloneDX の VEX として書きます。",
    "Days after which the copy is too old to say none.": (
        "写しがこの日数より古いと「既知なし」とは言いません。"
    ),
    "Path of sekisho on the machine (default: this one's).": (
        "その機械での sekisho のパス(既定: これのパス)。"
    ),
    "Path of the site file on the machine.": "その機械でのサイトファイルのパス。",
    "Write the files there.": "ファイルをここに書きます。",
    "Print systemd units for this site's gate and pages: unprivileged, each its own user, hardened."
    "\n\nWhat the gate may reach is what its table of ports names.": (
        "このサイトのゲートと管理画面の systemd ユニットを出します。特権なし、別々の利用者、制限付きです。\n\n"
        "ゲートが届く相手は、開いている口の表にあるものだけです。"
    ),
    "The socket that the gate opens for the pages (gate run --admin).": (
        "ゲートが管理画面のために開くソケット(gate run --admin)。"
    ),
    "Where the pages listen, HOST:PORT (admin run --listen).": (
        "管理画面が待ち受ける HOST:PORT(admin run --listen)。"
    ),
    "State folder of the running pages: compare those too.": (
        "動いている管理画面の状態フォルダー。それも比べます。"
    ),
    "What the publisher declares (default: nothing is stated).": (
        "提供者が述べること(既定: 何も述べない)。"
    ),
    "Print disclosure policy, support period, update policy, security guide, assets and routes.\n\n"
    'Markdown, in the language asked for. What the publisher has not declared is "not stated".': (
        "脆弱性開示ポリシー、サポート期間、更新の方針、セキュリティガイド、守るものと経路を出します。\n\n"
        "形式は Markdown です。提供者が述べていないことは「記載なし」とします。"
    ),
    "The updater's folder on the machine (default: no updater).": (
        "その機械での更新係のフォルダー(既定: 更新係なし)。"
    ),
}
