"""The made-up product's state: what it keeps, what it forgets without power, and how it is asked.

Pure: the time and the random bytes come in. `Product.answer` is the whole product as seen over HTTP.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sekisho.lab.product.faults import Fault
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

MAKER = "Kanda Works (made up)"
MODEL = "KD-100"
FIRST_VERSION = "1.0.0"
NEXT_VERSION = "2.0.0"
USER = "admin"
LEAST_PASSWORD = 8
COMMON = ("password", "12345678", "11111111", "adminadmin", "password1")
"""Passwords that first use and change refuse, however long."""
DEFAULT_SETTING = "unnamed site"
_ROUNDS = 2_000
"""Of PBKDF2: few, because this product protects nothing and is asked often."""
FREE_TRIES = 5
"""Wrong passwords before the delay begins."""
FIRST_LOCK_S = 0.2
MOST_LOCK_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the storage holds."""

    version: str = FIRST_VERSION
    salt: str = ""
    password: str | None = None
    """PBKDF2, hexadecimal; None until first use."""
    first_password: str | None = None
    """The one set at first use, which a faulty product falls back to."""
    setting: str = DEFAULT_SETTING

    def form(self) -> dict[str, object]:
        """For a file."""
        return {name: getattr(self, name) for name in self.__slots__}


def kept(form: object) -> Kept:
    """What a file holds.

    Raises:
        InputError: it is not what `Kept.form` writes.
    """
    if not isinstance(form, dict) or set(form) != set(Kept.__slots__):
        raise InputError(
            Problem(
                "storage.json",
                Text("製品の保存データではありません。", "It is no storage of the product."),
                Text("フォルダーを作り直してください。", "Make the folder anew."),
            )
        )
    return Kept(**form)


@dataclass(slots=True, kw_only=True)
class Product:
    """One device while it has power."""

    faults: frozenset[Fault]
    code: str
    """The set-up code on its label, unique to the device."""
    public: bytes
    """The maker's key for updates (Ed25519)."""
    kept: Kept
    sessions: set[str] = field(default_factory=set)
    wrong: int = 0
    locked_until: float = 0.0

    def has(self, fault: Fault) -> bool:
        """Whether a switch is on."""
        return fault in self.faults

    def set_up(self, code: str, password: str, salt: bytes) -> str | None:
        """First use; why not, or None where it is done."""
        if self.kept.password is not None:
            return "already set up"
        if not hmac.compare_digest(code.encode(), self.code.encode()):
            return "wrong set-up code"
        weak = self._weak(password)
        if weak is not None and not self.has(Fault.WEAK_SET_UP):
            return weak
        made = _hashed(password, salt)
        self.kept = replace(self.kept, salt=salt.hex(), password=made, first_password=made)
        return None

    def log_in(self, user: str, password: str, now: float, token: str) -> float | None:
        """A new session under this token; else the seconds to wait, 0 where the words are wrong."""
        if now < self.locked_until:
            return self.locked_until - now
        if user == USER and self._is(password):
            self.wrong = 0
            self.sessions.add(token)
            return None
        self.wrong += 1
        over = self.wrong - FREE_TRIES
        if over >= 0 and not self.has(Fault.UNLIMITED_GUESSES):
            self.locked_until = now + min(MOST_LOCK_S, FIRST_LOCK_S * 2**over)
        return 0.0

    def change(self, old: str, new: str, salt: bytes) -> str | None:
        """The authentication value changed; why not, or None."""
        if not self._is(old):
            return "wrong password"
        weak = self._weak(new)
        if weak is not None:
            return weak
        if self.has(Fault.FIXED_PASSWORD):
            return None
        first = self.kept.first_password
        if not self.has(Fault.POWER_LOSS_RESETS_PASSWORD):
            first = None
        elif self.kept.salt:
            salt = bytes.fromhex(self.kept.salt)
        self.kept = replace(
            self.kept, salt=salt.hex(), password=_hashed(new, salt), first_password=first
        )
        return None

    def delete(self) -> None:
        """Everything of the owner's; the version stays."""
        fresh = Kept(version=self.kept.version)
        if self.has(Fault.DELETION_KEEPS_SETTINGS):
            fresh = replace(fresh, setting=self.kept.setting)
        if self.has(Fault.DELETION_KEEPS_USERS):
            fresh = replace(fresh, salt=self.kept.salt, password=self.kept.password)
        self.kept = fresh
        self.sessions.clear()
        self.wrong, self.locked_until = 0, 0.0

    def after_power_loss(self) -> Product:
        """The device as it comes up again: only what it kept is there."""
        found = self.kept
        if self.has(Fault.POWER_LOSS_RESETS_PASSWORD) and found.first_password is not None:
            found = replace(found, password=found.first_password)
        if self.has(Fault.POWER_LOSS_RESETS_VERSION):
            found = replace(found, version=FIRST_VERSION)
        return Product(faults=self.faults, code=self.code, public=self.public, kept=found)

    def _is(self, password: str) -> bool:
        if self.kept.password is None:
            return self.has(Fault.COMMON_DEFAULT) and password == USER
        made = _hashed(password, bytes.fromhex(self.kept.salt))
        return hmac.compare_digest(made, self.kept.password)

    def _weak(self, password: str) -> str | None:
        if len(password) < LEAST_PASSWORD:
            return f"at least {LEAST_PASSWORD} characters"
        if password.lower() in COMMON or password.lower() == USER:
            return "a common password"
        return None


def _hashed(password: str, salt: bytes) -> str:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ROUNDS).hex()


def newer(one: str, other: str) -> bool:
    """Whether a version comes after another: numbers and dots."""
    return _numbers(one) > _numbers(other)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request over HTTP, its body already taken apart."""

    method: str
    path: str
    form: Mapping[str, str]
    upload: bytes
    session: str
    """The session's cookie, "" without."""
