"""Encryption under a passphrase: scrypt (RFC 7914), then AES-256-GCM over head and content.

A file is `SKBACK`, the format's version (1), the length of its head, the head as JSON, a nonce, and
the ciphertext with its tag. All that stands before the ciphertext is authenticated. The parameters of
scrypt are ours alone: a file that names others is refused before any work is done for it.
"""

from __future__ import annotations

import base64
import json
import secrets
from typing import TYPE_CHECKING, Any

from sekisho.shell.keys import gate_parts_missing
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
except ImportError as error:  # the extra `gate` is not installed
    raise gate_parts_missing(error) from error

if TYPE_CHECKING:
    from collections.abc import Mapping

MAGIC = b"SKBACK\x01"
SHORTEST = 20
"""Characters of a passphrase that a person chose; whoever finds the file can guess at leisure."""
_CODE_BYTES = 20
_SALT_BYTES, _NONCE_BYTES, _KEY_BYTES = 16, 12, 32
_COST: Mapping[str, int] = {"n": 1 << 17, "r": 8, "p": 1}
"""128 MiB and half a second for each guess (OWASP's strongest set for scrypt)."""
_LENGTH_BYTES = 4
_MOST_HEAD = 16 * 1024


def new_code() -> str:
    """A passphrase of 160 random bits, in groups for people to copy."""
    word = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode("ascii")
    return "-".join(word[at : at + 4] for at in range(0, len(word), 4))


def encrypted(head: Mapping[str, object], content: bytes, passphrase: str) -> bytes:
    """The file that only this passphrase opens.

    Args:
        head: readable by everybody who has the file, and authenticated.
        content: what nobody reads without the passphrase.
        passphrase: see `SHORTEST`.

    Raises:
        InputError: the passphrase is too short.
    """
    if len(passphrase) < SHORTEST:
        raise InputError(Problem("passphrase", _SHORT.fill(n=SHORTEST), _LONGER))
    salt = secrets.token_bytes(_SALT_BYTES)
    whole = {**head, "scrypt": {**_COST, "salt": salt.hex()}}
    said = json.dumps(whole, ensure_ascii=True, sort_keys=True).encode()
    front = MAGIC + len(said).to_bytes(_LENGTH_BYTES, "big") + said
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return front + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, content, front)


def head_of(data: bytes, where: str) -> Mapping[str, Any]:
    """What a file says of itself; nothing of it is proven before it is opened.

    Raises:
        InputError: it is no such file.
    """
    front, head = _split(data, where)
    del front
    return head


def decrypted(data: bytes, passphrase: str, where: str) -> bytes:
    """What a file holds.

    Raises:
        InputError: it is no such file, was changed, or the passphrase is another one.
    """
    front, head = _split(data, where)
    stated = head.get("scrypt")
    if not isinstance(stated, dict) or {k: v for k, v in stated.items() if k != "salt"} != _COST:
        raise InputError(Problem(where, _NO_BACKUP, _GIVE_ONE))
    try:
        salt = bytes.fromhex(stated["salt"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(Problem(where, _NO_BACKUP, _GIVE_ONE)) from error
    rest = data[len(front) :]
    try:
        key = AESGCM(_key(passphrase, salt))
        return key.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], front)
    except (InvalidTag, ValueError) as error:
        raise InputError(Problem(where, _WRONG, _ANOTHER)) from error


def _split(data: bytes, where: str) -> tuple[bytes, Mapping[str, Any]]:
    begins = len(MAGIC) + _LENGTH_BYTES
    size = int.from_bytes(data[len(MAGIC) : begins], "big")
    if not data.startswith(MAGIC) or not 0 < size <= _MOST_HEAD or len(data) < begins + size:
        raise InputError(Problem(where, _NO_BACKUP, _GIVE_ONE))
    try:
        head = json.loads(data[begins : begins + size])
    except ValueError as error:
        raise InputError(Problem(where, _NO_BACKUP, _GIVE_ONE)) from error
    if not isinstance(head, dict):
        raise InputError(Problem(where, _NO_BACKUP, _GIVE_ONE))
    return data[: begins + size], head


def _key(passphrase: str, salt: bytes) -> bytes:
    kdf = Scrypt(salt=salt, length=_KEY_BYTES, n=_COST["n"], r=_COST["r"], p=_COST["p"])
    return kdf.derive(passphrase.encode())


_SHORT = Text("パスフレーズが {n} 文字より短いです。", "It has fewer than {n} characters.")
_LONGER = Text(
    "長くするか、指定せずに、作られるコードを使ってください。",
    "Make it longer, or give none and use the code that is made.",
)
_NO_BACKUP = Text("この版のバックアップではありません。", "It is no backup of this version.")
_GIVE_ONE = Text(
    "sekisho gate backup が書いたファイルを指定してください。",
    "Give a file that sekisho gate backup wrote.",
)
_WRONG = Text(
    "パスフレーズが違うか、ファイルが書き換えられています。",
    "The passphrase is wrong, or the file was changed.",
)
_ANOTHER = Text(
    "パスフレーズを確かめるか、別のバックアップを指定してください。",
    "Check the passphrase, or give another backup.",
)
