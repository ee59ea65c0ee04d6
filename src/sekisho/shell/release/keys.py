"""Keys of a release: Ed25519, in files of their owner alone, under a passphrase where one is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from securesystemslib.signer import CryptoSigner, SSlibKey

from sekisho.shell.keys import load_public, public_pem, read_private, write_private
from sekisho.shell.writing import write_whole
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LEAST_PASSPHRASE = 12
"""Characters; a key that signs for every machine is worth guessing at for long."""


def new_key(path: Path, passphrase: str | None) -> str:
    """A new key, its public half beside it as `.pub`; the key id that TUF knows it by.

    Raises:
        InputError: there is something of this name, or the passphrase is too short.
        WorldError: it cannot be written.
    """
    if passphrase is not None and len(passphrase) < LEAST_PASSPHRASE:
        what = _SHORT.fill(least=LEAST_PASSPHRASE)
        raise InputError(Problem(str(path), what, _LONGER))
    key = ed25519.Ed25519PrivateKey.generate()
    locked: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        locked = serialization.BestAvailableEncryption(passphrase.encode())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)
    write_private(path, pem)
    write_whole(path.with_suffix(".pub"), public_pem(key.public_key().public_bytes_raw()))
    return str(SSlibKey.from_crypto(key.public_key()).keyid)


def load_signer(path: Path, ask: Callable[[], str]) -> CryptoSigner:
    """The key of a file.

    Args:
        path: PEM of its owner alone.
        ask: gives the passphrase, where the key has one.

    Raises:
        InputError: others can read it, the passphrase is wrong, or it is no Ed25519 key.
        WorldError: it cannot be read.
    """
    pem = read_private(path)
    password = ask().encode() if b"ENCRYPTED" in pem else None
    try:
        key = serialization.load_pem_private_key(pem, password)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise InputError(Problem(str(path), _WRONG, _RIGHT)) from error
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise InputError(Problem(str(path), _WRONG, _RIGHT))
    return CryptoSigner(key)


def load_publics(paths: list[Path]) -> list[SSlibKey]:
    """Public keys of PEM files.

    Raises:
        InputError: one is no Ed25519 public key.
    """
    found = [ed25519.Ed25519PublicKey.from_public_bytes(load_public(path)) for path in paths]
    return [SSlibKey.from_crypto(key) for key in found]


_SHORT = Text(
    "合言葉は {least} 文字以上にしてください。", "A passphrase has at least {least} letters."
)
_LONGER = Text("もっと長い合言葉を選んでください。", "Choose a longer one.")
_WRONG = Text(
    "合言葉が違うか、Ed25519 の秘密鍵ではありません。",
    "The passphrase is wrong, or it is no Ed25519 private key.",
)
_RIGHT = Text(
    "sekisho release new-key で作ったファイルと、その合言葉を使ってください。",
    "Use a file that sekisho release new-key made, and its passphrase.",
)
