"""The running gate's certificate: asked for anew before it ends, tried when it is there, then kept.

The operator's answer is a file that `gate enrol` has checked. It is tried on a line of its own beside
the one that carries the gate; only what the broker has accepted takes its place, and until then the
present one works on. Nothing here touches the cycle, and no fault here ends the gate.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from sekisho.gate.journal.entries import EntryKind
from sekisho.gate.renewal import Renewal, is_due
from sekisho.shell.mqtt.line import Line, Wishes
from sekisho.terms.errors import SekishoError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekisho.gate.journal.entries import Body
    from sekisho.shell.gate.certification import Papers
    from sekisho.shell.mqtt.tls import Broker
    from sekisho.terms.quantity import WallMs

EVERY_S = 1.0
TRY_S = 20.0
"""Longest wait for the broker to accept the next certificate."""
AGAIN_S = 300.0
"""Rest before one that was refused is tried again; another one is tried at once."""


class Renewer:
    """See the module's text."""

    def __init__(
        self,
        papers: Papers,
        line: Line,
        broker: Callable[[], Broker],
        now: Callable[[], WallMs],
        note: Callable[[EntryKind, Body], None],
    ) -> None:
        """A renewer that has not begun.

        Args:
            papers: the certificates in the state folder.
            line: what carries the gate; goes on with the new certificate.
            broker: where to, with the certificate in force.
            now: the wall clock.
            note: writes into the journal.
        """
        self._papers = papers
        self._line = line
        self._broker = broker
        self._now = now
        self._note = note
        self._refused: bytes | None = None
        self._again_at = 0.0
        self._in_force = papers.content(papers.certificate)
        self.state: Renewal | None = None
        self.trouble = ""
        """Why the next certificate is not in force, for people."""

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self._look()
            except SekishoError as error:
                self.trouble = str(error)
            await asyncio.sleep(EVERY_S)

    async def _look(self) -> None:
        following = self._papers.content(self._papers.next_certificate)
        if following is not None:
            await self._following(following)
            return
        changed = self._papers.content(self._papers.certificate)
        if changed is not None and changed != self._in_force:
            await self._go_on(changed)
        life = await asyncio.to_thread(self._papers.life)
        if life is not None and is_due(*life, self._now()) and not self._papers.asked():
            await asyncio.to_thread(self._papers.ask)
            self._tell(Renewal.ASKED)
        self.state = Renewal.ASKED if self._papers.asked() else None

    async def _following(self, content: bytes) -> None:
        """Tries the next certificate, and keeps it where the broker takes it."""
        loop = asyncio.get_running_loop()
        if content == self._refused and loop.time() < self._again_at:
            return
        self.state = Renewal.TRYING
        if content == self._in_force or await self._accepted():
            await asyncio.to_thread(self._papers.promote)
            await self._go_on(content)
            self.state, self.trouble, self._refused = None, "", None
            self._tell(Renewal.INSTALLED)
            return
        self.state = Renewal.REFUSED
        if content != self._refused:
            self._tell(Renewal.REFUSED)
        self._refused, self._again_at = content, loop.time() + AGAIN_S

    async def _accepted(self) -> bool:
        """Whether the broker lets us in with the next certificate."""
        folder_of = self._broker()
        following = replace(
            folder_of,
            certificate=folder_of.certificate.with_name(self._papers.next_certificate),
            open_key=lambda _: self._papers.next_key_kept(),
        )
        line = await asyncio.to_thread(Line, following, Wishes())
        task = asyncio.create_task(line.run())
        try:
            async with asyncio.timeout(TRY_S):
                await line.until_up()
        except TimeoutError:
            self.trouble = "" if line.trouble is None else str(line.trouble.what.en)
            return False
        else:
            return True
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def _go_on(self, content: bytes) -> None:
        self._in_force = content
        self._line.change(self._broker())

    def _tell(self, step: Renewal) -> None:
        life = self._papers.life()
        self._note(
            EntryKind.CERTIFICATE,
            {"step": step.value, "not_after": None if life is None else life[1]},
        )
