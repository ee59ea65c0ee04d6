"""What is asked of one device over its connection: batches read as planned, frames written once.

Here is counted what goes wrong on the way. One damaged frame in a hundred is a bad line, not a lost
device; several in a row are. Lasting memory is spared: it is written only where it holds another value,
and so often a day at most.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from sekisho.codec.modbus.errors import BusyError, Fault, ModbusError, RefusedError
from sekisho.codec.modbus.pdu import MOST_REGISTERS_READ, Space
from sekisho.codec.modbus.plan import Joints, Plan
from sekisho.codec.points import MOST_NVRAM_A_DAY
from sekisho.codec.registers import UnfitError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sekisho.codec.batch import Batch, Values
    from sekisho.codec.points import Write
    from sekisho.terms.quantity import BootMs

MOST_MISSES = 3
"""Requests in a row without a usable answer, after which the device is lost. What was not read ages
meanwhile, as any reading does."""
DAY_MS = 86_400_000


class Wire(StrEnum):
    """Where a write is."""

    WRITING = "writing"
    """Nothing of it is on the wire yet."""
    ANSWERED = "answered"
    """The device has said that it took it."""
    READ_BACK = "read-back"
    """The set-point that the device shows is known."""


class Client(Protocol):
    """What is needed of a Modbus client."""

    @property
    def connected(self) -> bool:
        """Whether a request could be sent now."""

    async def connect(self) -> None:
        """Connects, where it is not connected."""

    async def close(self) -> None:
        """Closes in order."""

    async def read(self, unit: int, space: Space, address: int, count: int) -> tuple[int, ...]:
        """Reads registers or bits."""

    async def write(self, unit: int, address: int, words: Sequence[int]) -> None:
        """Writes registers together."""

    async def write_coil(self, unit: int, address: int, on: bool) -> None:  # noqa: FBT001 - a coil's value, no switch
        """Writes one bit."""


@dataclass(slots=True)
class Counters:
    """What was counted of one device; metrics show it."""

    reads: int = 0
    writes: int = 0
    errors: dict[Fault, int] = field(default_factory=dict)
    connects: int = 0


class Requests:
    """The requests to one device; see the module's text."""

    def __init__(
        self,
        client: Client,
        unit: int,
        boot: Callable[[], BootMs],
        reached: Callable[[Wire], None],
    ) -> None:
        """Requests over this client.

        Args:
            client: the device's connection, which somebody else makes and closes.
            unit: the device's unit identifier.
            boot: CLOCK_BOOTTIME.
            reached: told where a write is.
        """
        self.counters = Counters()
        self._client = client
        self._unit = unit
        self._boot = boot
        self._reached = reached
        self._most = MOST_REGISTERS_READ
        self._plans: dict[Batch, Plan] = {}
        self._misses = 0
        self._nvram: list[BootMs] = []

    def begin(self, most_words: int) -> None:
        """A new connection, to a device that gives so many registers in one answer."""
        self._most = min(most_words, MOST_REGISTERS_READ)
        self._plans.clear()
        self._misses = 0

    def count(self, error: ModbusError) -> None:
        """One more of its kind."""
        self.counters.errors[error.fault] = self.counters.errors.get(error.fault, 0) + 1

    def missed(self, error: ModbusError) -> None:
        """A request brought no usable answer; once is a bad line.

        Raises:
            ModbusError: the device is lost.
        """
        self._misses += 1
        if self._misses >= MOST_MISSES or not self._client.connected:
            raise error
        self.count(error)

    async def read(self, batch: Batch, *, must: bool = False) -> Values:
        """Values of a batch.

        A device that refuses one read loses only what that read covered. Where an answer is missing
        or damaged, nothing of the batch is new: what is known of it ages.

        Args:
            batch: what to read.
            must: whether a missing answer counts as the loss of the device.

        Raises:
            ModbusError: the device is lost.
            ScaleChangedError: see `Batch.decode`.
        """
        planned = self._planned(batch)
        answers: list[tuple[int, ...] | None] = []
        for fetch in planned.fetches:
            asked = fetch.request
            try:
                words = await self._client.read(self._unit, asked.space, asked.address, asked.count)
            except (BusyError, RefusedError) as error:
                self.count(error)
                answers.append(None)
                continue
            except ModbusError as error:
                if must:
                    raise
                self.missed(error)
                return {}
            self._misses = 0
            self.counters.reads += 1
            answers.append(words)
        return batch.decode(planned.words(answers))

    def _planned(self, batch: Batch) -> Plan:
        """The requests that cover a batch, planned once for each connection."""
        found = self._plans.get(batch)
        if found is None:
            found = Plan.of(batch.spans, Joints(most_registers=self._most))
            self._plans[batch] = found
        return found

    async def write(self, write: Write) -> None:
        """One frame, never sent twice.

        Raises:
            ModbusError: it was refused, or there was no answer.
            UnfitError: it would wear the device's memory more than a day allows.
        """
        if write.nvram:
            if await self._holds(write):
                return
            if not self._may_wear():
                raise UnfitError("the day's writes to lasting memory are used up")
        self._reached(Wire.WRITING)
        if write.space is Space.COIL:
            await self._client.write_coil(self._unit, write.address, bool(write.words[0]))
        else:
            await self._client.write(self._unit, write.address, write.words)
        self._reached(Wire.ANSWERED)
        self.counters.writes += 1

    async def _holds(self, write: Write) -> bool:
        """Whether the device holds already what would be written."""
        span = write.span
        try:
            held = await self._client.read(self._unit, span.space, span.address, span.length)
        except (BusyError, RefusedError):
            return False
        return held == write.words

    def _may_wear(self) -> bool:
        now = self._boot()
        self._nvram = [at for at in self._nvram if now - at < DAY_MS]
        if len(self._nvram) >= MOST_NVRAM_A_DAY:
            return False
        self._nvram.append(now)
        return True
