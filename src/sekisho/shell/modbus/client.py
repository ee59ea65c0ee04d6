"""The client: one connection to a device or a serial line, one request at a time.

    client = tcp_client("192.0.2.7", 502, Timing(timeout=0.5))
    await client.connect()
    volts = await client.read(1, Space.INPUT, 40, 2)
    await client.write(1, 100, (0, 500))
    await client.close()

Every request ends by its deadline, in an answer or in one of the errors of
`codec.modbus.errors`; a frame is sent once. Tasks that ask at the same time wait for their turn.
The client never reconnects by itself: its user sees `state` and decides when.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from sekisho.codec.modbus.errors import (
    BusyError,
    DisconnectedError,
    MalformedError,
    RefusedError,
    SilentError,
)
from sekisho.codec.modbus.pdu import (
    ExceptionCode,
    Identification,
    Identify,
    IdentifyCode,
    Read,
    Refusal,
    Reply,
    Request,
    Space,
    Values,
    WriteCoil,
    WriteRegister,
    WriteRegisters,
    Written,
)
from sekisho.codec.modbus.transactions import (
    Machine,
    Malformed,
    Outcome,
    RtuTransactions,
    Silent,
    TcpTransactions,
)
from sekisho.shell.modbus.serial_link import TtyLink
from sekisho.shell.modbus.tcp_link import TcpLink
from sekisho.shell.modbus.timing import State, Timing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sekisho.shell.modbus.link import Link, Serial

__all__ = ["ModbusClient", "State", "Timing", "serial_client", "tcp_client"]

_BUSY = frozenset({int(ExceptionCode.ACKNOWLEDGE), int(ExceptionCode.DEVICE_BUSY)})
_NO_ANSWER = frozenset({int(ExceptionCode.GATEWAY_NO_PATH), int(ExceptionCode.GATEWAY_NO_ANSWER)})
_MOST_IDENTIFICATIONS = 16
"""Frames of one identification; more than any device needs for what it may tell."""


@dataclass(frozen=True, slots=True)
class _Gone:
    why: str


class ModbusClient:
    """See the module's text; `tcp_client` and `serial_client` make one."""

    def __init__(self, link: Link, machine: Callable[[float], Machine], timing: Timing) -> None:
        """A client that is not connected yet.

        Args:
            link: the connection.
            machine: a fresh transaction machine for a connection that begins at this instant.
            timing: how fast and how patiently.
        """
        self._link = link
        self._fresh = machine
        self._timing = timing
        self._machine: Machine | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._awaited: asyncio.Future[Outcome | _Gone] | None = None
        self._not_before = 0.0
        self._failures = 0
        self.state = State.CLOSED
        self.lost_because = ""

    @property
    def connected(self) -> bool:
        """Whether a request could be sent now."""
        return self.state is State.OPEN

    # ---- connection --------------------------------------------------------------------------

    async def connect(self) -> None:
        """Connects, where it is not connected; waits until an old connection is gone.

        Raises:
            DisconnectedError: the device cannot be reached in `Timing.connect`.
        """
        async with self._turn:
            if self.state is State.OPEN:
                return
            self.state = State.CONNECTING
            loop = asyncio.get_running_loop()
            try:
                async with asyncio.timeout(self._timing.connect):
                    await self._link.open(self._arrived, self._lost)
            except OSError as error:  # TimeoutError is one
                self._lose(str(error) or "no connection in time")
                raise DisconnectedError(self.lost_because, sent=False) from error
            except asyncio.CancelledError:
                self._lose("connecting was cancelled")
                raise
            now = loop.time()
            self._machine = self._fresh(now)
            self._not_before = now + self._timing.pause
            self._failures = 0
            self.state = State.OPEN

    async def close(self) -> None:
        """Closes in order, after the request that is in flight."""
        async with self._turn:
            self._machine = None
            self.state = State.CLOSED
            self._link.hang_up()
            await self._link.closed()

    def _lose(self, why: str) -> None:
        self._machine = None
        self.state = State.LOST
        self.lost_because = why
        self._link.hang_up()

    def _lost(self, why: str) -> None:
        self._lose(why)
        self._settle(_Gone(why))

    # ---- requests ----------------------------------------------------------------------------

    async def read(self, unit: int, space: Space, address: int, count: int) -> tuple[int, ...]:
        """`count` values: registers 0 to 65535, or bits 0 and 1.

        Raises:
            ModbusError: there is no answer; the subclass says whose fault it was.
            ValueError: no such request can be sent.
        """
        match await self._ask(unit, Read(space, address, count)):
            case Values(values):
                return values
            case other:
                raise MalformedError(f"{other} answers a read")

    async def read_holding(self, unit: int, address: int, count: int) -> tuple[int, ...]:
        """Registers that can be written. Raises as `read` does."""
        return await self.read(unit, Space.HOLDING, address, count)

    async def read_input(self, unit: int, address: int, count: int) -> tuple[int, ...]:
        """Registers that can only be read. Raises as `read` does."""
        return await self.read(unit, Space.INPUT, address, count)

    async def read_coils(self, unit: int, address: int, count: int) -> tuple[int, ...]:
        """Bits that can be written. Raises as `read` does."""
        return await self.read(unit, Space.COIL, address, count)

    async def write(self, unit: int, address: int, words: Sequence[int]) -> None:
        """Writes registers together, by one frame of function 16. Raises as `read` does."""
        await self._ask(unit, WriteRegisters(address, tuple(words)))

    async def write_single(self, unit: int, address: int, word: int) -> None:
        """Writes one register by function 6, for devices that lack 16. Raises as `read` does."""
        await self._ask(unit, WriteRegister(address, word))

    async def write_coil(self, unit: int, address: int, on: bool) -> None:  # noqa: FBT001 - a coil's value, no switch
        """Writes one bit. Raises as `read` does."""
        await self._ask(unit, WriteCoil(address, on))

    async def identify(self, unit: int) -> Mapping[int, bytes]:
        """Who the device says it is (function 43/14): regular objects, else the basic ones.

        Returns:
            Object number → text: 0 vendor, 1 product code, 2 revision, 4 product, 5 model.

        Raises:
            ModbusError: as `read` does; `RefusedError` where the device has no identification.
        """
        try:
            return await self._identify(unit, IdentifyCode.REGULAR)
        except RefusedError as error:
            if error.code != ExceptionCode.ILLEGAL_VALUE:
                raise
            return await self._identify(unit, IdentifyCode.BASIC)

    async def _identify(self, unit: int, code: IdentifyCode) -> Mapping[int, bytes]:
        found: dict[int, bytes] = {}
        first = 0
        for _ in range(_MOST_IDENTIFICATIONS):
            match await self._ask(unit, Identify(code, first)):
                case Identification(objects, _, following):
                    found.update(objects)
                case other:
                    raise MalformedError(f"{other} answers an identification")
            if following is None:
                return found
            if following <= first:
                break
            first = following
        raise MalformedError("the identification has no end")

    # ---- one transaction ---------------------------------------------------------------------

    async def _ask(self, unit: int, request: Request) -> Reply:
        if self._waiting >= self._timing.most_waiting:
            raise BusyError("too many requests wait for this device", sent=False)
        self._waiting += 1
        try:
            async with self._turn:
                await self._until_quiet()
                return self._result(await self._transact(unit, request))
        finally:
            self._waiting -= 1

    async def _until_quiet(self) -> None:
        """Keeps the gap and, on a line where something went wrong, the silence; bounded."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        latest = now + 3 * self._timing.timeout + self._timing.pause + self._timing.gap
        while self._machine is not None:
            wait = max(self._not_before, self._machine.quiet_from) - now
            if wait <= 0:
                return
            if now >= latest:
                raise MalformedError("the line is never quiet", sent=False)
            await asyncio.sleep(wait)
            now = loop.time()

    async def _transact(self, unit: int, request: Request) -> Outcome | _Gone:
        loop = asyncio.get_running_loop()
        machine = self._machine
        if machine is None:
            raise DisconnectedError(self.lost_because or "not connected", sent=False)
        frame = machine.begin(unit, request, loop.time())
        awaited: asyncio.Future[Outcome | _Gone] = loop.create_future()
        self._awaited = awaited
        if not self._link.send(frame):
            self._lost("the system takes no bytes")
        timer = loop.call_at(machine.due, self._expired, machine)
        try:
            return await awaited
        finally:
            timer.cancel()
            self._awaited = None
            now = loop.time()
            machine.give_up(now)  # does nothing unless this task was cancelled
            self._not_before = now + self._timing.gap

    def _arrived(self, data: bytes) -> None:
        machine = self._machine
        if machine is None:
            return
        outcome = machine.receive(data, asyncio.get_running_loop().time())
        if outcome is None:
            return
        self._settle(outcome)
        if isinstance(outcome, Malformed):
            self._failed("the device makes no sense")
        else:
            self._failures = 0

    def _expired(self, machine: Machine) -> None:
        outcome = machine.expire(machine.due)
        if outcome is None:
            return
        self._settle(outcome)
        if machine is not self._machine:
            return
        if self._link.pending():
            # The frame may still be on its way: it must not arrive after we have given it up.
            self._link.withdraw()
            self._lose("the device is out of reach")
        else:
            self._failed("the device is silent")

    def _failed(self, why: str) -> None:
        self._failures += 1
        if self._failures >= self._timing.failure_limit:
            self._lose(why)

    def _settle(self, outcome: Outcome | _Gone) -> None:
        if self._awaited is not None and not self._awaited.done():
            self._awaited.set_result(outcome)

    def _result(self, outcome: Outcome | _Gone) -> Reply:
        match outcome:
            case Values() | Written() | Identification():
                return outcome
            case Refusal(code) if code in _BUSY:
                raise BusyError(f"exception {code}", code=code)
            case Refusal(code) if code in _NO_ANSWER:
                raise SilentError(f"the gateway has no answer: exception {code}", code=code)
            case Refusal(code):
                raise RefusedError(f"exception {code}", code=code)
            case Silent():
                raise SilentError("no answer in time")
            case Malformed(why):
                raise MalformedError(why)
            case _Gone(why):
                raise DisconnectedError(why)
            case _:
                assert_never(outcome)


def tcp_client(host: str, port: int = 502, timing: Timing | None = None) -> ModbusClient:
    """A client over TCP, not connected yet."""
    timing = timing or Timing()
    link = TcpLink(host, port, user_timeout=timing.timeout * timing.failure_limit)
    return ModbusClient(link, lambda _: TcpTransactions(timing.timeout), timing)


def serial_client(line: Serial, timing: Timing | None = None) -> ModbusClient:
    """A client on a serial line or a pty, not connected yet.

    The line is first held quiet for `hold_off`: whoever used it before may have left a question.
    """
    timing = timing or Timing()

    def fresh(now: float) -> Machine:
        machine = RtuTransactions(timing.timeout, hold_off=timing.hold_off, gap=line.gap)
        machine.hold(now)
        return machine

    return ModbusClient(TtyLink(line), fresh, timing)
