"""An authority to throw away: certificates and keys for a plant on the desk.

Everything is written into one folder, readable by its owner alone, and lives two months. Nothing
here is for a real site: its authority's key belongs in a safe, not beside the gate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sekisho.codec.bounds_document import bounds_payload
from sekisho.codec.jws import Typ
from sekisho.codec.thumbprint import fingerprint
from sekisho.codec.trust_document import trust_payload
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
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._certificate = self._own()
        self._revoked: list[int] = []
        write_private(self.ca, _pem(self._certificate))
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
        alternative = x509.SubjectAlternativeName([_host(host) for host in hosts])
        return self._issue(name, ExtendedKeyUsageOID.SERVER_AUTH, alternative, LIFE)

    def client(self, name: str, life: timedelta = LIFE) -> Identity:
        """A certificate for a gate or a head-end; brokers know it by its common name."""
        return self._issue(name, ExtendedKeyUsageOID.CLIENT_AUTH, None, life)

    def revoke(self, identity: Identity) -> None:
        """Puts a certificate on the list of revoked ones."""
        self._revoked.append(identity.serial)
        self._write_crl()

    def sign_trust(self, trust: Trust, path: Path) -> None:
        """Writes trust.json."""
        replace_private(path, self.signer.sign_document(trust_payload(trust), Typ.TRUST))

    def sign_bounds(self, bounds: Bounds, path: Path) -> None:
        """Writes bounds.json."""
        replace_private(path, self.signer.sign_document(bounds_payload(bounds), Typ.BOUNDS))

    def _own(self) -> x509.Certificate:
        public = self._key.public_key()
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(self._name)
            .issuer_name(self._name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _BACK)
            .not_valid_after(now + LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_others=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .sign(self._key, hashes.SHA256())
        )

    def _issue(
        self,
        name: str,
        purpose: x509.ObjectIdentifier,
        alternative: x509.SubjectAlternativeName | None,
        life: timedelta,
    ) -> Identity:
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.now(UTC)
        end = now + life
        issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        draft = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(now, end) - _BACK)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_others=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .add_extension(issuer_key, critical=False)
        )
        if alternative is not None:
            draft = draft.add_extension(alternative, critical=False)
        certificate = draft.sign(self._key, hashes.SHA256())
        made = Identity(
            name=name,
            certificate=self.folder / f"{name}.pem",
            key=self.folder / f"{name}.key",
            serial=certificate.serial_number,
        )
        replace_private(made.certificate, _pem(certificate))
        replace_private(
            made.key,
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        )
        return made

    def _write_crl(self) -> None:
        now = datetime.now(UTC)
        draft = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._name)
            .last_update(now - _BACK)
            .next_update(now + LIFE)
        )
        for serial in self._revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now)
            draft = draft.add_revoked_certificate(entry.build())
        signed = draft.sign(self._key, hashes.SHA256())
        replace_private(self.crl, signed.public_bytes(serialization.Encoding.PEM))


def _usage(*, signs_others: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_others,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_others,
        crl_sign=signs_others,
        encipher_only=False,
        decipher_only=False,
    )


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
