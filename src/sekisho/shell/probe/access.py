"""Logging in and out of the product: what the owner's words are now, and how many tries are left."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.shell.probe.wire import SilentDeviceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekisho.proof.plan_requests import LoginTable
    from sekisho.shell.probe.caller import Caller
    from sekisho.shell.probe.diary import Diary

_MOST_WAIT_S = 60
"""Longest wait that a device may ask of its owner before the probe gives up."""
_SHORT_WAIT_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One login."""

    entered: bool
    locked: bool
    """No more words are taken for now."""
    wait_s: float
    """What the device asks for."""
    took_ms: int


class Access:
    """The words of the owner, and callers that use them."""

    def __init__(
        self, make: Callable[[], Caller], diary: Diary, login: LoginTable, password: str
    ) -> None:
        """Access by a login that has not been used yet.

        Args:
            make: a fresh caller.
            diary: where nothing secret may appear.
            login: how a user logs in.
            password: whose words are the owner's.
        """
        self.login = login
        self.password = password
        """In force now, as far as is known."""
        self.stranger = make
        """Somebody without a session."""
        self.sent = 0
        """Logins that left, answered or not."""
        self.caller = make()
        """The owner."""
        self._diary = diary
        diary.hide(password)

    async def tried(self, user: str, password: str, caller: Caller | None = None) -> Tried:
        """One login with these words, by a stranger where no caller is given.

        Raises:
            SilentDeviceError: nothing came back.
        """
        asking = caller or self.stranger()
        asking.forget()
        began = time.perf_counter()
        values = {"$user": user, "$password": password}
        done = await asking.step(self.login.step, values, leaves=self._one_more)
        took = round(1_000 * (time.perf_counter() - began))
        status = done.reply.status
        if asking is not self.caller:
            self.caller.log += asking.log
        return Tried(
            entered=done.done,
            locked=status in self.login.locked,
            wait_s=_asked_wait(done.reply.header("retry-after")),
            took_ms=took,
        )

    def _one_more(self) -> None:
        self.sent += 1

    async def accepts(self, password: str) -> bool | None:
        """Whether a password is the owner's, waiting where the device asks for it; None: it does not say."""
        for _ in range(4):
            try:
                tried = await self.tried(self.login.user, password)
            except (SilentDeviceError, ConnectionRefusedError):
                return None
            if not tried.locked:
                return tried.entered
            await asyncio.sleep(tried.wait_s)
        return None

    async def enters(self) -> bool:
        """The owner logs in, with the words in force; waits where the device asks for it."""
        for _ in range(4):
            try:
                tried = await self.tried(self.login.user, self.password, self.caller)
            except (SilentDeviceError, ConnectionRefusedError):
                return False
            if tried.entered:
                return True
            if not tried.locked:
                return False
            await asyncio.sleep(tried.wait_s)
        return False

    def wrong(self) -> str:
        """A password that is not the owner's."""
        return f"wrong-{secrets.token_urlsafe(9)}"

    def takes(self, password: str) -> None:
        """From now on this is the owner's password."""
        self._diary.hide(password)
        self.password = password


def _asked_wait(retry_after: str) -> float:
    if retry_after.isdecimal():
        return min(float(retry_after[:6]), _MOST_WAIT_S)
    return _SHORT_WAIT_S
