"""The last ten minutes of the plant as the gate told them, for the plots: bounded, in memory alone."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.shell.admin.gate_end import GateEnd

EVERY_S = 1.0
KEPT_S = 600
"""What a plot shows at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One second; None is what was not known then."""

    at: int
    """Wall clock of the gate, ms."""
    power: float | None
    setpoint: float | None
    soc: float | None
    frequency: float | None


class History:
    """See the module's text."""

    def __init__(self, gate: GateEnd) -> None:
        self._gate = gate
        self._samples: deque[Sample] = deque(maxlen=int(KEPT_S / EVERY_S))

    @property
    def samples(self) -> tuple[Sample, ...]:
        """What is kept, the oldest first."""
        return tuple(self._samples)

    async def run(self) -> None:
        """Looks once a second, until cancelled."""
        while True:
            status = await self._gate.status()
            if status is not None:
                with suppress(KeyError, TypeError, ValueError):  # a gate of another version
                    self.note(status)
            await asyncio.sleep(EVERY_S)

    def note(self, status: Mapping[str, Any]) -> None:
        """Keeps a status, unless it is the one that was kept last or is older."""
        at = int(status["at"])
        if self._samples and at <= self._samples[-1].at:
            if at < self._samples[-1].at:
                self._samples.clear()  # the clock was set back: what is kept has no place any more
            else:
                return
        self._samples.append(
            Sample(
                at=at,
                power=status["power"],
                setpoint=status["setpoint"],
                soc=status["soc"],
                frequency=status["frequency"],
            )
        )
