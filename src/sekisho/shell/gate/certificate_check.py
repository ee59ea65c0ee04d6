"""What is asked of a certificate that came back: its use, and who vouches for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.shell.keys import gate_parts_missing
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

try:
    from cryptography import x509
    from cryptography.x509 import verification
    from cryptography.x509.oid import ExtendedKeyUsageOID
except ImportError as error:  # the extra `gate` is not installed
    raise gate_parts_missing(error) from error

if TYPE_CHECKING:
    from datetime import datetime

_MOST_CHAIN = 8
OUR_REQUEST = Text(
    "このゲートの north.csr から作られた証明書を指定してください。",
    "Give the certificate that was made from this gate's north.csr.",
)
_NO_CERTIFICATE = Text("証明書(PEM)として読めません。", "It is no certificate (PEM).")
_NO_USAGE = Text(
    "keyUsage、extendedKeyUsage、authorityKeyIdentifier のどれかがありません。",
    "It lacks keyUsage, extendedKeyUsage or authorityKeyIdentifier.",
)
_WRONG_USE = Text(
    "クライアント認証(digitalSignature、clientAuth)のための証明書ではありません。",
    "It is not for a client (digitalSignature, clientAuth).",
)
_AUTHORITY = Text("認証局の証明書です。", "It is an authority's certificate.")
_REISSUE = Text(
    "sekisho trust certify のように、keyUsage と clientAuth を付けて発行し直してもらってください。",
    "Have it issued again with keyUsage and clientAuth, as sekisho trust certify does.",
)
_NOT_VOUCHED = Text(
    "運用者の認証局が保証していません({why})。",
    "The operator's authority does not vouch for it ({why}).",
)
_OUR_AUTHORITY = Text(
    "--ca に運用者の認証局の証明書を指定し、証明書の期限と時計を確かめてください。",
    "Give the operator's authority with --ca; check the certificate's term and the clock.",
)


def chain_of(content: bytes, where: str) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM file, the holder's own first.

    Raises:
        InputError: it holds none, or too many.
    """
    try:
        found = tuple(x509.load_pem_x509_certificates(content))
    except ValueError:
        found = ()
    if not 1 <= len(found) <= _MOST_CHAIN:
        raise InputError(Problem(where, _NO_CERTIFICATE, OUR_REQUEST))
    return found


def purpose_problems(leaf: x509.Certificate, where: str) -> list[Problem]:
    """What the certificate says of its use (RFC 5280 sections 4.2.1.3, 4.2.1.9 and 4.2.1.12)."""
    problems = []
    try:
        found = leaf.extensions
        usage = found.get_extension_for_class(x509.KeyUsage).value
        purposes = found.get_extension_for_class(x509.ExtendedKeyUsage).value
        found.get_extension_for_class(x509.AuthorityKeyIdentifier)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return [Problem(where, _NO_USAGE, _REISSUE)]
    if not usage.digital_signature or ExtendedKeyUsageOID.CLIENT_AUTH not in purposes:
        problems.append(Problem(where, _WRONG_USE, _REISSUE))
    try:
        issues = found.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        issues = False
    if issues or usage.key_cert_sign:
        problems.append(Problem(where, _AUTHORITY, _REISSUE))
    return problems


def vouching_problems(
    chain: tuple[x509.Certificate, ...], authorities: bytes, now: datetime, where: str
) -> list[Problem]:
    """Whether the operator's authority vouches for it on that day."""
    try:
        known = x509.load_pem_x509_certificates(authorities)
        policies = verification.ExtensionPolicy
        verifier = (
            verification.PolicyBuilder()
            .store(verification.Store(known))
            .time(now)
            .extension_policies(
                ca_policy=policies.webpki_defaults_ca(), ee_policy=policies.permit_all()
            )
            .build_client_verifier()
        )
        verifier.verify(chain[0], list(chain[1:]))
    except (verification.VerificationError, ValueError) as error:
        why = str(error).partition("(encountered")[0].strip()
        return [Problem(where, _NOT_VOUCHED.fill(why=why), _OUR_AUTHORITY)]
    return []
