"""The admin process's end of the socket: one question at a time, each with its time-out.

The status is asked at most once a second however many pages want it.
"""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sekisho.gate.admin.messages import MOST_ANSWER, AskStatus, question_bytes
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sekisho.gate.admin.messages import Question

ANSWER_S = 5.0
FRESH_S = 1.0
_ENDS = (
    OSError,
    ValueError,
    TimeoutError,
    asyncio.IncompleteReadError,
    asyncio.LimitOverrunError,
)
"""What a question may end with; the connection it was asked on is not used again."""
AWAY = Text("ゲートに接続できません。", "The gate cannot be reached.")


class GateAwayError(Exception):
    """The gate does not answer."""


class GateNoError(Exception):
    """The gate said no, and why."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


class GateBusyError(GateNoError):
    """The gate is asked too much; the same question may be asked again in a second."""


class GateEnd:
    """See the module's text."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = asyncio.Lock()
        self._looking = asyncio.Lock()
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._status: Mapping[str, Any] | None = None
        self._status_at = -FRESH_S

    async def ask(self, question: Question) -> dict[str, Any]:
        """The gate's answer.

        Raises:
            GateAwayError: there is none.
            GateNoError: the gate refuses.
        """
        async with self._turn:
            try:
                async with asyncio.timeout(ANSWER_S):
                    answer = await self._asked(question_bytes(question))
            except _ENDS as error:
                self._drop()
                raise GateAwayError from error
            except BaseException:
                # Its answer is still to come: the next question must not take it for its own.
                self._drop()
                raise
        if "ok" in answer:
            return dict(answer["ok"])
        no = answer.get("no", {})
        kind = GateBusyError if answer.get("busy") else GateNoError
        raise kind(Text(str(no.get("ja", "")), str(no.get("en", ""))))

    async def status(self) -> Mapping[str, Any] | None:
        """What the gate said of itself within the last second; None where it cannot be asked."""
        async with self._looking:  # who comes meanwhile waits for this answer
            if time.monotonic() - self._status_at >= FRESH_S:
                self._status = None
                with suppress(GateAwayError, GateNoError):
                    self._status = await self.ask(AskStatus())
                self._status_at = time.monotonic()
            return self._status

    async def close(self) -> None:
        """No more questions."""
        self._drop()

    async def _asked(self, line: bytes) -> dict[str, Any]:
        if self._ends is None or self._ends[1].is_closing() or self._ends[0].at_eof():
            self._drop()
            self._ends = await asyncio.open_unix_connection(str(self._path), limit=MOST_ANSWER)
        reader, writer = self._ends
        writer.write(line)
        await writer.drain()
        found = json.loads(await reader.readuntil(b"\n"))
        if not isinstance(found, dict):
            raise ValueError("no object")  # noqa: TRY004 - all that is malformed is one fault
        return found

    def _drop(self) -> None:
        if self._ends is not None:
            self._ends[1].transport.abort()
            self._ends = None
