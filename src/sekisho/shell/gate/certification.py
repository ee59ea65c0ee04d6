"""The gate's certificate in its state folder: asked for, checked when it returns, put in force.

A certificate that is in force stands beside its key. The next one stands beside them with names that
end in `.next`, until it has connected once; then its certificate takes the place of the old one, then
its key, and the old key is destroyed. Whichever key belongs to the certificate in force is used, so
that a loss of power between the two changes nothing.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.shell.device_key import world
from sekisho.shell.gate.certificate_check import (
    OUR_REQUEST,
    chain_of,
    purpose_problems,
    vouching_problems,
)
from sekisho.shell.gate.holdings import NEXT_SUFFIX
from sekisho.shell.gate.state_folder import NORTH_REQUEST
from sekisho.shell.keys import gate_parts_missing
from sekisho.shell.sealing import destroy, read_kept, write_sealed
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.quantity import WallMs
from sekisho.terms.texts import Text

try:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    from sekisho.shell.certificates import (
        common_name,
        key_pem,
        new_certificate_key,
        pem,
        request,
        spki,
    )
except ImportError as error:  # the extra `gate` is not installed
    raise gate_parts_missing(error) from error

if TYPE_CHECKING:
    from datetime import datetime

    from sekisho.gate.settings import Settings
    from sekisho.shell.gate.state_folder import StateFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """A certificate that was found good for this gate."""

    chain: tuple[x509.Certificate, ...]
    """The gate's own first."""
    key_name: str
    """The file of the key that it belongs to."""

    @property
    def leaf(self) -> x509.Certificate:
        """The gate's own."""
        return self.chain[0]

    @property
    def content(self) -> bytes:
        """As it is kept."""
        return b"".join(pem(one) for one in self.chain)


class Papers:
    """The certificate of one gate, and the next one."""

    def __init__(self, folder: StateFolder, settings: Settings) -> None:
        self._folder = folder
        self._site = settings.site
        self.certificate, self.key = settings.north.certificate, settings.north.key
        self.next_certificate = self.certificate + NEXT_SUFFIX
        self.next_key = self.key + NEXT_SUFFIX

    def ask(self) -> bool:
        """A key of the next certificate and its request, where they do not stand there yet.

        Returns:
            Whether they are new.

        Raises:
            WorldError: the folder cannot be written.
        """
        fresh = not self._folder.has(self.next_key)
        if fresh:
            write_sealed(self._folder, self.next_key, key_pem(new_certificate_key()))
        key = self._private(self.next_key)
        if fresh or _asked(self._folder) != spki(key):
            self._folder.write(NORTH_REQUEST, request(key, self._site))
        return fresh

    def asked(self) -> bool:
        """Whether the key of a next certificate is there."""
        return self._folder.has(self.next_key)

    def answered(self) -> bool:
        """Whether a next certificate is there."""
        return self._folder.has(self.next_certificate)

    def check(self, content: bytes, authorities: bytes, now: datetime, where: str) -> Certified:
        """The certificate that came back, if it is good for this gate.

        Args:
            content: PEM: the gate's own, then those between it and the authority.
            authorities: PEM of the operator's authorities.
            now: the day for which it is asked.
            where: where it came from, for people.

        Raises:
            InputError: everything that is wrong with it.
            WorldError: the disk failed.
        """
        chain = chain_of(content, where)
        leaf, problems = chain[0], list(purpose_problems(chain[0], where))
        names = (self.key, self.next_key)
        mine = [n for n in names if self._folder.has(n) and self._owns(n, leaf)]
        if not mine:
            problems.append(Problem(where, _OTHER_KEY, OUR_REQUEST))
        if (said := common_name(leaf.subject)) != self._site:
            what = _OTHER_NAME.fill(said=said or "—", site=self._site)
            problems.append(Problem(where, what, OUR_REQUEST))
        problems += vouching_problems(chain, authorities, now, where)
        if problems:
            raise InputError(*problems)
        return Certified(chain=chain, key_name=mine[0])

    def put(self, certified: Certified) -> bool:
        """Keeps a checked certificate: the first one in force, a later one as the next.

        Returns:
            Whether it is in force now.

        Raises:
            WorldError: the folder cannot be written; what was there stays.
        """
        first = not self._folder.has(self.certificate) and certified.key_name == self.key
        name = self.certificate if first else self.next_certificate
        self._folder.write(name, certified.content)
        return first

    def promote(self) -> None:
        """Puts the next certificate in force and destroys the old key; goes on where it was cut off.

        Raises:
            InputError: the next one does not fit a key of ours.
            WorldError: the disk failed.
        """
        content = self._folder.read(self.next_certificate)
        leaf = chain_of(content, self.next_certificate)[0]
        moves = self._folder.has(self.next_key) and self._owns(self.next_key, leaf)
        if not moves and not self._owns(self.key, leaf):
            raise InputError(Problem(self.next_certificate, _OTHER_KEY, OUR_REQUEST))
        self._folder.write(self.certificate, content)
        old, following = self._folder.file(self.key), self._folder.file(self.next_key)
        try:
            if moves:
                fresh = read_kept(self._folder, self.next_key)
                with old.open("r+b", buffering=0) as gone:
                    write_sealed(self._folder, self.key, fresh)
                    gone.write(bytes(os.fstat(gone.fileno()).st_size))
                    os.fsync(gone.fileno())
                destroy(following)
            self._folder.file(self.next_certificate).unlink()
            self._folder.file(NORTH_REQUEST).unlink(missing_ok=True)
        except OSError as error:
            raise world(old, error) from error

    def key_in_force(self) -> bytes:
        """The private key that belongs to the certificate in force.

        Raises:
            InputError, WorldError: it cannot be read.
        """
        leaf = chain_of(self._folder.read(self.certificate), self.certificate)[0]
        if self._folder.has(self.next_key) and self._owns(self.next_key, leaf):
            return read_kept(self._folder, self.next_key)
        return read_kept(self._folder, self.key)

    def next_key_kept(self) -> bytes:
        """The private key that belongs to the next certificate.

        Raises:
            InputError, WorldError: it cannot be read.
        """
        leaf = chain_of(self._folder.read(self.next_certificate), self.next_certificate)[0]
        if self._folder.has(self.next_key) and self._owns(self.next_key, leaf):
            return read_kept(self._folder, self.next_key)
        return read_kept(self._folder, self.key)

    def content(self, name: str) -> bytes | None:
        """What stands in one of its files; None where there is none.

        Raises:
            WorldError: the disk failed.
        """
        return self._folder.read(name) if self._folder.has(name) else None

    def life(self) -> tuple[WallMs, WallMs] | None:
        """From when to when the certificate in force counts; None where there is none."""
        if not self._folder.has(self.certificate):
            return None
        leaf = chain_of(self._folder.read(self.certificate), self.certificate)[0]
        return _ms(leaf.not_valid_before_utc), _ms(leaf.not_valid_after_utc)

    def _owns(self, name: str, leaf: x509.Certificate) -> bool:
        return spki(self._private(name)) == spki(leaf)

    def _private(self, name: str) -> ec.EllipticCurvePrivateKey:
        problem = Problem(name, _NO_KEY, _RESTORE)
        try:
            key = serialization.load_pem_private_key(read_kept(self._folder, name), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise InputError(problem) from None
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise InputError(problem)
        return key


def _asked(folder: StateFolder) -> bytes | None:
    """The public key of the request that stands there."""
    if not folder.has(NORTH_REQUEST):
        return None
    try:
        return spki(x509.load_pem_x509_csr(folder.read(NORTH_REQUEST)))
    except ValueError:
        return None


def _ms(when: datetime) -> WallMs:
    return WallMs(int(when.timestamp() * 1_000))


_NO_KEY = Text("EC の秘密鍵として読めません。", "It is no EC private key.")
_RESTORE = Text(
    "バックアップから戻すか、sekisho gate request で作り直してください。",
    "Restore it from a backup, or make another with sekisho gate request.",
)
_OTHER_KEY = Text("このゲートの鍵のものではありません。", "It is not for a key of this gate.")
_OTHER_NAME = Text(
    "名前が {said} で、このサイト {site} ではありません。",
    "It is for the name {said}, not for this site {site}.",
)
