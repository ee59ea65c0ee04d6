"""ClientHello, and the first words of the answer (RFC 8446 section 4.1, RFC 5246 section 7.4).

Enough to learn which version and which cipher suite a server chooses out of what is offered, and no
more: no key is agreed, nothing is encrypted. Python's own `ssl` cannot offer what its OpenSSL was built
without, so it could not tell "refused" from "not asked".
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, TypeAlias

from sekisho.codec.tls.suites import SUITES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_RECORD = 16_384 + 2_048
"""Bytes of a record's body (RFC 5246 section 6.2.3)."""
_HANDSHAKE, _ALERT = 22, 21
_CLIENT_HELLO, _SERVER_HELLO, _CERTIFICATE_REQUEST, _DONE = 1, 2, 13, 14
_SERVER_NAME, _GROUPS, _POINTS, _SIGNATURES, _VERSIONS, _SHARE = 0, 10, 11, 13, 43, 51
_RENEGOTIATION = 0xFF01
_X25519, _P256, _P384, _P521 = 0x001D, 0x0017, 0x0018, 0x0019
_GROUP_LIST = (_X25519, _P256, _P384, _P521, 0x0100, 0x0101)
_SIGNATURE_LIST = (
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601,
    0x0203, 0x0201, 0x0402, 0x0202,
)  # fmt: skip
"""ECDSA, EdDSA, RSA-PSS, RSA, with SHA-2 first and SHA-1 last; DSA too."""
RANDOM_BYTES = 32


class Version(IntEnum):
    """A version by its number on the wire."""

    SSL_3 = 0x0300
    TLS_1_0 = 0x0301
    TLS_1_1 = 0x0302
    TLS_1_2 = 0x0303
    TLS_1_3 = 0x0304


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The server chose."""

    version: Version
    suite: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The server said no, by an alert (RFC 8446 section 6)."""

    alert: int


@dataclass(frozen=True, slots=True)
class Closed:
    """The server ended the connection instead of an answer, which many do to what they do not take."""


@dataclass(frozen=True, slots=True)
class NotTls:
    """What came is no TLS."""


Answer: TypeAlias = Chosen | Refused | Closed | NotTls


def client_hello(
    version: Version, suites: Sequence[int], random: bytes, share: bytes, name: str | None
) -> bytes:
    """One record with a ClientHello that offers this version alone.

    Args:
        version: the version.
        suites: the suites, by number.
        random: 32 bytes.
        share: 32 bytes in the place of an X25519 public key; only TLS 1.3 looks at it.
        name: the server's name, None where it has none but its address.
    """
    legacy = min(version, Version.TLS_1_2)
    session = random if version is Version.TLS_1_3 else b""
    body = (
        struct.pack(">H", legacy)
        + random
        + _short(session)
        + _words(suites)
        + b"\x01\x00"
        + _extensions(version, share, name)
    )
    message = bytes([_CLIENT_HELLO]) + len(body).to_bytes(3, "big") + body
    record_version = min(version, Version.TLS_1_0)
    return struct.pack(">BHH", _HANDSHAKE, record_version, len(message)) + message


def _extensions(version: Version, share: bytes, name: str | None) -> bytes:
    if version is Version.SSL_3:  # it knows no extensions
        return b""
    parts = [_extension(_RENEGOTIATION, b"\x00")] if version is not Version.TLS_1_3 else []
    if name is not None:
        host = name.encode("ascii", "replace")
        parts.append(_extension(_SERVER_NAME, _long(b"\x00" + _long(host))))
    parts += [
        _extension(_GROUPS, _words(_GROUP_LIST)),
        _extension(_POINTS, b"\x01\x00"),
    ]
    if version >= Version.TLS_1_2:
        parts.append(_extension(_SIGNATURES, _words(_SIGNATURE_LIST)))
    if version is Version.TLS_1_3:
        parts += [
            _extension(_VERSIONS, _short(struct.pack(">H", version))),
            _extension(_SHARE, _long(struct.pack(">H", _X25519) + _long(share))),
        ]
    return _long(b"".join(parts))


def _extension(kind: int, content: bytes) -> bytes:
    return struct.pack(">H", kind) + _long(content)


def _words(numbers: Iterable[int]) -> bytes:
    return _long(b"".join(struct.pack(">H", n) for n in numbers))


def _long(content: bytes) -> bytes:
    return struct.pack(">H", len(content)) + content


def _short(content: bytes) -> bytes:
    return bytes([len(content)]) + content


# ---- the answer ----------------------------------------------------------------------------------


class HelloReader:
    """Takes what the server sends, piece by piece, until it has answered.

    `answer` is None until then. `certificate_asked` is known only for versions before 1.3, where the
    server's first flight is in clear; `flight_over` says that it has been read to its end.
    """

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._messages = bytearray()
        self.answer: Answer | None = None
        self.certificate_asked = False
        self.flight_over = False

    def feed(self, data: bytes) -> None:
        """More bytes; it never raises."""
        self._bytes += data
        while self.answer is None or not self.flight_over:
            record = self._record()
            if record is None:
                return
            kind, body = record
            if kind == _ALERT:
                self._end(Refused(body[1] if len(body) > 1 else 0))
            elif kind == _HANDSHAKE:
                self._messages += body
                self._read_messages()
            elif self.answer is None:
                self._end(NotTls())
            else:  # TLS 1.3 goes on encrypted
                self.flight_over = True

    def ended(self) -> None:
        """The server has closed the connection."""
        if self.answer is None and not self._bytes:
            self._end(Closed())

    def _end(self, answer: Answer) -> None:
        if self.answer is None:
            self.answer = answer
        self.flight_over = True

    def _record(self) -> tuple[int, bytes] | None:
        head = bytes(self._bytes[:5])
        if head and head[0] not in {20, 21, 22, 23}:
            self._end(NotTls())
        if len(head) > 1 and head[1] != 3:  # noqa: PLR2004 - the major version of all of them
            self._end(NotTls())
        if self.flight_over or len(head) < 5:  # noqa: PLR2004 - a record's header
            return None
        length = int.from_bytes(head[3:5], "big")
        if length > MOST_RECORD:
            self._end(NotTls())
            return None
        if len(self._bytes) < 5 + length:
            return None
        body = bytes(self._bytes[5 : 5 + length])
        del self._bytes[: 5 + length]
        return head[0], body

    def _read_messages(self) -> None:
        while len(self._messages) >= 4:  # noqa: PLR2004 - a message's header
            length = int.from_bytes(self._messages[1:4], "big")
            if length > 8 * MOST_RECORD:
                self._end(NotTls())
                return
            if len(self._messages) < 4 + length:
                return
            kind, body = self._messages[0], bytes(self._messages[4 : 4 + length])
            del self._messages[: 4 + length]
            if kind == _SERVER_HELLO and self.answer is None:
                self.answer = _server_hello(body)
                self.flight_over = not (
                    isinstance(self.answer, Chosen) and self.answer.version < Version.TLS_1_3
                )
            elif self.answer is None:
                self._end(NotTls())
            elif kind == _CERTIFICATE_REQUEST:
                self.certificate_asked = True
            elif kind == _DONE:
                self.flight_over = True


def _server_hello(body: bytes) -> Answer:
    try:
        version = int.from_bytes(body[:2], "big")
        at = 2 + RANDOM_BYTES
        at += 1 + body[at]
        suite = int.from_bytes(_exactly(body, at, 2), "big")
        for kind, content in _found(body[at + 3 :]):
            if kind == _VERSIONS:
                version = int.from_bytes(_exactly(content, 0, 2), "big")
        return Chosen(version=Version(version), suite=suite)
    except (ValueError, IndexError):
        return NotTls()


def _found(data: bytes) -> Iterable[tuple[int, bytes]]:
    if not data:
        return
    end = 2 + int.from_bytes(_exactly(data, 0, 2), "big")
    at = 2
    while at < end:
        kind = int.from_bytes(_exactly(data, at, 2), "big")
        length = int.from_bytes(_exactly(data, at + 2, 2), "big")
        yield kind, _exactly(data, at + 4, length)
        at += 4 + length


def _exactly(data: bytes, at: int, count: int) -> bytes:
    piece = data[at : at + count]
    if len(piece) != count:
        raise ValueError("too short")
    return piece


def suite_name(number: int) -> str:
    """The suite's name in IANA's registry; its number where the table has none."""
    return SUITES.get(number, f"0x{number:04X}")
