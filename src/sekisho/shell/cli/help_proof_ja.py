"""The help of judge, checklist and verify in Japanese, by its English words."""

from __future__ import annotations

from typing import Final

HELP_PROOF_JA: Final = {
    "Judge a device's evidence against the sixteen ★1 criteria, item by item.\n\n"
    "Exit code: 0 all met or not applicable, 1 broken or contradicted, 2 usage or input, "
    "3 undetermined.": (
        "機器の証拠を★1の16基準に照らし、評価項目ごとに判定します。\n\n"
        "終了コード: 0 すべて充足または対象外、1 不充足または食い違い、2 使い方・入力の誤り、3 判定不能。"
    ),
    "Write the checklist, or with .zip all of it in both languages with evidence and hash list.\n\n"
    "Exit code as for judge: 0 all met or not applicable, 1 broken, 2 usage or input, "
    "3 undetermined.": (
        "チェックリストを書きます。.zip なら日英すべてと証拠、ハッシュの一覧を一式にします。\n\n"
        "終了コードは judge と同じです: 0 充足または対象外、1 不充足、2 使い方・入力の誤り、3 判定不能。"
    ),
    "Check a pack of checklist (every changed byte, whose signature) or of pack (its hashes).\n\n"
    "A pack of sekisho pack is never signed: where its hashes hold, it ends with 3.\n\n"
    "Exit code: 0 whole and of a known signer, 1 changed, 2 usage or input, 3 whole but nobody "
    "known\nstands for it.": (
        "証拠一式(全バイト、署名)か、pack の証跡一式(ハッシュ)を確かめます。\n\n"
        "証跡一式に署名はありません。ハッシュが合えば終了コードは 3 です。\n\n"
        "終了コード: 0 書かれたままで署名者も既知、1 変わっている、2 使い方・入力の誤り、3 署名者が不明。"
    ),
    "An evidence bundle.": "証拠の束。",
    "What checklist or pack wrote.": "checklist か pack が書いたもの。",
    "What documents state, item by item; may be repeated.": (
        "書類が項目ごとに述べること。何度でも指定できます。"
    ),
    "The file of a document of that kind; may be repeated.": (
        "その種類の書類のファイル。何度でも指定できます。"
    ),
    "Public key whose signature counts; may be repeated.": (
        "署名を数える公開鍵。何度でも指定できます。"
    ),
    "Day of the question (default: today in Japan).": "基準日(既定: 日本の今日)。",
    "Hold the evidence against what this site file declares.": (
        "このサイトファイルの宣言と照らします。"
    ),
    "Which device of the site file it is.": "サイトファイルのどの機器か。",
    "By criterion, or by provisions held equal.": "基準の順か、同等とされる規定の順か。",
    "A .xlsx, .html, .pdf, .txt, .json or .zip.": ".xlsx .html .pdf .txt .json .zip のどれか。",
    "Private key that signs the .zip.": ".zip に署名する秘密鍵。",
}
