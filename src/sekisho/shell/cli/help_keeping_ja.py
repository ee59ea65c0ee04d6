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
    "Make a new key and a request for its certificate; the present one works on.\n\n"
    "The running gate does so by itself before its certificate ends.": (
        "新しい鍵と、その証明書の申請を作ります。今の証明書はそのまま使えます。\n\n"
        "動いているゲートは、証明書が切れる前に自分で行います。"
    ),
    "Check the certificate that the operator returned, and install it.\n\n"
    "A running gate tries it beside the present one and keeps that until the broker accepted it.": (
        "運用者から戻った証明書を確かめて入れます。\n\n"
        "動いているゲートは今の証明書と並べて試し、ブローカーが受け入れるまで今のものを使います。"
    ),
    "The certificate that came back (PEM).": "戻ってきた証明書(PEM)。",
    "The operator's authority, which vouches for it.": "それを保証する、運用者の認証局。",
    "Who vouches for the broker, where it is to be set (default: --ca, if none is).": (
        "ブローカーを保証する認証局を設定するとき(既定: まだなければ --ca)。"
    ),
    "Make an authority for certificates: its key belongs in a safe, not beside a gate.": (
        "証明書の認証局を作ります。鍵はゲートのそばでなく、金庫に置いてください。"
    ),
    "Folder to make.": "作るフォルダー。",
    "What the authority is called.": "認証局の名前。",
    "The authority's folder.": "認証局のフォルダー。",
    "Issue a certificate for the key of a request, and record its serial number.\n\n"
    "Nothing but key and name is taken from the request.": (
        "申請の鍵に証明書を発行し、番号を記録します。\n\n申請から採るのは鍵と名前だけです。"
    ),
    "The request, north.csr.": "申請(north.csr)。",
    "Whose request it is, as you found out: the site's id.": (
        "誰の申請か。確かめたうえで、サイトの id を指定します。"
    ),
    "Where to write it.": "書く場所。",
    "How many days it counts.": "有効な日数。",
    "Of a broker: a name or address it is called by.": (
        "ブローカーの証明書のとき、呼ばれる名前かアドレス。"
    ),
    "Put a certificate on the list of revoked ones, and say what brokers must be told.\n\n"
    "The list counts 30 days; make it anew before, or Mosquitto refuses everybody.": (
        "証明書を失効リストに載せ、ブローカーで行うことを示します。\n\n"
        "リストは 30 日有効です。その前に作り直さないと、Mosquitto はすべてを拒みます。"
    ),
    "A certificate's file or serial number; left out: make the list anew.": (
        "証明書のファイルか番号。省くと、リストだけを作り直します。"
    ),
    "The folder of the admin pages.": "管理画面のフォルダー。",
    "Where the signed record is written.": "署名した記録を書く場所。",
    "You looked: the plant is at rest, whatever it said last.": (
        "最後の状態にかかわらず、設備の休止を現地で確かめました。"
    ),
    "Wipe without asking.": "尋ねずに消します。",
    "Remove keys, users, settings, journal and telemetry of a gate, and look for what is left.\n\n"
    "The gate must be ended and the plant at rest. A wipe that was cut off goes on when it is run "
    "again.\n\n"
    "Exit code: 0 removed and nothing found, 1 a secret stands in another file, 2 usage or input,\n"
    "3 not everything could be looked for.": (
        "ゲートの鍵、利用者、設定、ジャーナル、計測値を消し、残りがないか調べます。\n\n"
        "ゲートを止め、設備を休止させてから行います。途中で切れた消去は、もう一度実行すると続きます。\n\n"
        "終了コード: 0 消去し、残りなし、1 別のファイルに秘密が残っている、2 使い方・入力の誤り、\n"
        "3 すべては調べられなかった。"
    ),
    "Wipe a gate, then make it anew: new keys, no users, no trust, no bounds.\n\n"
    "The installed software stays as it is. What was cut off goes on when it is run again.\n\n"
    "Exit code: as for gate wipe.": (
        "ゲートを消去し、新しく作り直します。鍵は新しく、利用者・信頼・限度はなくなります。\n\n"
        "入っているソフトウェアはそのままです。途中で切れたときは、もう一度実行すると続きます。\n\n"
        "終了コード: gate wipe と同じです。"
    ),
    "A file of yours alone with the passphrase, 20 characters or more.": (
        "あなただけが読める、パスフレーズのファイル(20 文字以上)。"
    ),
    "New file to write.": "書く新しいファイル。",
    "Private keys too: who opens it can be this gate.": (
        "秘密鍵も入れます。開ける者は、このゲートになれます。"
    ),
    "Write an encrypted backup of a gate: what it takes to put another box in its place.\n\n"
    "A gate may run meanwhile. Without --passphrase-file a code is made and shown this once.\n"
    "The journal is not in it: see journal archive.": (
        "ゲートの暗号化したバックアップを書きます。別の機器に置き換えるのに要るものです。\n\n"
        "ゲートが動いていてもかまいません。--passphrase-file がなければコードを作り、一度だけ示します。\n"
        "ジャーナルは入りません(journal archive を使ってください)。"
    ),
    "What gate backup wrote.": "gate backup が書いたファイル。",
    "Make a gate's state folder from a backup, whole or not at all.\n\n"
    "Its first start begins a new session and ends what stood when the backup was made.": (
        "バックアップから状態フォルダーを作ります。完全にできるか、何も残らないかです。\n\n"
        "最初の起動で新しいセッションになり、バックアップの時に有効だった指令は終わります。"
    ),
}
