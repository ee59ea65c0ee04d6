"""The book as bytes and back: strict JSON with a version."""

import json
from collections.abc import Mapping
from types import MappingProxyType

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from sekisho.gate.admin.book import Book, OneTimeCode, SecondFactor, Token, User
from sekisho.gate.admin.notes import Note, NoteKind
from sekisho.gate.admin.roles import Permission, Role
from sekisho.terms.quantity import WallMs

VERSION = 1
_STRICT = ConfigDict(extra="forbid")


class UnreadableBookError(Exception):
    """The bytes are no book of this version."""


@dataclass(frozen=True, config=_STRICT)
class _Second:
    secret: str
    last_step: int
    recovery: list[str]


@dataclass(frozen=True, config=_STRICT)
class _Code:
    digest: str
    ends: int


@dataclass(frozen=True, config=_STRICT)
class _User:
    name: str
    role: Role
    password: str | None
    second: _Second | None
    code: _Code | None
    failures: int


@dataclass(frozen=True, config=_STRICT)
class _Token:
    id: str
    digest: str
    owner: str
    name: str
    scopes: list[Permission]
    made: int
    ends: int


@dataclass(frozen=True, config=_STRICT)
class _Note:
    id: str
    kind: NoteKind
    at: int
    user: str
    source: str
    about: str
    reason: str
    count: int


@dataclass(frozen=True, config=_STRICT)
class _Form:
    version: int
    setup: str | None
    users: list[_User]
    tokens: list[_Token]
    pending: list[_Note]


_READER = TypeAdapter(_Form)


def book_bytes(book: Book) -> bytes:
    """The book as it is kept."""
    form = {
        "version": VERSION,
        "setup": book.setup,
        "users": [_user(user) for user in book.users.values()],
        "tokens": [
            {
                "id": token.id,
                "digest": token.digest,
                "owner": token.owner,
                "name": token.name,
                "scopes": sorted(token.scopes),
                "made": token.made,
                "ends": token.ends,
            }
            for token in book.tokens.values()
        ],
        "pending": [_note(note) for note in book.pending],
    }
    return json.dumps(form, sort_keys=True, ensure_ascii=False).encode()


def book_of(data: bytes) -> Book:
    """The book that bytes say.

    Raises:
        UnreadableBookError: they are none of this version.
    """
    try:
        form = _READER.validate_json(data)
    except ValidationError:
        raise UnreadableBookError from None
    if form.version != VERSION:
        raise UnreadableBookError
    return Book(
        setup=form.setup,
        users=MappingProxyType({one.name: _user_of(one) for one in form.users}),
        tokens=MappingProxyType({one.id: _token_of(one) for one in form.tokens}),
        pending=tuple(_note_of(one) for one in form.pending),
    )


def _user(user: User) -> Mapping[str, object]:
    second, code = user.second, user.code
    return {
        "name": user.name,
        "role": user.role.value,
        "password": user.password,
        "second": None
        if second is None
        else {
            "secret": second.secret,
            "last_step": second.last_step,
            "recovery": sorted(second.recovery),
        },
        "code": None if code is None else {"digest": code.digest, "ends": code.ends},
        "failures": user.failures,
    }


def _note(note: Note) -> Mapping[str, object]:
    return {
        "id": note.id,
        "kind": note.kind.value,
        "at": note.at,
        "user": note.user,
        "source": note.source,
        "about": note.about,
        "reason": note.reason,
        "count": note.count,
    }


def _user_of(form: _User) -> User:
    second, code = form.second, form.code
    return User(
        name=form.name,
        role=form.role,
        password=form.password,
        second=None
        if second is None
        else SecondFactor(
            secret=second.secret,
            last_step=second.last_step,
            recovery=frozenset(second.recovery),
        ),
        code=None if code is None else OneTimeCode(digest=code.digest, ends=WallMs(code.ends)),
        failures=form.failures,
    )


def _token_of(form: _Token) -> Token:
    return Token(
        id=form.id,
        digest=form.digest,
        owner=form.owner,
        name=form.name,
        scopes=frozenset(form.scopes),
        made=WallMs(form.made),
        ends=WallMs(form.ends),
    )


def _note_of(form: _Note) -> Note:
    return Note(
        id=form.id,
        kind=form.kind,
        at=WallMs(form.at),
        user=form.user,
        source=form.source,
        about=form.about,
        reason=form.reason,
        count=form.count,
    )
