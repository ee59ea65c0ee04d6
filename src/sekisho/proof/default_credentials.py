"""User names and passwords that products really came with: what a visit may try, as far as agreed.

Two sources, both public: what gateways of this trade print in their own documents, and what the Mirai
worm tried in 2016. A list shows that a device has a default that is known; it cannot show that it has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sekisho.terms.certainty import Certainty

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME: Final = "sekisho-defaults-2026-11"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where entries come from, and how sure that is."""

    title: str
    place: str
    certainty: Certainty


PUBLISHED: Final = Source(
    title="defaults that gateway software prints in its own documents",
    place="documents of Neuron (admin/0000), Fledge (admin/fledge), OpenEMS (user name = password), "
    "Kura (admin/admin), seen November 2026",
    certainty=Certainty.SECONDARY,
)
MIRAI: Final = Source(
    title="the table of the Mirai worm, published September 2016",
    place="https://github.com/jgamblin/Mirai-Source-Code, mirai/bot/scanner.c",
    certainty=Certainty.PRIMARY,
)
SOURCE: Final = f"{PUBLISHED.title}; {MIRAI.title}: {MIRAI.place}"


@dataclass(frozen=True, slots=True)
class Credential:
    """One entry; an empty password is one too."""

    user: str
    password: str
    source: Source


_PUBLISHED = (
    "admin admin", "admin 0000", "admin fledge", "owner owner", "installer installer", "guest guest",
    "user user",
)  # fmt: skip
_MIRAI = (
    "root xc3511", "root vizxv", "root admin", "root 888888", "root xmhdipc", "root default",
    "root juantech", "root 123456", "root 54321", "support support", "root ", "admin password",
    "root root", "root 12345", "admin ", "root pass", "admin admin1234", "root 1111",
    "admin smcadmin", "admin 1111", "root 666666", "root password", "root 1234", "root klv123",
    "Administrator admin", "service service", "supervisor supervisor", "guest 12345",
    "admin1 password", "administrator 1234", "666666 666666", "888888 888888", "ubnt ubnt",
    "root klv1234", "root Zte521", "root hi3518", "root jvbzd", "root anko", "root zlxx.",
    "root 7ujMko0vizxv", "root 7ujMko0admin", "root system", "root ikwb", "root dreambox",
    "root user", "root realtek", "root 00000000", "admin 1111111", "admin 1234", "admin 12345",
    "admin 54321", "admin 123456", "admin 7ujMko0admin", "admin pass", "admin meinsm", "tech tech",
)  # fmt: skip


def _entries() -> Iterator[Credential]:
    for source, lines in ((PUBLISHED, _PUBLISHED), (MIRAI, _MIRAI)):
        for line in lines:
            user, _, password = line.partition(" ")
            yield Credential(user, password, source)


CREDENTIALS: Final[tuple[Credential, ...]] = tuple(_entries())
"""The list; an entry is known by its place in it."""

COMMON_SECRET: Final = "12345678"  # noqa: S105 - the commonest of eight characters
"""Offered as a new password: long enough for most rules, and on every list of common ones."""


def in_order(user: str) -> tuple[tuple[int, Credential], ...]:
    """Entries with their places: those of this user first, as there are fewer tries than entries."""
    placed = tuple(enumerate(CREDENTIALS))
    return tuple(sorted(placed, key=lambda p: (p[1].user != user, p[0])))
