"""What the pages keep in their state folder; a test holds the folder of pages that ran against it."""

from __future__ import annotations

from sekisho.shell.admin.folder import BOOK, CERTIFICATE, KEY, REQUEST
from sekisho.shell.gate.holdings import AtRest, Holding, InBackup, device_keys, passing
from sekisho.shell.gate.state_folder import LOCK
from sekisho.shell.sealing import LOCK as SEALING_LOCK
from sekisho.terms.texts import Text

_SELF = Text(
    "ほかを封じる鍵そのものです。ゲートのものとは別です。",
    "The key that seals the rest; it is not the gate's.",
)
_PASSING = Text("動いている間だけのものです。", "Counts only while something runs.")

ADMIN_HOLDINGS: tuple[Holding, ...] = (
    Holding(
        name=BOOK,
        what=Text(
            "利用者、役割、パスワードのハッシュ(argon2id)、認証アプリの秘密、トークンのダイジェスト、"
            "ジャーナルに書かれるのを待つ行",
            "Users, roles, hashes of passwords (argon2id), secrets of second factors, digests of tokens, "
            "lines that wait for the journal",
        ),
        at_rest=AtRest.SEALED,
        why=Text("秘密と、人の名前です。", "Secrets, and names of people."),
        backup=InBackup.ALWAYS,
    ),
    Holding(
        name=KEY,
        what=Text("管理画面の証明書の鍵", "Key of the pages' certificate"),
        at_rest=AtRest.SEALED,
        why=Text("秘密です。別の装置では作り直されます。", "A secret; another box makes its own."),
        backup=InBackup.NEVER,
    ),
    Holding(
        name=CERTIFICATE,
        what=Text("管理画面の証明書", "Certificate of the pages"),
        at_rest=AtRest.CLEAR,
        why=Text("公開されるものです。", "Public."),
        backup=InBackup.NEVER,
    ),
    Holding(
        name=REQUEST,
        what=Text("装置の前の人からの依頼", "Request of somebody at the machine"),
        at_rest=AtRest.SEALED,
        why=Text(
            "一時コードのダイジェストが入ります。すぐに取り出されて消えます。",
            "It holds the digest of a one-time code; it is taken and removed at once.",
        ),
        backup=InBackup.NEVER,
    ),
    *device_keys(_SELF),
    passing(LOCK, Text("運転中の印", "Mark of the running process"), _PASSING),
    passing(SEALING_LOCK, Text("封じている間の印", "Mark of who seals"), _PASSING),
)
