"""What is done outside the network: by a program that the auditor's profile names, or by a person."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sekisho.evidence.observation_words import Cut
    from sekisho.proof.plan_lasting import HandTable

_MOST_S = 900.0
_FAILED = Text("プログラムが失敗しました({why})。", "The program failed ({why}).")
_CHECK = Text("プロファイルの command を確かめてください。", "Check command in the profile.")


class Hands(Protocol):
    """Whoever can reach the device itself."""

    async def do(self, how: HandTable, what: Cut | None) -> bool:
        """Cuts this, or with None deletes; False where nobody can."""

    async def installs(self, how: HandTable) -> bool | None:
        """Lets the device install what was handed over; False: it refused, None: nobody can."""


class OwnHands:
    """Programs of the auditor, and the auditor: both on the machine that the probe runs on."""

    def __init__(self, folder: Path, ask: Callable[[str], bool] | None) -> None:
        """Hands.

        Args:
            folder: where a program is started.
            ask: tells a person what to do and returns when it is done; None where nobody is there.
        """
        self._folder = folder
        self._ask = ask

    async def do(self, how: HandTable, what: Cut | None) -> bool:  # noqa: ARG002 - the table says it
        """See `Hands`.

        Raises:
            WorldError: the program cannot be started, fails, or does not end.
        """
        if how.command:
            await self._run(how.command)
            return True
        if how.prompt is None or self._ask is None:
            return False
        return await asyncio.to_thread(self._ask, how.prompt)

    async def installs(self, how: HandTable) -> bool | None:
        """See `Hands`.

        Raises:
            WorldError: the program cannot be started, or ends with another code than 0 and 1.
        """
        if how.command:
            return await self._run(how.command, frozenset({0, 1})) == 0
        if how.prompt is None or self._ask is None:
            return None
        return await asyncio.to_thread(self._ask, how.prompt)

    async def _run(self, command: tuple[str, ...], codes: frozenset[int] = frozenset({0})) -> int:
        try:
            process = await asyncio.create_subprocess_exec(
                *command, cwd=self._folder, stdin=asyncio.subprocess.DEVNULL
            )
        except OSError as error:
            raise _failed(command, error.strerror or str(error)) from error
        try:
            async with asyncio.timeout(_MOST_S):
                code = await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise _failed(command, f"{_MOST_S:.0f} s") from None
        if code not in codes:
            raise _failed(command, f"exit code {code}")
        return code


def _failed(command: tuple[str, ...], why: str) -> WorldError:
    return WorldError(Problem(command[0], _FAILED.fill(why=why), _CHECK))
