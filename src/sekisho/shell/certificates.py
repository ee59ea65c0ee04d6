"""X.509 as this project issues it: EC P-256, key usage and key identifiers always, short serials never.

Python 3.13 and others refuse certificates without keyUsage and key identifiers (RFC 5280 sections
4.2.1.1 to 4.2.1.3), so none is made without.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from sekisho.shell.keys import gate_parts_missing

try:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
except ImportError as error:  # the extra `gate` is not installed
    raise gate_parts_missing(error) from error

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """From when to when a certificate or a list counts."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Revoked:
    """One certificate that counts no more."""

    serial: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues: the certificate that others believe, and its private key."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def new_certificate_key() -> ec.EllipticCurvePrivateKey:
    """A new private key, EC P-256."""
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A private key as PKCS #8 PEM, not encrypted: whoever keeps it seals it."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def pem(certificate: x509.Certificate | x509.CertificateRevocationList) -> bytes:
    """A certificate or a list as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def spki(
    of: x509.Certificate | x509.CertificateSigningRequest | ec.EllipticCurvePrivateKey,
) -> bytes:
    """The public key of a certificate, request or private key, DER."""
    return of.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def common_name(name: x509.Name) -> str | None:
    """The one common name; None where there is none or more than one."""
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if len(found) == 1 else None


def called(name: str) -> x509.Name:
    """A name that is a common name alone; brokers know their clients by it."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def root(key: ec.EllipticCurvePrivateKey, name: str, term: Term) -> x509.Certificate:
    """The certificate of an authority that vouches for itself and for leaves only."""
    return (
        _draft(called(name), called(name), key.public_key(), term)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_others=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def own_server(
    key: ec.EllipticCurvePrivateKey, name: str, term: Term, hosts: Sequence[str]
) -> x509.Certificate:
    """The certificate of a server that is called by these hosts and vouches for itself."""
    draft = _draft(called(name), called(name), key.public_key(), term)
    return _for_server(_vouching_for_none(draft), hosts).sign(key, hashes.SHA256())


def leaf(
    issuer: Issuer,
    public: ec.EllipticCurvePublicKey,
    name: str,
    term: Term,
    hosts: Sequence[str] = (),
) -> x509.Certificate:
    """A certificate for a client; for a server that is called by these hosts, where there are any."""
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    draft = _vouching_for_none(_draft(called(name), issuer.certificate.subject, public, term))
    draft = draft.add_extension(issuer_key, critical=False)
    draft = _for_server(draft, hosts) if hosts else _for(draft, ExtendedKeyUsageOID.CLIENT_AUTH)
    return draft.sign(issuer.key, hashes.SHA256())


def revocation_list(
    issuer: Issuer, revoked: Iterable[Revoked], number: int, term: Term
) -> x509.CertificateRevocationList:
    """The list of revoked certificates (RFC 5280 section 5); `number` rises with each one made."""
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    draft = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(term.start)
        .next_update(term.end)
        .add_extension(issuer_key, critical=False)
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    for one in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(one.serial)
        draft = draft.add_revoked_certificate(entry.revocation_date(one.since).build())
    return draft.sign(issuer.key, hashes.SHA256())


def request(key: ec.EllipticCurvePrivateKey, name: str) -> bytes:
    """A request for a client's certificate, PEM (RFC 2986)."""
    return (
        x509.CertificateSigningRequestBuilder()
        .subject_name(called(name))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )


def _draft(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, term: Term
) -> x509.CertificateBuilder:
    """What every certificate has."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(term.start)
        .not_valid_after(term.end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _vouching_for_none(draft: x509.CertificateBuilder) -> x509.CertificateBuilder:
    return draft.add_extension(
        x509.BasicConstraints(ca=False, path_length=None), critical=True
    ).add_extension(_usage(signs_others=False), critical=True)


def _for_server(draft: x509.CertificateBuilder, hosts: Sequence[str]) -> x509.CertificateBuilder:
    names = x509.SubjectAlternativeName([_host(host) for host in hosts])
    return _for(draft, ExtendedKeyUsageOID.SERVER_AUTH).add_extension(names, critical=False)


def _for(draft: x509.CertificateBuilder, purpose: x509.ObjectIdentifier) -> x509.CertificateBuilder:
    return draft.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)


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
