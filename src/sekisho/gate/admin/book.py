"""What the admin process keeps: people, their secrets' hashes, tokens, and notes not yet journalled.

One value, replaced whole. No password, code or token stands in it, only what a guess can be compared
with; the secret of a second factor must be kept as it is (RFC 6238), which is why the file is sealed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.gate.admin.notes import Note
    from sekisho.gate.admin.roles import Permission, Role
    from sekisho.terms.quantity import WallMs

MOST_USERS = 64
MOST_TOKENS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactor:
    """A second factor by time (RFC 6238)."""

    secret: str
    """Base32."""
    last_step: int = 0
    """The newest time step whose code was taken; no code of it or before is taken again."""
    recovery: frozenset[str] = frozenset()
    """Digests of the recovery codes that are left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimeCode:
    """A code that lets a person set a password once."""

    digest: str
    ends: WallMs


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One person."""

    name: str
    role: Role
    password: str | None = None
    """argon2id in its encoded form; None until the person has set one."""
    second: SecondFactor | None = None
    code: OneTimeCode | None = None
    failures: int = 0
    """Wrong guesses since the last right one; kept over a restart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token of the programming interface."""

    id: str
    digest: str
    owner: str
    name: str
    scopes: frozenset[Permission]
    made: WallMs
    ends: WallMs


def _nothing() -> MappingProxyType[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Everything that is kept."""

    setup: str | None
    """Digest of the device's set-up code; None once it was used."""
    users: Mapping[str, User] = field(default_factory=_nothing)
    tokens: Mapping[str, Token] = field(default_factory=_nothing)
    pending: tuple[Note, ...] = ()
    """Notes that the gate has not written down yet, the oldest first."""

    def with_user(self, user: User) -> Book:
        """With this person, new or changed."""
        return replace(self, users=MappingProxyType({**self.users, user.name: user}))

    def without_user(self, name: str) -> Book:
        """Without a person and their tokens."""
        users = {key: user for key, user in self.users.items() if key != name}
        return replace(self.without_tokens_of(name), users=MappingProxyType(users))

    def with_token(self, token: Token) -> Book:
        """With a new token."""
        return replace(self, tokens=MappingProxyType({**self.tokens, token.id: token}))

    def without_token(self, token_id: str) -> Book:
        """Without a token: revoked means that nothing of it is left."""
        tokens = {key: token for key, token in self.tokens.items() if key != token_id}
        return replace(self, tokens=MappingProxyType(tokens))

    def without_tokens_of(self, name: str) -> Book:
        """Without the tokens that a person made: whoever knew the old password may know them too."""
        tokens = {key: token for key, token in self.tokens.items() if token.owner != name}
        return replace(self, tokens=MappingProxyType(tokens))

    def noted(self, *notes: Note) -> Book:
        """With more notes to write down."""
        return replace(self, pending=(*self.pending, *notes))

    def written(self, ids: frozenset[str]) -> Book:
        """Without notes that the gate has written down."""
        return replace(self, pending=tuple(note for note in self.pending if note.id not in ids))
