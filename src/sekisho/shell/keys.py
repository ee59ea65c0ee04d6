"""Private keys in files of their owner alone.

A key is a PEM file (PKCS #8) that only its owner can read; one that others can read is refused, as
ssh does, because a secret that was open once is not known to be secret.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.shell.extras import GATE
from sekisho.shell.reading import bounded, unreadable
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.codec.jws import Signer

SEED_BYTES = 32
"""An Ed25519 private key (RFC 8032 section 5.1.5)."""
_MOST_PEM = 16 * 1024

_OPEN = Text(
    "鍵ファイルをほかの利用者が読めます({mode})。", "Others can read this key file ({mode})."
)
_CLOSE = Text("chmod 600 {path} を実行してください。", "Run chmod 600 {path}.")
_THERE = Text("すでにあります。", "It exists already.")
_ELSEWHERE = Text(
    "別の名前を指定してください。鍵は上書きしません。",
    "Give another name; keys are never overwritten.",
)
_UNWRITABLE = Text("書けません({why})。", "It cannot be written ({why}).")
_PLACE = Text("場所と権限を確かめてください。", "Check the place and its permissions.")
_NO_KEY = Text("Ed25519 の{kind}ではありません。", "It is no Ed25519 {kind}.")
_PRIVATE = Text("秘密鍵(PEM)", "private key (PEM)")
_PUBLIC = Text("公開鍵(PEM)", "public key (PEM)")
_NEW = Text(
    "sekisho trust new-key で作ったファイルを指定してください。",
    "Give a file that sekisho trust new-key made.",
)


def gate_parts_missing(error: ImportError) -> WorldError:
    """What to tell where the extra `gate` is not installed.

    Raises:
        ImportError: the given one, where what is missing is a part of our own: a fault of ours.
    """
    return GATE.absent(error)


def read_private(path: Path, most_bytes: int = _MOST_PEM) -> bytes:
    """A file that must be its owner's alone.

    Raises:
        InputError: others can read it, or it is no plain file, or it is too large.
        WorldError: the system cannot read it.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise InputError(Problem(str(path), _NO_KEY.fill(kind=_PRIVATE), _NEW))
            if mode & (stat.S_IRWXG | stat.S_IRWXO):
                what = _OPEN.fill(mode=stat.filemode(mode))
                raise InputError(Problem(str(path), what, _CLOSE.fill(path=path)))
            content = stream.read(most_bytes + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(content) > most_bytes:
        raise InputError(Problem(str(path), _NO_KEY.fill(kind=_PRIVATE), _NEW))
    return content


def write_private(path: Path, content: bytes) -> None:
    """A new file that only its owner can read; it reaches the disk before this returns.

    Raises:
        InputError: there is something of this name already.
        WorldError: the system cannot write it.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError as error:
        raise InputError(Problem(str(path), _THERE, _ELSEWHERE)) from error
    except OSError as error:
        raise _unwritable(path, error) from error


def replace_private(path: Path, content: bytes) -> None:
    """The file's new content, whole or not at all; only its owner can read it.

    Raises:
        WorldError: the system cannot write it.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _unwritable(path, error) from error


def new_key(path: Path) -> Signer:
    """A new Ed25519 key, written to a file of its owner alone.

    Raises:
        InputError: there is something of this name already.
        WorldError: it cannot be written, or the extra `gate` is missing.
    """
    signer, pem = made_key()
    write_private(path, pem)
    return signer


def made_key() -> tuple[Signer, bytes]:
    """A new Ed25519 key, and its PKCS #8 PEM.

    Raises:
        WorldError: the extra `gate` is missing.
    """
    try:
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - the extra, where it is there
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - the extra, where it is there

        from sekisho.codec.jws import Signer  # noqa: PLC0415 - needs the extra
    except ImportError as error:
        raise gate_parts_missing(error) from error
    seed = secrets.token_bytes(SEED_BYTES)
    pem = ed25519.Ed25519PrivateKey.from_private_bytes(seed).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return Signer(seed), pem


def load_key(path: Path) -> Signer:
    """The key of a file of its owner alone.

    Raises:
        InputError: others can read it, or it is no Ed25519 private key.
        WorldError: it cannot be read, or the extra `gate` is missing.
    """
    return signer_of(read_private(path), str(path))


def signer_of(pem: bytes, where: str) -> Signer:
    """The Ed25519 key of these bytes, PKCS #8 PEM.

    Raises:
        InputError: they are none.
        WorldError: the extra `gate` is missing.
    """
    try:
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - the extra, where it is there
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - the extra, where it is there
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - the extra, where it is there

        from sekisho.codec.jws import Signer  # noqa: PLC0415 - needs the extra
    except ImportError as error:
        raise gate_parts_missing(error) from error
    problem = Problem(where, _NO_KEY.fill(kind=_PRIVATE), _NEW)
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InputError(problem) from None
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise InputError(problem)
    return Signer(key.private_bytes_raw())


def public_pem(public: bytes) -> bytes:
    """A public key (32 bytes) as PEM, which other tools read too."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - the extra, where it is there
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - the extra, where it is there

    return ed25519.Ed25519PublicKey.from_public_bytes(public).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def load_public(path: Path) -> bytes:
    """The public key (32 bytes) of a PEM file.

    Raises:
        InputError: it is no Ed25519 public key.
        WorldError: it cannot be read, or the extra `gate` is missing.
    """
    return public_of(bounded(Path(path), _MOST_PEM), str(path))


def public_of(pem: bytes, where: str) -> bytes:
    """The Ed25519 public key (32 bytes) of these bytes, PEM.

    Raises:
        InputError: they are none.
        WorldError: the extra `gate` is missing.
    """
    try:
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - the extra, where it is there
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - the extra, where it is there
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - the extra, where it is there
    except ImportError as error:
        raise gate_parts_missing(error) from error
    problem = Problem(where, _NO_KEY.fill(kind=_PUBLIC), _PLACE)
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise InputError(problem) from None
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise InputError(problem)
    return key.public_bytes_raw()


def _unwritable(path: Path, error: OSError) -> WorldError:
    why = error.strerror or str(error)
    return WorldError(Problem(str(path), _UNWRITABLE.fill(why=why), _PLACE))
