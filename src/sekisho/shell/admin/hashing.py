"""Passwords hashed with argon2id, few at a time: a flood of guesses costs a bounded share of the machine.

Parameters: RFC 9106 section 4, second recommended option (64 MiB, three passes), with one lane, as
one hash has one thread here.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sekisho.gate.admin.words import MOST_PASSWORD, spelt

if TYPE_CHECKING:
    from collections.abc import Callable

R = TypeVar("R")

MEMORY_KIB, PASSES, LANES = 64 * 1024, 3, 1
AT_ONCE = 1
"""Hashes computed at the same time: with a thread each, so many cores and 64 MiB at most."""
MOST_WAITING = 8
"""Beyond it nobody waits: they are told to come again."""


class BusyError(Exception):
    """Too many passwords wait to be compared."""


class Hashes:
    """See the module's text."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(
            time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, hash_len=32, salt_len=16
        )
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._stand_in = self._hasher.hash("nobody has this one")

    async def hashed(self, password: str) -> str:
        """A password's hash in its encoded form.

        Raises:
            BusyError: too many wait.
        """
        return await self._turn(lambda: self._hasher.hash(spelt(password)))

    async def fits(self, encoded: str | None, password: str) -> bool:
        """Whether a password has this hash; None takes as long and is never right.

        Raises:
            BusyError: too many wait.
        """
        if len(password) > 4 * MOST_PASSWORD:
            password = ""
        wanted = self._stand_in if encoded is None else encoded
        return await self._turn(lambda: self._verified(wanted, spelt(password))) and (
            encoded is not None
        )

    def _verified(self, encoded: str, password: str) -> bool:
        try:
            return self._hasher.verify(encoded, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _turn(self, work: Callable[[], R]) -> R:
        if self._waiting >= MOST_WAITING:
            raise BusyError
        self._waiting += 1
        try:
            async with self._gate:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1
