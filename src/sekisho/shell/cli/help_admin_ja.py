"""The help of `sekisho admin` in Japanese, by its English words."""

from __future__ import annotations

from typing import Final

HELP_ADMIN_JA: Final = {
    "The gate's own pages and programming interface, on the local network.": (
        "ゲート自身の管理画面と API(現地のネットワーク用)。"
    ),
    "Make the state folder of the pages, and show this device's set-up code, once.\n\n"
    "There is no default password: the code makes the first user, and then it is gone.": (
        "管理画面の状態フォルダーを作り、この装置の初期コードを一度だけ表示します。\n\n"
        "既定のパスワードはありません。コードは最初の利用者を作り、そこで消えます。"
    ),
    "The state folder of the pages.": "管理画面の状態フォルダー。",
    "Serve the pages until asked to end (SIGTERM, Ctrl-C).\n\n"
    "Run it as a user of its own: it can move nothing, and the gate goes on without it.": (
        "終了を求められるまで管理画面を提供します(SIGTERM、Ctrl-C)。\n\n"
        "専用の利用者で動かしてください。設備は動かせず、止まってもゲートは動き続けます。"
    ),
    "The gate's socket (sekisho gate run --admin).": (
        "ゲートのソケット(sekisho gate run --admin)。"
    ),
    "Where browsers come to (default: this machine alone, port 8443).": (
        "ブラウザーが接続する場所(既定: この装置だけ、ポート 8443)。"
    ),
    "A certificate instead of the device's own.": "装置が作る証明書の代わりに使う証明書。",
    "Its private key.": "その秘密鍵。",
    "Where signed updates are laid for the updater (default: none are taken).": (
        "署名済みの更新を置く場所(既定: 受け取らない)。"
    ),
    "Open an account again that was shut by wrong guesses.\n\n"
    "Works at the machine whatever happened on the network; it is journalled.": (
        "誤りが続いてロックされたアカウントを開きます。\n\n"
        "ネットワークで何があっても装置ではできます。ジャーナルに残ります。"
    ),
    "Name of the user.": "利用者名。",
    "Take a user's password away and show a one-time code that sets a new one.\n\n"
    "Every session of the user ends. Works at the machine alone; it is journalled.": (
        "利用者のパスワードを消し、新しく設定するための一回限りのコードを表示します。\n\n"
        "その利用者のセッションはすべて終わります。装置でだけできます。ジャーナルに残ります。"
    ),
    "Take the second factor away too.": "二要素認証も消します。",
    "Open this socket for the process of the pages (sekisho admin run).": (
        "管理画面のプロセス(sekisho admin run)のためにこのソケットを開きます。"
    ),
    "The user of that process (default: the gate's own).": (
        "そのプロセスの利用者(既定: ゲートと同じ)。"
    ),
    "The site file: live devices are compared with what it declares.": (
        "サイトファイル。実機を、申告された製品と比べます。"
    ),
    "Write an encrypted backup of the pages' users, their passwords' hashes and second factors.\n\n"
    "The pages may be served meanwhile. Without --passphrase-file a code is made and shown this once.": (
        "管理画面の利用者、パスワードのハッシュ、二要素認証の、暗号化したバックアップを書きます。\n\n"
        "管理画面が動いていてもかまいません。--passphrase-file がなければコードを作り、今だけ表示します。"
    ),
    "What admin backup wrote.": "admin backup が書いたファイル。",
    "Make the state folder of the pages from a backup, whole or not at all.\n\n"
    "No token and no code of that day counts, and the gate's journal is told.": (
        "バックアップから管理画面の状態フォルダーを作ります。全部できるか、何もできないかです。\n\n"
        "その日のトークンとコードは1つも使えません。ゲートのジャーナルに残ります。"
    ),
}
