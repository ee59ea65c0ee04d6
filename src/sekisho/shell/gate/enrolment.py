"""The first day of a gate: its state folder, its own key, and the request for its certificate.

Both private keys are made on the gate's machine and never leave it: the Ed25519 key that signs
decisions and checkpoints, and the EC key of the certificate for the broker.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.shell.gate.state_folder import (
    AUTHORITY,
    KEY,
    NORTH_REQUEST,
    PUBLIC,
    StateFolder,
    new_state,
)
from sekisho.shell.keys import gate_parts_missing, load_public, made_key, public_pem
from sekisho.shell.sealing import ensure_device_key, write_sealed

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.gate.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """A new gate."""

    folder: StateFolder
    kid: str
    """Thumbprint of its own key."""
    fingerprint: str
    """Fingerprint of its own key, to be compared by telephone."""


def enrol(settings: Settings, state: Path, authority: Path) -> Enrolled:
    """A new state folder with keys, the authority's public key, and a certificate request.

    Raises:
        InputError: the authority is not the one of the site file, or the folder exists already.
        WorldError: the folder cannot be written, or the extra `gate` is missing.
    """
    public = checked_authority(settings, authority)
    from sekisho.codec.thumbprint import fingerprint, thumbprint  # noqa: PLC0415  the extra

    with new_state(state) as folder:
        ensure_device_key(folder)
        signer, pem = made_key()
        write_sealed(folder, KEY, pem)
        folder.write(PUBLIC, public_pem(signer.public))
        folder.write(AUTHORITY, public_pem(public))
        key, request = certificate_request(settings.site)
        write_sealed(folder, settings.north.key, key)
        folder.write(NORTH_REQUEST, request)
    return Enrolled(
        folder=StateFolder(state),
        kid=thumbprint(signer.public),
        fingerprint=fingerprint(signer.public),
    )


def checked_authority(settings: Settings, authority: Path) -> bytes:
    """The public key of a site's authority, if it is the one that the site file names.

    Raises:
        InputError: it is another one.
        WorldError: it cannot be read, or the extra `gate` is missing.
    """
    public = load_public(authority)
    try:
        from sekisho.codec.signed_document import check_authority  # noqa: PLC0415  the extra
    except ImportError as error:
        raise gate_parts_missing(error) from error
    check_authority(public, settings.authority, str(authority))
    return public


def certificate_request(site: str) -> tuple[bytes, bytes]:
    """A private key and a request for its certificate, both PEM."""
    from sekisho.shell.certificates import (  # noqa: PLC0415  the extra
        key_pem,
        new_certificate_key,
        request,
    )

    key = new_certificate_key()
    return key_pem(key), request(key, site)
