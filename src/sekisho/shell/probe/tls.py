"""Which versions of TLS and which cipher suites a port takes, and its certificate.

Each question is one ClientHello of our own, and one connection that is then closed. What got no clear
answer is neither accepted nor refused: it counts as not asked.
"""

from __future__ import annotations

import secrets
import ssl
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

from sekisho.codec.tls.hello import (
    RANDOM_BYTES,
    Answer,
    Chosen,
    Closed,
    HelloReader,
    NotTls,
    Refused,
    Version,
    client_hello,
    suite_name,
)
from sekisho.codec.tls.suites import BEFORE_1_3, TLS_1_3
from sekisho.evidence.observation_network import Certificate, TlsOffer
from sekisho.evidence.observation_words import TlsVersion, shown
from sekisho.shell.probe.wire import PATIENCE, SilentDeviceError, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.shell.probe.diary import Diary
    from sekisho.shell.probe.wire import Wire

_WORDS: Final = {
    Version.SSL_3: TlsVersion.SSL_3,
    Version.TLS_1_0: TlsVersion.TLS_1_0,
    Version.TLS_1_1: TlsVersion.TLS_1_1,
    Version.TLS_1_2: TlsVersion.TLS_1_2,
    Version.TLS_1_3: TlsVersion.TLS_1_3,
}
_MOST_ROUNDS = 40
"""Suites that are found at one version before the rest is left unasked."""


async def speaks_tls(wire: Wire, port: int) -> bool:
    """Whether a port answers a ClientHello as TLS does, with a yes or with a no."""
    for version in (Version.TLS_1_3, Version.TLS_1_2):
        answer, _ = await _asked(wire, port, version, _suites(version), None)
        if isinstance(answer, Chosen | Refused):
            return True
    return False


async def offered(wire: Wire, diary: Diary, port: int, name: str | None) -> None:
    """Asks for every version and every suite, and writes down what came."""
    taken: set[Version] = set()
    refused: set[Version] = set()
    suites: dict[int, bool] = {}
    lines: list[str] = []
    client_certificate = False
    for version in reversed(Version):
        left = list(_suites(version))
        for _ in range(_MOST_ROUNDS):
            answer, asked = await _asked(wire, port, version, left, name)
            client_certificate |= asked
            lines.append(f"{_WORDS[version].value}, {len(left)} suites offered: {_said(answer)}\n")
            if isinstance(answer, Chosen) and answer.version == version and answer.suite in left:
                taken.add(version)
                suites[answer.suite] = True
                left.remove(answer.suite)
                if left:
                    continue
            if isinstance(answer, Refused | Chosen | Closed):
                if version not in taken:
                    refused.add(version)
                else:
                    for suite in left:
                        suites.setdefault(suite, False)
            break
    certificate = await _certificate(wire, port, name)
    diary.note(
        "tls-handshake",
        TlsOffer(
            port=port,
            accepted_versions=tuple(_WORDS[v] for v in Version if v in taken),
            refused_versions=tuple(_WORDS[v] for v in Version if v in refused),
            accepted_suites=tuple(suite_name(s) for s, good in sorted(suites.items()) if good),
            refused_suites=tuple(suite_name(s) for s, good in sorted(suites.items()) if not good),
            certificate=None if certificate is None else certificate_facts(certificate),
            client_certificate_asked=client_certificate,
        ),
        "".join(lines) + ("" if certificate is None else ssl.DER_cert_to_PEM_cert(certificate)),
    )


def _suites(version: Version) -> Sequence[int]:
    return TLS_1_3 if version is Version.TLS_1_3 else BEFORE_1_3


async def _asked(
    wire: Wire, port: int, version: Version, suites: Sequence[int], name: str | None
) -> tuple[Answer | None, bool]:
    """The answer to one ClientHello, None where none came; and whether a certificate was asked for."""
    reader = HelloReader()
    hello = client_hello(
        version, suites, secrets.token_bytes(RANDOM_BYTES), secrets.token_bytes(RANDOM_BYTES), name
    )
    try:
        async with wire.connection(port) as link, within(wire.pace.timeout_s * PATIENCE):
            await link.send(hello)
            while not reader.flight_over:
                data = await link.receive()
                if not data:
                    reader.ended()
                    break
                reader.feed(data)
    except ConnectionRefusedError:
        pass
    except SilentDeviceError as error:
        if isinstance(error.__cause__, ConnectionError):  # reset: closed, less politely
            reader.ended()
    return reader.answer, reader.certificate_asked


def _said(answer: Answer | None) -> str:
    match answer:
        case Chosen(version=version, suite=suite):
            return f"chosen {_WORDS[version].value} {suite_name(suite)}"
        case Refused(alert):
            return f"refused by alert {alert}"
        case Closed():
            return "closed by the server"
        case NotTls():
            return "no TLS"
        case None:
            return "no answer"


async def _certificate(wire: Wire, port: int, name: str | None) -> bytes | None:
    context = recording_context()
    try:
        async with wire.connection(port, context, name) as link:
            return link.certificate
    except (SilentDeviceError, ConnectionRefusedError):
        return None


def recording_context() -> ssl.SSLContext:
    """TLS that looks at the certificate and believes nobody: for recording, never for secrets."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def certificate_facts(der: bytes) -> Certificate | None:
    """What a certificate states; None where it cannot be read."""
    try:
        found = x509.load_der_x509_certificate(der)
        algorithm = found.signature_hash_algorithm
        return Certificate(
            subject=shown(found.subject.rfc4514_string()),
            issuer=shown(found.issuer.rfc4514_string()),
            first_day=found.not_valid_before_utc.date(),
            last_day=found.not_valid_after_utc.date(),
            key=_key(found),
            signature=shown(
                f"{found.signature_algorithm_oid._name}"  # noqa: SLF001 - the only way to the name
                if algorithm is not None
                else found.signature_algorithm_oid.dotted_string
            ),
            self_signed=found.subject == found.issuer,
            sha256=found.fingerprint(hashes.SHA256()).hex(),
        )
    except ValueError:
        return None


def _key(certificate: x509.Certificate) -> str:
    key = certificate.public_key()
    match key:
        case ec.EllipticCurvePublicKey():
            return f"EC {key.curve.name}"
        case rsa.RSAPublicKey():
            return f"RSA {key.key_size}"
        case dsa.DSAPublicKey():
            return f"DSA {key.key_size}"
        case _:
            return type(key).__name__.removesuffix("PublicKey")
