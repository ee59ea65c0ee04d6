"""Who is let in: one question for pages, one for the programming interface. What is unclear is no."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, TypeAlias, assert_never

from sekisho.gate.admin.desk import find
from sekisho.gate.admin.roles import GRANTS, SCOPES, Permission, may
from sekisho.gate.admin.routes import Open
from sekisho.gate.admin.sessions import Stage
from sekisho.gate.admin.words import digest, matches

if TYPE_CHECKING:
    from sekisho.gate.admin.book import Book, Token, User
    from sekisho.gate.admin.desk import Desk
    from sekisho.gate.admin.routes import Route
    from sekisho.gate.admin.sessions import Session
    from sekisho.terms.quantity import BootMs, WallMs

TOKEN = re.compile(r"skt_[a-z0-9]{8}_[A-Za-z0-9_-]{43}", re.ASCII)
"""A token: our mark, its id, 256 random bits."""


class No(IntEnum):
    """Why not, as HTTP says it."""

    WHO = 401
    """Nobody is known to ask."""
    NOT_YOU = 403
    """Somebody is, and may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Yes:
    """Let in."""

    user: User | None = None
    session: Session | None = None
    token: Token | None = None


Access: TypeAlias = Yes | No


def page_access(desk: Desk, route: Route, cookie: str, boot: BootMs) -> Access:
    """Whether a session's cookie opens a page."""
    session = find(desk, cookie, boot) if cookie else None
    user = None if session is None else desk.book.users[session.user]
    match route.needs:
        case Open.ANYBODY:
            full = session is not None and session.stage is Stage.FULL
            return Yes(user=user if full else None, session=session if full else None)
        case Open.HALF:
            if session is None or session.stage is not Stage.CODE:
                return No.WHO
            return Yes(user=user, session=session)
        case Permission() as permission:
            if session is None or user is None or session.stage is not Stage.FULL:
                return No.WHO
            if not may(user.role, permission):
                return No.NOT_YOU
            return Yes(user=user, session=session)
        case _:
            assert_never(route.needs)


def token_of(book: Book, given: str, now: WallMs) -> Token | None:
    """The token that was given, where it is known, neither ended nor revoked, and its owner is here."""
    if TOKEN.fullmatch(given) is None:
        return None
    token = book.tokens.get(given.split("_")[1])
    if token is None or not matches(token.digest, digest(given)):
        return None
    return token if now < token.ends and token.owner in book.users else None


def carries(book: Book, token: Token) -> frozenset[Permission]:
    """What a token may now: its scopes, as far as its owner's role still has them."""
    owner = book.users.get(token.owner)
    return token.scopes & SCOPES & (GRANTS[owner.role] if owner is not None else frozenset())


def token_access(book: Book, route: Route, given: str, now: WallMs) -> Access:
    """Whether a token opens a call of the programming interface."""
    token = token_of(book, given, now)
    if token is None:
        return No.WHO
    if not isinstance(route.needs, Permission) or route.needs not in carries(book, token):
        return No.NOT_YOU
    return Yes(user=book.users[token.owner], token=token)
