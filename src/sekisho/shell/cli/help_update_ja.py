"""The help of the commands about updates in Japanese, by their English words."""

from __future__ import annotations

from typing import Final

HELP_UPDATE_JA: Final = {
    "Install a signed update of the gate, watch it, and take it back.": (
        "署名されたゲートの更新を入れ、見守り、元に戻します。"
    ),
    "Show the updater twice a second that the gate runs.": (
        "動いていることを毎秒2回、更新係に示します。"
    ),
    "Read a copy of a gate's state with this program, as before a switch to it.\n\n"
    "The state is not touched, and a gate may run on it. Then ask what gate check --offline asks."
    "\n\nExit code: 0 this program reads it, 1 something is wrong, 2 usage or it cannot be read.": (
        "切替え前の点検として、ゲートの状態の写しをこのプログラムで読みます。\n\n"
        "状態には触れません。ゲートが動いていても構いません。続けて gate check --offline と同じことを"
        "確かめます。\n\n終了コード: 0 読める、1 不備がある、2 使い方の誤りまたは読めない。"
    ),
    "The updater's folder.": "更新用のフォルダー。",
    "Folder or archive of an update, or an https:// address.": (
        "更新のフォルダー、書庫、または https:// の場所。"
    ),
    "Make the updater's folder: its key, the first root of trust, settings to fill in.\n\n"
    "Compare the root with the maker by another way before: everything later rests on it.": (
        "更新用のフォルダー(鍵、最初の根、書き込む設定)を作ります。\n\n"
        "根は先に別の道で製造者と照合してください。後のすべてがこれに基づきます。"
    ),
    "The maker's first root.json.": "製造者の最初の root.json。",
    "Model of this machine.": "この機械の機種。",
    "Show which version runs, which one it can go back to, and what was done.\n\n"
    "Exit code: 0 all is in order, 1 the last update was rolled back, 3 a switch has not ended.": (
        "動いている版、戻せる版、したことを示します。\n\n"
        "終了コード: 0 異常なし、1 前回の更新は元に戻された、3 途中の更新がある。"
    ),
    "Say whether an update is signed, newest, whole and for this machine; install nothing.\n\n"
    "Exit code: 0 it may be installed, 1 it is refused, 2 usage or input, 3 it cannot be told "
    "now.": (
        "更新の署名、新しさ、完全さ、機種を確かめます。何も入れません。\n\n"
        "終了コード: 0 入れられる、1 拒否、2 使い方・入力の誤り、3 いまは判定不能。"
    ),
    "Folder or archive of an update, or an https:// address; else what lies in the drop.": (
        "更新のフォルダー、書庫、https:// の場所。省けば受け口のもの。"
    ),
    "Install an update beside the running version, try it, switch, watch, and go back if need be."
    "\n\nThe plant must be at rest. What is refused changes nothing.\n\n"
    "Exit code: 0 it runs, or was installed already; 1 refused, or the old version is back;\n"
    "2 usage or input; 3 it cannot be told now (time unsure, plant not at rest).": (
        "更新を動いている版の横に入れ、試し、切り替え、見守り、必要なら戻します。\n\n"
        "設備は停止していなければなりません。拒否した場合は何も変えません。\n\n"
        "終了コード: 0 動いている、または既に入っている、1 拒否または元の版に戻した、"
        "2 使い方・入力の誤り、3 いまは判定不能(時刻が不確か、設備が出力中)。"
    ),
    "Go back to the version before, as a person on the machine; there is no other one to go to."
    "\n\nExit code: 0 the version before runs, 1 there is none or it does not run, 3 plant not at "
    "rest.": (
        "機械の前の人が、1つ前の版に戻します。ほかの版には戻せません。\n\n"
        "終了コード: 0 前の版が動いている、1 前の版がないか動かない、3 設備が出力中。"
    ),
    "End a switch that was interrupted: in the new version if it runs well, else in the old one."
    "\n\nRun it at each start of the machine, before updates are taken.\n\n"
    "Exit code: 0 nothing was left, or the new version runs; 1 the old version is back.": (
        "中断された切替えを終わらせます。新しい版が正常に動けばその版、そうでなければ元の版です。\n\n"
        "機械を始めるたびに、更新を受け取る前に実行します。\n\n"
        "終了コード: 0 途中のものがない、または新しい版が動いている、1 元の版に戻した。"
    ),
    "The maker's side: keys of several holders, signatures, publishing.": (
        "製造者の側: 複数の持ち主の鍵、署名、公開。"
    ),
    "Folder of the releases.": "公開庫のフォルダー。",
    "A holder of the root; once for each.": "根の鍵の持ち主。人数だけ繰り返します。",
    "Who may sign versions; once for each.": "版に署名できる人。人数だけ繰り返します。",
    "Who publishes; another key.": "公開する人。別の鍵です。",
    "Signatures of root and versions.": "根と版に要る署名の数。",
    "Last day it counts (UTC).": "有効な最後の日(UTC)。",
    "A private key, its owner's alone.": "持ち主だけの秘密鍵。",
    "Make a key of a holder; its public half is written beside it as .pub.\n\n"
    "The passphrase is asked, never given as an argument.": (
        "持ち主の鍵を作り、公開鍵を .pub として横に書きます。\n\n"
        "合言葉は尋ねます。引数では渡しません。"
    ),
    "Where to write it.": "書き込む先。",
    "Ask for a passphrase that locks it.": "鍵を守る合言葉を尋ねます。",
    "Begin a repository: a first root that its holders must sign, and no versions yet.": (
        "公開庫を始めます。最初の根は持ち主の署名を待ち、版はまだありません。"
    ),
    "Draft the next root with other holders; enough of the old and of the new ones must sign it.": (
        "別の持ち主の次の根を下書きします。新旧それぞれの必要な数の署名が要ります。"
    ),
    "Where to write the archive.": "書庫を書き込む先。",
    "Of the program.": "プログラムの版。",
    "All wheels it needs.": "必要な wheel のすべて。",
    "Or: one executable file.": "または実行ファイル1つ。",
    "What it is for.": "対象の機種。",
    "Least version it may follow on.": "更新元にできる最も古い版。",
    "Seconds it may take to run well.": "正常な運転になるまでの秒数。",
    "Make the archive of a version; the same files give the same bytes everywhere.": (
        "版の書庫を作ります。同じファイルからはどこでも同じ中身になります。"
    ),
    "Add an archive to the draft of versions; the holders must sign it anew.": (
        "書庫を版の下書きに加えます。持ち主の署名がもう一度要ります。"
    ),
    "An archive made by release build.": "release build で作った書庫。",
    "Add one signature to every draft that waits for this key.\n\n"
    "A passphrase is asked where the key has one. Exit code: 0 enough signatures, 3 more are "
    "needed.": (
        "この鍵を待つすべての下書きに署名を1つ加えます。\n\n"
        "鍵に合言葉があれば尋ねます。終了コード: 0 署名がそろった、3 まだ要る。"
    ),
    "Publish the drafts that have their signatures, and say anew what is newest.\n\n"
    "Without drafts it only says anew, before the last saying expires.": (
        "署名のそろった下書きを公開し、最新のものを改めて示します。\n\n"
        "下書きがなければ、前の表示が期限切れになる前に示し直すだけです。"
    ),
    "Also as one file, for a stick.": "USB メモリー用に1つの書庫にも。",
    "Read what was published as a machine that has never seen any of it.\n\n"
    "Exit code: 0 it holds, 1 it does not, 2 usage or input.": (
        "公開したものを、何も見たことのない機械として読みます。\n\n"
        "終了コード: 0 正しい、1 正しくない、2 使い方・入力の誤り。"
    ),
    "The root.json to begin with.": "始まりの root.json。",
}
