"""One request at a time, and never an old answer: the client's side without a socket or a clock.

Each machine makes the bytes of one request, then turns what arrives, or the passing of time, into
one outcome. It never makes the same request twice; whoever wants to ask again asks anew.

On TCP the transaction number tells a late or doubled answer from the one that is awaited; those are
counted in `strays` and dropped. After bytes that are no frame, or a frame that is cut, what still
comes is dropped until the stream has been quiet for a moment: whatever comes then begins a frame, for
a device speaks only when asked. A stream that stays out of step only ever gives malformed answers,
and its user connects anew.

A serial line has no such number: after an answer that was missing,
malformed or followed by more bytes the line must first be quiet for `hold_off`, and what arrives
meanwhile is dropped. An answer that is later than that and has the very shape that the next request
expects cannot be told apart by anyone; so `hold_off` is as long as the time-out unless said
otherwise.

Instants are seconds of a clock that is never set, as the caller reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sekisho.codec.modbus.errors import FrameError
from sekisho.codec.modbus.pdu import Reply, Request
from sekisho.codec.modbus.replies import parse_reply
from sekisho.codec.modbus.requests import encode_request
from sekisho.codec.modbus.rtu import RtuReader, reply_size, rtu_frame
from sekisho.codec.modbus.tcp import TRANSACTIONS, Frame, TcpReader, tcp_frame

HIGHEST_UNIT_TCP = 255
HIGHEST_UNIT_RTU = 247
_QUIET = 0.05
"""Seconds after bytes that nobody waited for: longer than adapters hold back the rest of a frame."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing came by the deadline."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """What came does not answer the request."""

    why: str


Outcome = Reply | Silent | Malformed
"""How a transaction ends, other than by losing the connection."""


class Machine(Protocol):
    """What both framings offer."""

    due: float
    """When the request in flight expires."""
    strays: int
    """Frames that were dropped because nobody waits for them."""

    @property
    def quiet_from(self) -> float:
        """The earliest instant at which the next request may begin."""

    def begin(self, unit: int, request: Request, now: float) -> bytes:
        """The bytes to send, once.

        Raises:
            ValueError: the unit cannot be addressed; 0 would be every device of a line.
            RuntimeError: another request is in flight.
        """

    def receive(self, data: bytes, now: float) -> Outcome | None:
        """What arrived; the outcome where this ends the transaction."""

    def expire(self, now: float) -> Outcome | None:
        """Time has passed; the outcome where the deadline is over."""

    def give_up(self, now: float) -> None:
        """Nobody waits any longer; an answer that still comes is dropped."""


@dataclass(frozen=True, slots=True)
class _Flight:
    transaction: int
    unit: int
    request: Request


class TcpTransactions:
    """Requests over one TCP connection."""

    def __init__(self, timeout: float, *, first: int = 0) -> None:
        self._timeout = timeout
        self._next = first % TRANSACTIONS
        self._reader = TcpReader()
        self._flight: _Flight | None = None
        self._quiet_from = 0.0
        self.due = 0.0
        self.strays = 0

    @property
    def quiet_from(self) -> float:
        """The earliest instant at which the next request may begin."""
        return self._quiet_from

    def begin(self, unit: int, request: Request, now: float) -> bytes:
        """See `Machine`."""
        _free(self._flight)
        _addressable(unit, HIGHEST_UNIT_TCP)
        transaction = self._next
        self._next = (transaction + 1) % TRANSACTIONS
        self._flight = _Flight(transaction, unit, request)
        self.due = now + self._timeout
        return tcp_frame(transaction, unit, encode_request(request))

    def receive(self, data: bytes, now: float) -> Outcome | None:
        """See `Machine`."""
        if self._flight is None and now < self._quiet_from:
            self.strays += 1
            self._resynchronise(now)
            return None
        outcome: Outcome | None = None
        for frame in self._reader.feed(data):
            flight = self._flight
            if flight is None or frame.transaction != flight.transaction:
                self.strays += 1
                continue
            self._flight = None
            outcome = _judge(flight, frame)
        if self._reader.broken is not None and self._flight is not None:
            self._flight = None
            outcome = Malformed(self._reader.broken)
        if self._reader.broken is not None or (
            isinstance(outcome, Malformed) and self._reader.partial
        ):
            self._resynchronise(now)
        return outcome

    def expire(self, now: float) -> Outcome | None:
        """See `Machine`."""
        if self._flight is None or now < self.due:
            return None
        cut = self._reader.partial
        self.give_up(now)
        return Malformed("the answer is cut") if cut else Silent()

    def give_up(self, now: float) -> None:
        """See `Machine`."""
        if self._flight is not None and self._reader.partial:
            self._resynchronise(now)
        self._flight = None

    def _resynchronise(self, now: float) -> None:
        self._reader = TcpReader()
        self._quiet_from = now + _QUIET


class RtuTransactions:
    """Requests over one serial line, which several units may share."""

    def __init__(self, timeout: float, *, hold_off: float | None = None, gap: float = 0.0) -> None:
        """A line.

        Args:
            timeout: how long an answer may take.
            hold_off: how long the line must be quiet after something went wrong.
            gap: the silence between two frames, 3.5 characters (section 2.5.1.1).
        """
        self._timeout = timeout
        self._hold_off = timeout if hold_off is None else hold_off
        self._gap = gap
        self._reader = RtuReader(reply_size)
        self._flight: _Flight | None = None
        self._quiet_from = 0.0
        self.due = 0.0
        self.strays = 0

    def hold(self, now: float) -> None:
        """Keeps the line quiet for the hold-off from now on."""
        self._quiet_from = max(self._quiet_from, now + self._hold_off)

    @property
    def quiet_from(self) -> float:
        """The earliest instant at which the next request may begin."""
        return self._quiet_from

    def begin(self, unit: int, request: Request, now: float) -> bytes:
        """See `Machine`. The caller waits until `quiet_from` first."""
        _free(self._flight)
        _addressable(unit, HIGHEST_UNIT_RTU)
        self._reader.silence()
        self._flight = _Flight(0, unit, request)
        self.due = now + self._timeout
        return rtu_frame(unit, encode_request(request))

    def receive(self, data: bytes, now: float) -> Outcome | None:
        """See `Machine`."""
        flight = self._flight
        if flight is None:
            self.strays += 1
            self._quiet_from = max(self._quiet_from, now + min(self._hold_off, _QUIET))
            return None
        outcome: Outcome | None = None
        more = False
        for frame in self._reader.feed(data):
            if outcome is not None or frame.unit != flight.unit:
                # One answers twice, or another unit answers a question that was given up.
                self.strays += 1
                more = True
                continue
            outcome = _judge(flight, frame)
        if outcome is None and self._reader.broken is not None:
            outcome = Malformed(self._reader.broken)
        if outcome is not None:
            more = more or self._reader.partial or self._reader.broken is not None
            self._end(now, clean=not more and not isinstance(outcome, Malformed))
        return outcome

    def expire(self, now: float) -> Outcome | None:
        """See `Machine`."""
        if self._flight is None or now < self.due:
            return None
        cut = self._reader.partial
        self._end(now, clean=False)
        return Malformed("the answer is cut") if cut else Silent()

    def give_up(self, now: float) -> None:
        """See `Machine`."""
        if self._flight is not None:
            self._end(now, clean=False)

    def _end(self, now: float, *, clean: bool) -> None:
        self._flight = None
        self._quiet_from = now + (self._gap if clean else self._hold_off)


def _judge(flight: _Flight, frame: Frame) -> Outcome:
    if frame.unit != flight.unit:
        return Malformed(f"unit {frame.unit} answers for unit {flight.unit}")
    try:
        return parse_reply(flight.request, frame.pdu)
    except FrameError as error:
        return Malformed(str(error))


def _free(flight: _Flight | None) -> None:
    if flight is not None:
        raise RuntimeError("one request at a time")


def _addressable(unit: int, highest: int) -> None:
    if not 1 <= unit <= highest:
        raise ValueError(f"unit {unit} is not 1 to {highest}; 0 would address every device")
