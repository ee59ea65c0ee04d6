"""The TLS side of a line to the broker: both ends show a certificate, TLS 1.2 at least."""

from __future__ import annotations

import os
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from typing_extensions import override

from sekisho.shell.keys import gate_parts_missing, read_private
from sekisho.shell.reading import bounded
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.quantity import WallMs
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_MOST_PEM = 1024 * 1024
_CANNOT = Text("証明書か鍵を使えません({why})。", "The certificate or key cannot be used ({why}).")
_CHECK = Text(
    "PEM 形式で、証明書と鍵が対になっているか確かめてください。",
    "Check that they are PEM, and that certificate and key belong together.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Where the broker is, whom we trust to be it, and who we are to it."""

    host: str
    port: int
    ca: Path
    """Certificates of the authorities that may vouch for the broker; no others are believed."""
    certificate: Path
    key: Path
    """Private key of `certificate`, in a file of its owner alone."""
    server_name: str | None = None
    """Name in the broker's certificate, where it is not `host`."""
    open_key: Callable[[Path], bytes] = lambda path: read_private(path, _MOST_PEM)
    """Reads the private key, PEM; of a gate it is sealed."""


class ClientContext(ssl.SSLContext):
    """Our side of mutual TLS, which may ask for another name than that of the host called."""

    name: str | None = None
    latest: ssl.SSLSocket | None = None
    """The socket made last: the MQTT client does not close it where the handshake fails."""
    peer_end: WallMs | None = None
    """End of the certificate that the broker showed last."""

    @override
    def wrap_socket(
        self,
        sock: socket.socket,
        server_side: bool = False,
        do_handshake_on_connect: bool = True,
        suppress_ragged_eofs: bool = True,
        server_hostname: str | bytes | None = None,
        session: ssl.SSLSession | None = None,
    ) -> ssl.SSLSocket:
        self.latest = super().wrap_socket(
            sock,
            server_side=server_side,
            do_handshake_on_connect=do_handshake_on_connect,
            suppress_ragged_eofs=suppress_ragged_eofs,
            server_hostname=self.name or server_hostname,
            session=session,
        )
        return self.latest


def context(broker: Broker) -> ClientContext:
    """Our side of mutual TLS.

    Raises:
        InputError: a file is no certificate, certificate and key do not belong together, or others
            can read the key.
        WorldError: a file cannot be read.
    """
    made = ClientContext(ssl.PROTOCOL_TLS_CLIENT)
    made.name = broker.server_name
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    for path in (broker.ca, broker.certificate):
        bounded(path, _MOST_PEM)
    key = broker.open_key(broker.key)
    try:
        made.load_verify_locations(cafile=broker.ca)
    except (ssl.SSLError, OSError) as error:
        raise InputError(Problem(str(broker.ca), _CANNOT.fill(why=_why(error)), _CHECK)) from error
    show_certificate(made, broker.certificate, key)
    return made


def show_certificate(tls: ssl.SSLContext, certificate: Path, key: bytes) -> None:
    """From now on this end shows a certificate.

    Args:
        tls: this end.
        certificate: a PEM file.
        key: its private key, PEM; it is handed over in memory, never in a file on the disk.

    Raises:
        InputError: it is no certificate, or certificate and key do not belong together.
    """
    try:
        with _in_memory(key) as place:
            # An empty pass phrase: an encrypted key is refused, not asked for on the terminal.
            tls.load_cert_chain(certificate, place, password="")
    except (ssl.SSLError, OSError) as error:
        what = _CANNOT.fill(why=_why(error))
        raise InputError(Problem(str(certificate), what, _CHECK)) from error


@contextmanager
def _in_memory(key: bytes) -> Iterator[str]:
    """A file that stands in memory alone, because OpenSSL takes keys from files only."""
    handle = os.memfd_create("key", os.MFD_CLOEXEC)
    try:
        with os.fdopen(handle, "wb", closefd=False) as stream:
            stream.write(key)
        yield f"/proc/self/fd/{handle}"
    finally:
        os.close(handle)


def certificate_end(path: Path) -> WallMs:
    """When the certificate of a PEM file ends.

    Raises:
        InputError: it is no certificate.
        WorldError: it cannot be read, or the extra `gate` is missing.
    """
    try:
        from cryptography import x509  # noqa: PLC0415 - needs the extra
    except ImportError as error:
        raise gate_parts_missing(error) from error
    try:
        found = x509.load_pem_x509_certificate(bounded(path, _MOST_PEM))
    except ValueError as error:
        raise InputError(Problem(str(path), _CANNOT.fill(why="PEM"), _CHECK)) from error
    return WallMs(int(found.not_valid_after_utc.timestamp() * 1_000))


def peer_end(tls: ClientContext) -> WallMs | None:
    """When the certificate that the broker showed last ends."""
    shown: Mapping[str, object] | None = None
    if tls.latest is not None and tls.latest.fileno() != -1:
        with suppress(ValueError, OSError):  # the handshake is not done
            shown = tls.latest.getpeercert()
    if shown and isinstance(end := shown.get("notAfter"), str):
        tls.peer_end = WallMs(ssl.cert_time_to_seconds(end) * 1_000)
    return tls.peer_end


def _why(error: OSError) -> str:
    return getattr(error, "reason", None) or error.strerror or str(error)
