"""`sekisho admin backup` and `restore`: the users of the pages on another box."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sekisho.shell.cli.admin import StateOption
from sekisho.shell.cli.gate_backup import PassphraseOption
from sekisho.shell.cli.options import LangOption, language
from sekisho.shell.cli.showing import say
from sekisho.terms.texts import Text

app = typer.Typer(rich_markup_mode=None)


@app.command("backup")
def backup(
    *,
    state: StateOption,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="New file to write.")],
    passphrase_file: PassphraseOption = None,
    lang: LangOption = None,
) -> None:
    """Write an encrypted backup of the pages' users, their passwords' hashes and second factors.

    The pages may be served meanwhile. Without --passphrase-file a code is made and shown this once.
    """
    from sekisho.shell.admin.carrying import back_up_book
    from sekisho.shell.admin.folder import open_folder
    from sekisho.shell.cli.gate_backup import SHOWN_CODE, kept_passphrase
    from sekisho.shell.passphrase import new_code

    code = new_code() if passphrase_file is None else None
    back_up_book(open_folder(state), out, code or kept_passphrase(passphrase_file))
    spoken = language(lang)
    say(_WROTE.fill(out=out), spoken)
    if code is not None:
        say(SHOWN_CODE.fill(code=code), spoken)


@app.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What admin backup wrote.")],
    *,
    state: StateOption,
    passphrase_file: PassphraseOption = None,
    lang: LangOption = None,
) -> None:
    """Make the state folder of the pages from a backup, whole or not at all.

    No token and no code of that day counts, and the gate's journal is told.
    """
    from sekisho.shell.admin.carrying import restore_book
    from sekisho.shell.cli.gate_backup import kept_passphrase

    done = restore_book(file, kept_passphrase(passphrase_file), state)
    spoken = language(lang)
    say(_RESTORED.fill(state=state, at=done.at), spoken)
    if done.users:
        say(_USERS.fill(names=", ".join(done.users)), spoken)
        say(_ANEW, spoken)
    if done.without_password:
        say(_WITHOUT.fill(names=", ".join(done.without_password)), spoken)
    if done.code is not None:
        say(_CODE.fill(code=done.code), spoken)


_WROTE = Text(
    "{out} を書きました。パスワードのハッシュと認証アプリの秘密が入っています。",
    "Wrote {out}. It holds hashes of passwords and the secrets of second factors.",
)
_RESTORED = Text("{state} を作りました({at} の状態)。", "Made {state} (as of {at}).")
_USERS = Text(
    "その日の利用者、役割、パスワードです。その後に外した人は、今すぐ外してください: {names}",
    "Users, roles and passwords are of that day. Remove at once who was removed since: {names}",
)
_ANEW = Text(
    "API トークン、復旧コード、一時コードは1つも戻りません。証明書は新しくなります。",
    "No token, recovery code or one-time code came back. The certificate will be a new one.",
)
_WITHOUT = Text(
    "パスワードがまだない人です。sekisho admin reset-password で新しいコードを渡してください: {names}",
    "Without a password yet; give a new code with sekisho admin reset-password: {names}",
)
_CODE = Text(
    "利用者がいません。最初の利用者を作る新しいコード(今しか表示しません): {code}",
    "There is no user. A new code that makes the first one, shown only now: {code}",
)
