"""The certificate of the pages: made on the device, unless one is provided.

A self-signed one is renewed when the process starts within a month of its end. Its fingerprint is
printed, to be compared in the browser at the first visit.
"""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from sekisho.gate.tables_ends import is_address
from sekisho.shell.admin.folder import CERTIFICATE, KEY
from sekisho.shell.certificates import Term, key_pem, new_certificate_key, own_server, pem
from sekisho.shell.mqtt.tls import show_certificate
from sekisho.shell.sealing import read_kept, write_sealed

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


def ensure_certificate(folder: StateFolder, host: str) -> None:
    """Makes a key and a self-signed certificate where there is none, or its end is near.

    Raises:
        InputError, WorldError: a file cannot be read or written.
    """
    if _holds(folder):
        return
    key = new_certificate_key()
    now = datetime.now(UTC)
    term = Term(start=now - timedelta(minutes=5), end=now + LIFE)
    made = own_server(key, "Sekisho gate (self-signed)", term, _hosts(host))
    write_sealed(folder, KEY, key_pem(key))
    folder.write(CERTIFICATE, pem(made))


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
    show_certificate(made, certificate, key)
    return made


def _hosts(host: str) -> list[str]:
    """What the pages are called by; where they listen everywhere, the machine's name."""
    if is_address(host) and ip_address(host).is_unspecified:
        host = socket.gethostname()[:63] or "localhost"
    return list(dict.fromkeys(("localhost", "127.0.0.1", host)))
