"""What a simulated device's end of one connection does with requests, and what it counts."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from sekisho.codec.modbus.pdu import WRITE_FUNCTIONS
from sekisho.shell.modbus.bank import Bank, answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekisho.codec.modbus.tcp import Frame
    from sekisho.shell.modbus.faults import Faults

_MOST_WAITING = 64
"""Requests of one connection that may wait behind one another."""
_REMEMBERED = 1000


@dataclass(slots=True)
class Seen:
    """What clients did."""

    connections: int = 0
    """Open now."""
    most_connections: int = 0
    """Open at once, at most."""
    connections_ever: int = 0
    resets: int = 0
    """Connections that ended by a reset instead of an orderly close."""
    requests: int = 0
    write_frames: int = 0
    """Frames whose function changes something, whatever became of them."""
    malformed: int = 0
    """Streams or lines that carried no Modbus."""
    broadcasts: int = 0
    """Requests to unit 0, which nobody here should ever send. They are not answered."""
    recent: deque[tuple[int, bytes]] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    """Unit and PDU of the last requests."""


class Conversation:
    """Serves the requests of one connection, one after the other."""

    def __init__(
        self,
        bank: Bank,
        faults: Faults,
        seen: Seen,
        frame: Callable[[int, int, bytes], bytes],
        send: Callable[[bytes], None],
        cut: Callable[[], None],
        *,
        checked: bool,
    ) -> None:
        self._bank = bank
        self._faults = faults
        self._seen = seen
        self._frame = frame
        self._send = send
        self._cut = cut
        self._checked = checked
        self._waiting: deque[Frame] = deque(maxlen=_MOST_WAITING)
        self._task: asyncio.Task[None] | None = None

    def take(self, frames: list[Frame]) -> None:
        """Requests have arrived."""
        self._waiting.extend(frames)
        if self._task is None:
            self._work()

    def end(self) -> None:
        """Nobody listens any longer. What the device has begun to do, it does."""
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()

    def _work(self) -> None:
        while self._waiting and self._task is None:
            frame = self._waiting.popleft()
            faulty = self._faults.concern(frame.pdu[0])
            if self._unheard(frame, faulty=faulty):
                continue
            pdu = self._faults.refusal(frame.pdu) if faulty else None
            answered = answer(self._bank, frame.unit, frame.pdu) if pdu is None else pdu
            if not faulty and isinstance(answered, bytes):
                self._send(self._frame(frame.transaction, frame.unit, answered))
            else:
                self._task = asyncio.create_task(self._later(frame, answered, faulty=faulty))
                self._task.add_done_callback(self._go_on)

    def _unheard(self, frame: Frame, *, faulty: bool) -> bool:
        self._seen.requests += 1
        self._seen.recent.append((frame.unit, frame.pdu))
        if frame.pdu[0] in WRITE_FUNCTIONS:
            self._seen.write_frames += 1
        if frame.unit == 0:
            self._seen.broadcasts += 1
            return True
        return faulty and self._faults.happens(self._faults.deaf)

    async def _later(self, frame: Frame, answered: Any, *, faulty: bool) -> None:
        pdu: bytes = await answered if isawaitable(answered) else answered
        whole = self._frame(frame.transaction, frame.unit, pdu)
        if not faulty:
            self._send(whole)
            return
        await asyncio.sleep(self._faults.delay_s)
        if self._faults.happens(self._faults.cut):
            self._send(whole[: len(whole) // 2])
            self._cut()
            return
        for number, piece in enumerate(self._faults.pieces(whole, checked=self._checked)):
            if number:
                await asyncio.sleep(0.005)  # so that the pieces do not leave as one
            self._send(piece)

    def _go_on(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            self._cut()
            raise error
        self._work()
