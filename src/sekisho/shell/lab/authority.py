"""An authority to throw away: certificates and keys for a plant on the desk.

Everything is written into one folder, readable by its owner alone, and lives two months. Nothing
here is for a real site: its authority's key belongs in a safe, not beside the gate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sekisho.codec.bounds_document import bounds_payload
from sekisho.codec.jws import Typ
from sekisho.codec.thumbprint import fingerprint
from sekisho.codec.trust_document import trust_payload
from sekisho.shell.certificates import (
    Issuer,
    Revoked,
    Term,
    key_pem,
    leaf,
    new_certificate_key,
    pem,
    revocation_list,
    root,
)
from sekisho.shell.keys import new_key, public_pem, replace_private, write_private

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.codec.bounds import Bounds
    from sekisho.codec.jws import Signer
    from sekisho.codec.trust import Trust

LIFE = timedelta(days=60)
_BACK = timedelta(minutes=5)
"""Certificates begin a little in the past, for clocks that differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A certificate and its private key, as files."""

    name: str
    certificate: Path
    key: Path
    serial: int


class Authority:
    """Vouches for brokers and clients by certificate, for trust and bounds by signature."""

    def __init__(self, folder: Path, name: str = "throw-away authority") -> None:
        """A new authority in a new folder.

        Raises:
            InputError: the folder holds an authority already.
            WorldError: it cannot be written.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self.ca = folder / "ca.pem"
        """The certificate that brokers and clients believe."""
        self.crl = folder / "revoked.pem"
        """The list of revoked certificates, for brokers that read one."""
        key = new_certificate_key()
        self._issuer = Issuer(key=key, certificate=root(key, name, _from_now()))
        self._revoked: list[Revoked] = []
        write_private(self.ca, pem(self._issuer.certificate))
        self._write_crl()
        self.signer: Signer = new_key(folder / "authority.key")
        """Signs trust.json and bounds.json."""
        self.public = folder / "authority.pem"
        write_private(self.public, public_pem(self.signer.public))

    @property
    def fingerprint(self) -> str:
        """What the site file names: `[authority] fingerprint`."""
        return fingerprint(self.signer.public)

    def server(self, name: str, hosts: tuple[str, ...] = ("localhost", "127.0.0.1")) -> Identity:
        """A certificate for a broker that is called by these names and addresses."""
        return self._issue(name, hosts, LIFE)

    def client(self, name: str, life: timedelta = LIFE) -> Identity:
        """A certificate for a gate or a head-end; brokers know it by its common name."""
        return self._issue(name, (), life)

    def revoke(self, identity: Identity) -> None:
        """Puts a certificate on the list of revoked ones."""
        self._revoked.append(Revoked(identity.serial, datetime.now(UTC)))
        self._write_crl()

    def sign_trust(self, trust: Trust, path: Path) -> None:
        """Writes trust.json."""
        replace_private(path, self.signer.sign_document(trust_payload(trust), Typ.TRUST))

    def sign_bounds(self, bounds: Bounds, path: Path) -> None:
        """Writes bounds.json."""
        replace_private(path, self.signer.sign_document(bounds_payload(bounds), Typ.BOUNDS))

    def _issue(self, name: str, hosts: tuple[str, ...], life: timedelta) -> Identity:
        key = new_certificate_key()
        end = datetime.now(UTC) + life
        term = Term(start=min(datetime.now(UTC), end) - _BACK, end=end)
        certificate = leaf(self._issuer, key.public_key(), name, term, hosts)
        made = Identity(
            name=name,
            certificate=self.folder / f"{name}.pem",
            key=self.folder / f"{name}.key",
            serial=certificate.serial_number,
        )
        replace_private(made.certificate, pem(certificate))
        replace_private(made.key, key_pem(key))
        return made

    def _write_crl(self) -> None:
        made = revocation_list(self._issuer, self._revoked, len(self._revoked), _from_now())
        replace_private(self.crl, pem(made))


def _from_now() -> Term:
    now = datetime.now(UTC)
    return Term(start=now - _BACK, end=now + LIFE)
