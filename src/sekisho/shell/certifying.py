"""A small authority for an operator who has none: certificates for gates, and the list of revoked ones.

Its folder holds `ca.pem` (what brokers and gates believe), `ca.key` (its owner's alone; it belongs in
a safe, not beside a gate), `issued.json` (every certificate by serial number) and `revoked.pem`. A
certificate is recorded before it is handed out. A request is a stranger's: only its key and its name
are taken from it, its name must be the one that was asked for, and the rest is ours.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sekisho.shell.keys import gate_parts_missing, read_private, replace_private, write_private
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.texts import Text

try:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    from sekisho.shell.certificates import (
        Issuer,
        Revoked,
        Term,
        common_name,
        key_pem,
        leaf,
        new_certificate_key,
        pem,
        revocation_list,
        root,
        spki,
    )
except ImportError as error:  # the extra `gate` is not installed
    raise gate_parts_missing(error) from error

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

CA, CA_KEY, LEDGER, REVOKED, LOCK = "ca.pem", "ca.key", "issued.json", "revoked.pem", "lock"
CA_DAYS = 3_650
LONGEST_DAYS = 825
"""Of a leaf; what is renewed by machine need not be longer."""
LIST_DAYS = 30
"""A broker that has an older list of revoked certificates refuses everybody: it must be refreshed."""
_BACK = timedelta(minutes=5)
"""Certificates begin a little in the past, for clocks that differ."""
_MOST_REQUEST = 16 * 1024
_MOST_LEDGER = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """One certificate that was issued."""

    serial: int
    name: str
    key: str
    """SHA-256 of the public key (SPKI), in hex."""
    start: datetime
    end: datetime
    revoked: datetime | None = None


class OperatorAuthority:
    """The authority of one folder."""

    def __init__(self, folder: Path) -> None:
        """Opens the authority that stands there.

        Raises:
            InputError: there is none, or its files do not belong together.
            WorldError: it cannot be read.
        """
        self.folder = folder
        self.ca, self.revoked_list = folder / CA, folder / REVOKED
        try:
            certificate = x509.load_pem_x509_certificate(self.ca.read_bytes())
            key = serialization.load_pem_private_key(read_private(folder / CA_KEY), password=None)
        except FileNotFoundError as error:
            raise InputError(Problem(str(folder), _NO_AUTHORITY, _MAKE_ONE)) from error
        except OSError as error:
            what = _UNREADABLE.fill(why=error.strerror or str(error))
            raise WorldError(Problem(str(folder), what, _PLACE)) from error
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise InputError(Problem(str(folder), _DAMAGED, _RESTORE)) from error
        same = isinstance(key, ec.EllipticCurvePrivateKey) and (
            key.public_key() == certificate.public_key()
        )
        if not same or not isinstance(key, ec.EllipticCurvePrivateKey):
            raise InputError(Problem(str(folder), _DAMAGED, _RESTORE))
        self._issuer = Issuer(key=key, certificate=certificate)

    @classmethod
    def new(cls, folder: Path, name: str) -> OperatorAuthority:
        """A new authority in a new folder.

        Raises:
            InputError: there is something already; it is kept.
            WorldError: it cannot be written.
        """
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=False)
        except FileExistsError as error:
            raise InputError(Problem(str(folder), _THERE, _ELSEWHERE)) from error
        except OSError as error:
            what = _UNREADABLE.fill(why=error.strerror or str(error))
            raise WorldError(Problem(str(folder), what, _PLACE)) from error
        key = new_certificate_key()
        write_private(folder / CA_KEY, key_pem(key))
        write_private(folder / CA, pem(root(key, name, _for_days(CA_DAYS))))
        made = cls(folder)
        made._keep(())
        return made

    def certify(
        self, asked: bytes, name: str, days: int, hosts: Sequence[str] = ()
    ) -> x509.Certificate:
        """A certificate for the key of a request.

        Args:
            asked: the request, PEM or DER.
            name: who asks for it, as its holder was identified; the request must say the same.
            days: how long it counts; never longer than the authority itself.
            hosts: names and addresses of a broker; none: a gate or a head-end.

        Raises:
            InputError: the request is damaged, for another name, or for no P-256 key.
            WorldError: the folder cannot be written.
        """
        public = _asked_key(asked, name)
        term = _for_days(min(days, LONGEST_DAYS))
        last = self._issuer.certificate.not_valid_after_utc
        made = leaf(self._issuer, public, name, replace(term, end=min(term.end, last)), hosts)
        with self._locked():
            issued = Issued(
                serial=made.serial_number,
                name=name,
                key=hashlib.sha256(spki(made)).hexdigest(),
                start=made.not_valid_before_utc,
                end=made.not_valid_after_utc,
            )
            self._keep((*self.issued(), issued))
        return made

    def revoke(self, serial: int) -> Issued:
        """Puts a certificate on the list of revoked ones, which is made anew.

        Raises:
            InputError: nothing of this serial number was issued here.
            WorldError: the folder cannot be written.
        """
        with self._locked():
            issued = self.issued()
            found = next((one for one in issued if one.serial == serial), None)
            if found is None:
                raise InputError(Problem(f"{serial:x}", _NOT_OURS, _SERIALS))
            gone = replace(found, revoked=found.revoked or datetime.now(UTC).replace(microsecond=0))
            self._keep(tuple(gone if one is found else one for one in issued))
            return gone

    def refresh(self) -> None:
        """Makes the list of revoked certificates anew, before a broker finds it too old."""
        with self._locked():
            self._keep(self.issued())

    def issued(self) -> tuple[Issued, ...]:
        """Every certificate that was issued here, the oldest first.

        Raises:
            InputError: the record is damaged.
        """
        try:
            form = json.loads(read_private(self.folder / LEDGER, _MOST_LEDGER))
            return tuple(_issued(one) for one in form["issued"])
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(Problem(str(self.folder / LEDGER), _DAMAGED, _RESTORE)) from error

    def _keep(self, issued: tuple[Issued, ...]) -> None:
        form = {"issued": [_form(one) for one in issued]}
        content = json.dumps(form, ensure_ascii=False, indent=1).encode()
        replace_private(self.folder / LEDGER, content)
        gone = [Revoked(one.serial, one.revoked) for one in issued if one.revoked is not None]
        term = _for_days(LIST_DAYS)
        number = int(term.start.timestamp() * 1_000)  # rises, whatever was lost
        replace_private(self.revoked_list, pem(revocation_list(self._issuer, gone, number, term)))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        handle = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def serial_of(word: str) -> int:
    """A serial number in hex, with or without colons; or that of a certificate's file.

    Raises:
        InputError: it is neither.
    """
    place = Path(word)
    if place.is_file():
        try:
            return x509.load_pem_x509_certificate(place.read_bytes()).serial_number
        except (ValueError, OSError) as error:
            raise InputError(Problem(word, _NO_CERTIFICATE, _SERIALS)) from error
    try:
        return int(word.replace(":", ""), 16)
    except ValueError as error:
        raise InputError(Problem(word, _NO_CERTIFICATE, _SERIALS)) from error


def _asked_key(asked: bytes, name: str) -> ec.EllipticCurvePublicKey:
    if len(asked) > _MOST_REQUEST:
        raise InputError(Problem(name, _NO_REQUEST, _REQUEST))
    try:
        read = x509.load_pem_x509_csr if asked.lstrip().startswith(b"-") else x509.load_der_x509_csr
        found = read(asked)
        proven, public = found.is_signature_valid, found.public_key()
        said = common_name(found.subject)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputError(Problem(name, _NO_REQUEST, _REQUEST)) from error
    if not proven:
        raise InputError(Problem(name, _NOT_PROVEN, _REQUEST))
    if said != name:
        raise InputError(Problem(name, _OTHER_NAME.fill(said=said or "—"), _IDENTIFY))
    if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(
        public.curve, ec.SECP256R1
    ):
        raise InputError(Problem(name, _NO_P256, _REQUEST))
    return public


def _for_days(days: int) -> Term:
    now = datetime.now(UTC)
    return Term(start=now - _BACK, end=now + timedelta(days=days))


def _form(one: Issued) -> dict[str, str | None]:
    return {
        "serial": f"{one.serial:x}",
        "name": one.name,
        "key": one.key,
        "start": one.start.isoformat(),
        "end": one.end.isoformat(),
        "revoked": None if one.revoked is None else one.revoked.isoformat(),
    }


def _issued(form: Mapping[str, Any]) -> Issued:
    return Issued(
        serial=int(form["serial"], 16),
        name=form["name"],
        key=form["key"],
        start=datetime.fromisoformat(form["start"]),
        end=datetime.fromisoformat(form["end"]),
        revoked=None if form["revoked"] is None else datetime.fromisoformat(form["revoked"]),
    )


_NO_AUTHORITY = Text("ここに認証局がありません。", "There is no authority here.")
_MAKE_ONE = Text(
    "sekisho trust new-ca で作るか、場所を確かめてください。",
    "Make one with sekisho trust new-ca, or check the place.",
)
_UNREADABLE = Text("使えません({why})。", "It cannot be used ({why}).")
_PLACE = Text("場所と権限を確かめてください。", "Check the place and its permissions.")
_DAMAGED = Text(
    "認証局のファイルが壊れているか、組になっていません。",
    "The authority's files are damaged, or do not belong together.",
)
_RESTORE = Text("控えから戻してください。", "Put back your copy of them.")
_THERE = Text("すでにあります。上書きしません。", "There is something already; it is kept.")
_ELSEWHERE = Text("別の名前を指定してください。", "Give another name.")
_NOT_OURS = Text(
    "この番号の証明書は、ここでは発行していません。",
    "No certificate of this serial number was issued here.",
)
_SERIALS = Text(
    "証明書のファイルか、issued.json にある番号を指定してください。",
    "Give the certificate's file, or a serial number from issued.json.",
)
_NO_CERTIFICATE = Text("証明書でも番号でもありません。", "It is neither certificate nor serial.")
_NO_REQUEST = Text("証明書の申請として読めません。", "It is no request for a certificate.")
_REQUEST = Text(
    "sekisho gate init か gate request が作った north.csr を指定してください。",
    "Give the north.csr that sekisho gate init or gate request made.",
)
_NOT_PROVEN = Text(
    "申請の署名が正しくありません。鍵の持ち主のものではありません。",
    "The request's signature is wrong: it is not from who holds the key.",
)
_OTHER_NAME = Text("申請の名前は {said} です。", "The request is for the name {said}.")
_IDENTIFY = Text(
    "誰からの申請かを電話などで確かめ、その名前を指定してください。",
    "Find out by telephone whose request it is, and give that name.",
)
_NO_P256 = Text("鍵が EC P-256 ではありません。", "Its key is not EC P-256.")
