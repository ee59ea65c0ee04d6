"""The certificate of the pages: made on the device, unless one is provided.

A self-signed one is renewed when the process starts within a month of its end. Its fingerprint is
printed, to be compared in the browser at the first visit.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sekisho.shell.admin.folder import CERTIFICATE, KEY
from sekisho.shell.mqtt.tls import in_memory
from sekisho.shell.sealing import read_kept, write_sealed
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.shell.gate.state_folder import StateFolder

LIFE = timedelta(days=397)
"""Browsers refuse longer ones of public authorities; kept for a device's own as well."""
RENEWED = timedelta(days=30)
SUITES = (
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256"
)
"""TLS 1.2: forward secrecy and authenticated encryption from the CRYPTREC ciphers list alone (its
section 7.3 of the TLS guideline, IPA, 3rd edition). TLS 1.3 has no others by definition."""

_BAD = Text("証明書か鍵を使えません({why})。", "The certificate or key cannot be used ({why}).")
_CHECK = Text(
    "PEM 形式で、証明書と鍵が対になっているか確かめてください。",
    "Check that they are PEM, and that certificate and key belong together.",
)


def ensure_certificate(folder: StateFolder, host: str) -> None:
    """Makes a key and a self-signed certificate where there is none, or its end is near.

    Raises:
        InputError, WorldError: a file cannot be read or written.
    """
    if _holds(folder):
        return
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _self_signed(key, host)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    write_sealed(folder, KEY, private)
    folder.write(CERTIFICATE, certificate.public_bytes(serialization.Encoding.PEM))


def _holds(folder: StateFolder) -> bool:
    """Whether certificate and key are there, belong together and last.

    A kill between the writes of the two leaves a pair that does not; it is made anew.
    """
    if not (folder.has(CERTIFICATE) and folder.has(KEY)):
        return False
    try:
        found = x509.load_pem_x509_certificate(folder.read(CERTIFICATE))
        key = serialization.load_pem_private_key(read_kept(folder, KEY), password=None)
    except ValueError:
        return False
    return (
        found.public_key() == key.public_key()
        and found.not_valid_after_utc - datetime.now(UTC) > RENEWED
    )


def fingerprint_of(path: Path) -> str:
    """SHA-256 of a certificate, as browsers show it."""
    found = x509.load_pem_x509_certificate(path.read_bytes())
    return found.fingerprint(hashes.SHA256()).hex(":").upper()


def server_tls(certificate: Path, key: bytes) -> ssl.SSLContext:
    """The server's end: TLS 1.2 at least, CRYPTREC suites alone, no renegotiation, no compression.

    Args:
        certificate: a PEM file.
        key: its private key, PEM; it is handed over in memory, never in a file on the disk.

    Raises:
        InputError: the files are no certificate and its key.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers(SUITES)
    made.options |= (
        ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
    )
    try:
        with in_memory(key) as place:
            # An empty pass phrase: an encrypted key is refused, not asked for on the terminal.
            made.load_cert_chain(certificate, place, password="")
    except (ssl.SSLError, OSError) as error:
        why = getattr(error, "reason", None) or error.strerror or str(error)
        raise InputError(Problem(str(certificate), _BAD.fill(why=why), _CHECK)) from error
    return made


def _self_signed(key: ec.EllipticCurvePrivateKey, host: str) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sekisho gate (self-signed)")])
    now = datetime.now(UTC)
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_names(host)), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )


def _names(host: str) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        found.append(x509.DNSName(host))
    else:
        if not address.is_unspecified:
            found.append(x509.IPAddress(address))
        else:
            found.append(x509.DNSName(socket.gethostname()[:63] or "localhost"))
    return list(dict.fromkeys(found))


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
