"""What lasts and what goes: a loss of power, a deletion; each with what was there before and after."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from sekisho.evidence.observation_function import (
    Datum,
    Deletion,
    Fact,
    PowerCycle,
    ProductShown,
)
from sekisho.evidence.observation_words import (
    Cut,
    Kept,
    ObservationKind,
    WhyNot,
    shown,
)
from sekisho.shell.probe.caller import word_after
from sekisho.shell.probe.logins import set_up_again
from sekisho.shell.probe.wire import SilentDeviceError

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.proof.plan_lasting import DeleteTable, HandTable
    from sekisho.proof.plan_requests import FirstUseTable, SettingTable, ShownTable
    from sekisho.shell.probe.access import Access
    from sekisho.shell.probe.caller import Caller
    from sekisho.shell.probe.diary import Diary
    from sekisho.shell.probe.hands import Hands

LOOK_S = 0.5
"""Between two looks at a device that is coming back."""
_MARK = "sekisho-"


@dataclass(slots=True, kw_only=True)
class Lasting:
    """The device's lasting things, as this visit knows them."""

    access: Access
    diary: Diary
    table: ShownTable
    folder: Path
    setting: SettingTable | None
    marker: str = field(default_factory=lambda: _MARK + secrets.token_hex(6))
    marked: bool = False
    """Whether the setting holds the marker."""

    async def version(self) -> str:
        """The version that is shown, "" where none is."""
        try:
            page = await self.access.caller.get(self.table.path)
        except (SilentDeviceError, ConnectionRefusedError):
            return ""
        return shown(word_after(page.text, self.table.version_after, self.table.nothing))

    async def mark(self) -> None:
        """Gives the setting a value that is looked for later."""
        if self.setting is None:
            return
        await self.access.caller.step(self.setting.step, {"$marker": self.marker})
        self.marked = bool(await self.holds_marker())

    async def holds_marker(self) -> bool | None:
        """Whether the setting holds the marker; None: cannot be looked for."""
        if self.setting is None:
            return None
        try:
            page = await self.access.caller.get(self.setting.shown_at)
        except (SilentDeviceError, ConnectionRefusedError):
            return None
        return self.marker in page.text if page.status == HTTPStatus.OK else None

    async def comes_back(self, within_s: float) -> bool:
        """Waits until the product's page is there again."""
        loop = asyncio.get_running_loop()
        end = loop.time() + within_s
        while loop.time() < end:
            try:
                await self.access.stranger().get(self.table.path)
            except (SilentDeviceError, ConnectionRefusedError):
                await asyncio.sleep(LOOK_S)
            else:
                return True
        return False


async def product_shown(caller: Caller, diary: Diary, table: ShownTable) -> bool:
    """Reads model and version where a user reads them; whether the page is there for this caller.

    Raises:
        SilentDeviceError: nothing came back.
    """
    page = await caller.get(table.path)
    if page.status != HTTPStatus.OK:
        return False
    diary.note(
        "http-get",
        ProductShown(
            shown_in=table.where,
            place=shown(table.path),
            model=shown(word_after(page.text, table.model_after, table.nothing)),
            version=shown(word_after(page.text, table.version_after, table.nothing)),
        ),
        caller.transcript(),
    )
    return True


async def cut(lasting: Lasting, table: HandTable, what: Cut, hands: Hands, earlier: str) -> None:
    """Cuts power or network, and compares what must last.

    Args:
        lasting: the device.
        table: how it is cut.
        what: what is cut.
        hands: who cuts it.
        earlier: the password before the change; "" where it was not changed and no other may be tried.
    """
    access, diary = lasting.access, lasting.diary
    version = await lasting.version()
    if not await hands.do(table, what):
        diary.not_done(
            ObservationKind.POWER_CYCLE, WhyNot.NOT_ALLOWED, f"nobody can cut the {what}"
        )
        return
    if not await lasting.comes_back(table.back_s):
        diary.not_done(ObservationKind.POWER_CYCLE, WhyNot.NO_ANSWER, "it did not come back")
        return
    returned = await access.accepts(earlier) if earlier else None
    entered = await access.enters()
    facts = [
        Fact(
            kept=Kept.CREDENTIAL,
            name=f"password of {access.login.user}",
            before="accepted",
            after="accepted" if entered else "refused",
        ),
        Fact(kept=Kept.VERSION, name="version", before=version, after=await lasting.version()),
    ]
    if not entered and returned:
        access.takes(earlier)
        entered = await access.enters()
    if lasting.marked and lasting.setting is not None and entered:
        held = "set" if await lasting.holds_marker() else "gone"
        facts.append(
            Fact(kept=lasting.setting.kept, name=lasting.setting.name, before="set", after=held)
        )
    diary.note(
        f"{what}-cut",
        PowerCycle(
            cut=Cut.RESTART if table.only_restart else what,
            facts=tuple(facts),
            default_returned=returned,
        ),
        access.caller.transcript(),
    )


async def deleted(
    lasting: Lasting,
    table: DeleteTable,
    hands: Hands,
    first: FirstUseTable | None,
    code: str | None,
) -> None:
    """Uses the deletion, and looks for what should be gone; sets the device up again to look."""
    access, diary = lasting.access, lasting.diary
    version = await lasting.version()
    entered = await access.enters()
    by = "by hand"
    if table.step is not None:
        try:
            done = await access.caller.step(table.step, {"$password": access.password})
        except (SilentDeviceError, ConnectionRefusedError) as error:
            diary.not_done(ObservationKind.DELETION, WhyNot.NO_ANSWER, str(error))
            return
        by = f"{table.step.method} {table.step.path} ({done.reply.status})"
    elif table.by_hand is None or not await hands.do(table.by_hand, None):
        diary.not_done(ObservationKind.DELETION, WhyNot.NOT_ALLOWED, "nobody can delete by hand")
        return
    await lasting.comes_back(table.back_s)
    old = await access.accepts(access.password)
    if not old and first is not None:
        await set_up_again(access, first, code)
    inside = await access.enters()
    data = [
        Datum(
            kept=Kept.CREDENTIAL, name=f"password of {access.login.user}", before=entered, after=old
        )
    ]
    if lasting.marked and lasting.setting is not None:
        after = await lasting.holds_marker() if inside else None
        data.append(
            Datum(kept=lasting.setting.kept, name=lasting.setting.name, before=True, after=after)
        )
    diary.note(
        "deletion",
        Deletion(
            deleted_by=shown(by), data=tuple(data), version_before=version,
            version_after=await lasting.version(),
        ),
        access.caller.transcript(),
    )  # fmt: skip
