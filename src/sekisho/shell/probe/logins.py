"""Login functions: default credentials, first use, guessing, a changed password."""

from __future__ import annotations

import asyncio
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from sekisho.evidence.observation_function import (
    AcceptedCredential,
    CredentialChanged,
    DefaultCredentials,
    FirstUse,
    Guessing,
)
from sekisho.evidence.observation_words import Demanded, ObservationKind, WhyNot, shown
from sekisho.proof.default_credentials import COMMON_SECRET, CREDENTIALS, NAME, SOURCE, in_order
from sekisho.shell.probe.wire import SilentDeviceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.proof.plan_requests import ChangeTable, FirstUseTable
    from sekisho.shell.probe.access import Access
    from sekisho.shell.probe.diary import Diary

_SHORT_SECRETS = (5, 7)
"""Characters of the secrets that first use is offered before a good one; each is random otherwise."""
_MARKED = 5
"""So many times the first answer's time, and half a second more, is markedly later."""
_MARKED_MS = 500
_LEAST_LATE = 3
"""Answers, the last ones, that must come late."""


async def default_credentials(access: Access, diary: Diary, agreed: int) -> None:
    """Tries the list, as far as agreed, and until the device takes no more.

    What was sent is what is agreed on, whatever came back; what the device looked at is what was tried.
    """
    accepted: list[AcceptedCredential] = []
    tried, before = 0, access.sent
    for index, credential in in_order(access.login.user):
        if access.sent - before >= agreed:
            break
        try:
            found = await access.tried(credential.user, credential.password)
            if found.locked and access.sent - before < agreed:  # it looked at no word: once more
                await asyncio.sleep(found.wait_s)
                found = await access.tried(credential.user, credential.password)
        except (SilentDeviceError, ConnectionRefusedError):
            break
        if found.locked:
            break
        tried += 1
        if found.entered:
            accepted.append(AcceptedCredential(user=shown(credential.user), index=index))
            break
    diary.note(
        "login",
        DefaultCredentials(
            function=access.login.function, list_name=NAME, list_source=shown(SOURCE),
            list_size=len(CREDENTIALS), agreed=agreed, sent=access.sent - before, tried=tried,
            accepted=tuple(accepted),
        ),
        access.caller.transcript(),
    )  # fmt: skip


async def first_use(access: Access, diary: Diary, table: FirstUseTable, code: str | None) -> None:
    """Sets the device up, after offering what it should refuse; the device must be new.

    Raises:
        SilentDeviceError: nothing came back.
    """
    if code is not None:
        diary.hide(code)
    page = await access.stranger().get(access.login.inside)
    demands = table.demands
    taken: list[str] = []
    refused: list[str] = []
    if code is not None and await _set_up(access, table, access.wrong(), access.password):
        demands = Demanded.OWN_SECRET  # any code will do
        taken.append(access.password)
    offers = [secrets.token_urlsafe(16)[:length] for length in _SHORT_SECRETS]
    for secret in (*offers, COMMON_SECRET, access.password):
        if taken:
            break
        diary.hide(secret)
        (taken if await _set_up(access, table, code or "", secret) else refused).append(secret)
    if not taken:
        diary.not_done(
            ObservationKind.FIRST_USE, WhyNot.FAILED,
            "it did not take the password of the profile: is it in the state of delivery?",
        )  # fmt: skip
        access.caller.transcript()
        return
    access.takes(taken[0])
    shorter = [len(secret) for secret in refused if secret in offers]
    diary.note(
        "first-use",
        FirstUse(
            function=access.login.function,
            demanded=demands,
            works_without=page.status == HTTPStatus.OK,
            least_length=len(taken[0]),
            shortest_refused=max(shorter, default=None),
            common_refused=None
            if COMMON_SECRET not in (*taken, *refused)
            else taken[0] != COMMON_SECRET,
        ),
        access.caller.transcript(),
    )


async def _set_up(access: Access, table: FirstUseTable, code: str, secret: str) -> bool:
    caller = access.stranger()
    values = {"$code": code, "$password": secret, "$new": secret, "$user": access.login.user}
    done = await caller.step(table.step, values)
    access.caller.log += caller.log
    return done.done


async def set_up_again(access: Access, table: FirstUseTable, code: str | None) -> bool:
    """First use after a deletion, with the password in force.

    Raises:
        SilentDeviceError: nothing came back.
    """
    return await _set_up(access, table, code or "", access.password)


async def guessing(access: Access, diary: Diary, agreed: int) -> None:
    """Wrong passwords until the device takes no more or the tries are used up; then the right one."""
    times: list[int] = []
    stopped: int | None = None
    silent = False
    before = access.sent
    while access.sent - before < agreed and stopped is None:
        try:
            found = await access.tried(access.login.user, access.wrong())
        except (SilentDeviceError, ConnectionRefusedError):
            stopped, silent = len(times), True
            break
        times.append(found.took_ms)
        if found.locked:
            stopped = len(times) - 1
    made = access.sent - before
    enters = await access.accepts(access.password)
    if silent and not enters:
        diary.not_done(
            ObservationKind.GUESSING, WhyNot.NO_ANSWER,
            f"no answer after {made} tries, and the owner does not enter either",
        )  # fmt: skip
        access.caller.transcript()
        return
    diary.note(
        "login",
        Guessing(
            function=access.login.function, agreed=agreed, made=made,
            slowed_after=slowed_after(times), stopped_after=stopped,
            first_answer_ms=times[0] if times else 0, last_answer_ms=times[-1] if times else 0,
            owner_enters=enters,
        ),
        access.caller.transcript(),
    )  # fmt: skip


def slowed_after(times: Sequence[int]) -> int | None:
    """Tries from which on every answer came markedly later than the first, None where none did.

    One or two late answers are no hindrance: a device that is busy gives them too.
    """
    late = 0
    for ms in reversed(times):
        if ms <= _MARKED * times[0] or ms <= times[0] + _MARKED_MS:
            break
        late += 1
    return len(times) - late if late >= _LEAST_LATE else None


async def changed(access: Access, diary: Diary, table: ChangeTable, new: str) -> None:
    """Changes the password to the one that the profile names, and tries both.

    Raises:
        SilentDeviceError: nothing came back.
    """
    diary.hide(new)
    old = access.password
    values = {"$user": access.login.user, "$password": old, "$new": new}
    done = await access.caller.step(table.step, values)
    new_accepted = await access.accepts(new)
    old_accepted = await access.accepts(old)
    if new_accepted:
        access.takes(new)
    diary.note(
        "password-change",
        CredentialChanged(
            function=access.login.function,
            changed_by=shown(f"{table.step.method} {table.step.path} ({done.reply.status})"),
            old_refused=None if old_accepted is None else not old_accepted,
            new_accepted=new_accepted,
        ),
        access.caller.transcript(),
    )
