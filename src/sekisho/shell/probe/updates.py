"""Updates, offered to a device one by one: what it takes, what it refuses, and what runs afterwards."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sekisho.evidence.observation_function import UpdateOffered
from sekisho.evidence.observation_words import (
    ObservationKind,
    UpdateAnswer,
    UpdatePackage,
    WhyNot,
    shown,
)
from sekisho.shell.probe.lasting import LOOK_S
from sekisho.shell.probe.wire import SilentDeviceError
from sekisho.shell.reading import bounded_or_none

if TYPE_CHECKING:
    from sekisho.proof.plan_lasting import PackageTable, UpdateTable
    from sekisho.shell.probe.hands import Hands
    from sekisho.shell.probe.lasting import Lasting

_KIND = ObservationKind.UPDATE_OFFERED
MOST_PACKAGE = 256 * 1024 * 1024
_NOT_LOOKED_AT = frozenset({401, 403, 404, 405, 407, 408, 429, 502, 503, 504})
"""Answers that a device gives without having looked at the file: another way, or not now."""


async def updated(lasting: Lasting, table: UpdateTable, hands: Hands) -> None:
    """Offers each file in turn.

    Raises:
        WorldError: the program that installs fails.
    """
    for package in table.package:
        await _offered(lasting, table, package, hands)


async def _offered(
    lasting: Lasting, table: UpdateTable, package: PackageTable, hands: Hands
) -> None:
    access, diary = lasting.access, lasting.diary
    data = await asyncio.to_thread(bounded_or_none, lasting.folder / package.file, MOST_PACKAGE)
    if data is None:
        diary.not_done(_KIND, WhyNot.FAILED, f"{package.file} cannot be read")
        return
    if not await access.enters():  # else a refusal would say nothing about the file
        diary.not_done(_KIND, WhyNot.FAILED, f"{package.file}: the owner cannot log in")
        return
    before = await lasting.version()
    answered = await _answered(lasting, table, package, hands, data)
    if answered is None:
        return
    answer, said = answered
    after = await lasting.version()
    wanted = package.package is UpdatePackage.GENUINE
    after = await _settled(lasting, package.version, after, table.settle_s if wanted else 0)
    diary.note(
        "update",
        UpdateOffered(
            package=package.package, component=table.component, before=before, after=after,
            offered=package.version, answer=answer, said=shown(said, 2_000),
        ),
        access.caller.transcript(),
    )  # fmt: skip


async def _answered(
    lasting: Lasting, table: UpdateTable, package: PackageTable, hands: Hands, data: bytes
) -> tuple[UpdateAnswer, str] | None:
    """The product's answer to a file, and its words; None: it was not asked, and the diary says why."""
    try:
        done = await lasting.access.caller.step(table.step, {}, data)
    except (SilentDeviceError, ConnectionRefusedError) as error:
        return UpdateAnswer.NO_ANSWER, str(error)
    taken, said = done.done, f"HTTP {done.reply.status}"
    if done.reply.status in _NOT_LOOKED_AT:
        why = f"{package.file}: {said} says nothing about the file"
        lasting.diary.not_done(_KIND, WhyNot.FAILED, why)
        return None
    if taken and table.installs is not None:
        installed = await hands.installs(table.installs)
        if installed is None:
            lasting.diary.not_done(_KIND, WhyNot.NOT_ALLOWED, "nobody can install it")
            return None
        taken = installed
        said += ", installed" if installed else ", refused by what installs it"
    return (UpdateAnswer.INSTALLED if taken else UpdateAnswer.REFUSED), said


async def _settled(lasting: Lasting, wanted: str, after: str, within_s: float) -> str:
    loop = asyncio.get_running_loop()
    end = loop.time() + within_s
    while after != wanted and loop.time() < end:
        await asyncio.sleep(LOOK_S)
        after = await lasting.version() or after
    return after
