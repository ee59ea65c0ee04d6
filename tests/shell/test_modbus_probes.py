"""What the wire to a device must withstand, asked of our client and of pymodbus.

A client may say that it has no answer; it may never give a wrong one, and never send a write twice.
pymodbus runs with `retries=0` and a deadline of our own, which it needs. `KNOWN` says what it still
fails; an entry that no longer holds is red, so that a change is noticed.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
from typing import TYPE_CHECKING, Protocol

import pytest
from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from sekisho.codec.modbus.errors import ModbusError
from sekisho.codec.modbus.pdu import Space
from sekisho.shell.modbus.client import Timing, serial_client, tcp_client
from sekisho.shell.modbus.link import Serial
from tests.scripted_device import HANG_UP, Asked, ScriptedLine, ScriptedTcp

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.scripted_device import Action, Script

pytestmark = pytest.mark.alone
TIMEOUT = 0.2


class FailedError(Exception):
    """The client says that there is no answer."""

    def __init__(self, fault: str, code: int | None = None) -> None:
        super().__init__(fault)
        self.fault, self.code = fault, code


class Client(Protocol):
    async def connect(self) -> None: ...
    async def close(self) -> None: ...
    async def read(self, address: int, count: int) -> tuple[int, ...]: ...
    async def write(self, address: int, words: tuple[int, ...]) -> None: ...
    @property
    def connected(self) -> bool: ...


class Pymodbus:
    """Version 3.16, bounded."""

    def __init__(self, device: ScriptedTcp | ScriptedLine) -> None:
        self.client: AsyncModbusTcpClient | AsyncModbusSerialClient
        if isinstance(device, ScriptedTcp):
            self.client = AsyncModbusTcpClient(
                "127.0.0.1", port=device.port, timeout=TIMEOUT, retries=0, reconnect_delay=0
            )
        else:
            self.client = AsyncModbusSerialClient(
                device.path, baudrate=115200, timeout=TIMEOUT, retries=0, reconnect_delay=0
            )

    async def connect(self) -> None:
        assert await self.client.connect()

    async def close(self) -> None:
        self.client.close()

    @property
    def connected(self) -> bool:
        return self.client.connected

    async def read(self, address, count):
        asking = functools.partial(self.client.read_holding_registers, count=count)
        return tuple((await self._ask(asking, address)).registers)

    async def write(self, address, words):
        await self._ask(self.client.write_registers, address, list(words))

    async def _ask(self, asking, *arguments):
        try:
            async with asyncio.timeout(TIMEOUT + 0.1):
                answer = await asking(*arguments, device_id=1)
        except (ModbusException, TimeoutError, OSError) as error:
            raise FailedError("silent") from error
        if answer.isError():
            busy = answer.exception_code in (5, 6)
            raise FailedError("busy" if busy else "refused", answer.exception_code)
        return answer


class Ours:
    """The client of the gate."""

    def __init__(self, device: ScriptedTcp | ScriptedLine) -> None:
        timing = Timing(timeout=TIMEOUT)
        if isinstance(device, ScriptedTcp):
            self.client = tcp_client("127.0.0.1", device.port, timing)
        else:
            self.client = serial_client(Serial(path=device.path, baud=115200), timing)

    async def connect(self) -> None:
        await self.client.connect()

    async def close(self) -> None:
        await self.client.close()

    @property
    def connected(self) -> bool:
        return self.client.connected

    async def read(self, address, count):
        try:
            return await self.client.read(1, Space.HOLDING, address, count)
        except ModbusError as error:
            raise FailedError(error.fault.value, error.code) from error

    async def write(self, address, words):
        try:
            await self.client.write(1, address, words)
        except ModbusError as error:
            raise FailedError(error.fault.value, error.code) from error


CLIENTS: dict[str, Callable[[ScriptedTcp | ScriptedLine], Client]] = {
    "ours": Ours,
    "pymodbus": Pymodbus,
}
LINKS: dict[str, Callable[[Script], ScriptedTcp | ScriptedLine]] = {
    "tcp": ScriptedTcp,
    "rtu": ScriptedLine,
}
PROBES: dict[str, tuple[tuple[str, ...], Script, Callable[..., Awaitable[None]]]] = {}
"""Name: the links, the device's script, and what is asked of the client."""


def probe(script: Script, *links: str):
    def take(asked):
        PROBES[asked.__name__] = (links or ("tcp", "rtu"), script, asked)
        return asked

    return take


def always(make: Callable[[Asked], bytes]) -> Script:
    """Every answer is made like this."""
    return lambda asked: (make(asked),)


def first(make: Callable[[Asked], tuple[Action, ...]]) -> Script:
    """The first answer is made like this, the others are true."""
    return lambda asked: make(asked) if asked.number == 0 else (asked.truth(),)


def words(*values: int) -> bytes:
    return b"".join(value.to_bytes(2) for value in values)


async def no_answer(client: Client, *, address: int = 10, count: int = 2) -> FailedError:
    with pytest.raises(FailedError) as failed:
        await client.read(address, count)
    return failed.value


async def right_or_none(client: Client, address: int, count: int = 2) -> bool:
    try:
        answer = await client.read(address, count)
    except FailedError:
        return False
    assert answer == tuple(range(address, address + count))
    return True


async def serves_again(client: Client) -> None:
    """After whatever happened, a client that is connected (again) gets right answers."""
    for address in (300, 400, 500):
        if not client.connected:
            await client.connect()
        if await right_or_none(client, address):
            return
    pytest.fail("no answer any more from a device that is well again")


# ---- one frame per write ---------------------------------------------------------------------


@probe(lambda asked: ())
async def a_silent_device_gets_one_write_frame(client, device):
    with pytest.raises(FailedError):
        await client.write(10, (1, 2))
    await asyncio.sleep(3 * TIMEOUT)
    assert device.writes == 1


@probe(lambda asked: (asked.framed(bytes((asked.pdu[0] | 0x80, 6))),))
async def a_busy_device_gets_one_write_frame(client, device):
    with pytest.raises(FailedError) as failed:
        await client.write(10, (1, 2))
    await asyncio.sleep(TIMEOUT)
    assert (failed.value.fault, device.writes) == ("busy", 1)


@probe(lambda asked: (asked.truth()[:7], HANG_UP), "tcp")
async def a_write_cut_by_a_disconnect_is_not_sent_again(client, device):
    with pytest.raises(FailedError):
        await client.write(10, (1, 2))
    await asyncio.sleep(2 * TIMEOUT)
    assert device.writes == 1


# ---- never an old answer ---------------------------------------------------------------------


@probe(lambda asked: ((0.08, TIMEOUT + 0.04)[asked.number == 0], asked.truth()))
async def a_late_answer_is_not_the_answer_to_the_next_request(client, device):
    await no_answer(client)
    assert await right_or_none(client, 200) or await right_or_none(client, 210)


@probe(lambda asked: (TIMEOUT + 0.04, asked.truth()))
async def a_device_that_is_always_late_never_gives_a_shifted_answer(client, device):
    for address in range(0, 60, 10):
        await right_or_none(client, address)


@probe(lambda asked: (asked.truth() * 2,))
async def a_doubled_answer_is_not_the_answer_to_the_next_request(client, device):
    heard = [await right_or_none(client, address) for address in range(0, 60, 10)]
    assert all(heard)


@probe(lambda asked: (asked.truth(), 0.01, asked.truth()))
async def an_answer_doubled_a_little_later_is_not_the_answer_to_the_next_request(client, device):
    for address in range(0, 60, 10):
        await right_or_none(client, address)
        await device.done()
        await asyncio.sleep(0.01)  # the client's turn to hear it


@probe(
    first(lambda asked: (asked.framed(asked.truth()[7:], transaction=asked.transaction + 1),)),
    "tcp",
)
async def another_transaction_number_is_no_answer(client, device):
    await no_answer(client)
    await serves_again(client)


@probe(
    always(
        lambda asked: (
            asked.framed(bytes((3, 4)) + words(7, 7), transaction=asked.transaction ^ 64)
            + asked.truth()
        )
    ),
    "tcp",
)
async def a_foreign_frame_before_the_answer_is_passed_over(client, device):
    assert await client.read(10, 2) == (10, 11)


@probe(
    always(lambda asked: asked.framed(bytes((3, 4)) + words(7, 7), unit=2) + asked.truth()), "rtu"
)
async def the_answer_of_another_unit_before_ours_is_passed_over(client, device):
    assert await client.read(10, 2) == (10, 11)


# ---- however the bytes arrive ----------------------------------------------------------------


@probe(lambda asked: tuple(itertools.chain(*((bytes((b,)), 0.002) for b in asked.truth()))))
async def an_answer_in_single_bytes_is_whole_in_the_end(client, device):
    assert await client.read(10, 2) == (10, 11)
    assert await client.read(20, 2) == (20, 21)


# ---- what does not fit is no answer ----------------------------------------------------------


@probe(first(lambda asked: (asked.framed(b"\x03\x04" + words(1, 2), unit=9),)))
async def another_unit_is_no_answer(client, device):
    await no_answer(client)
    await serves_again(client)


@probe(first(lambda asked: (asked.framed(b"\x04\x04" + words(1, 2)),)))
async def another_function_is_no_answer(client, device):
    await no_answer(client)
    await serves_again(client)


@probe(first(lambda asked: (asked.framed(b"\x03\x02" + words(1)),)))
async def fewer_registers_than_asked_are_no_answer(client, device):
    await no_answer(client)
    await serves_again(client)


@probe(first(lambda asked: (asked.framed(b"\x03\x06" + words(1, 2, 3)),)))
async def more_registers_than_asked_are_no_answer(client, device):
    await no_answer(client)
    await serves_again(client)


@probe(first(lambda asked: (asked.framed(b"\x03\x04" + words(1)),)), "tcp")
async def a_size_that_promises_more_than_the_frame_holds_is_no_answer(client, device):
    await no_answer(client)
    await serves_again(client)


@probe(first(lambda asked: (asked.truth()[:5] + b"\x03" + asked.truth()[6:],)), "tcp")
async def a_header_with_too_small_a_length_is_no_answer(client, device):
    await no_answer(client)
    await serves_again(client)


@probe(first(lambda asked: (asked.truth()[:5] + b"\x20" + asked.truth()[6:],)), "tcp")
async def a_header_with_too_great_a_length_is_no_answer(client, device):
    await no_answer(client)
    await serves_again(client)


@probe(first(lambda asked: (asked.truth()[:2] + b"\x00\x07" + asked.truth()[4:],)), "tcp")
async def another_protocol_is_no_answer(client, device):
    await no_answer(client)
    await serves_again(client)


@probe(first(lambda asked: (asked.truth()[:-1] + bytes((asked.truth()[-1] ^ 1,)),)), "rtu")
async def a_wrong_check_sum_is_no_answer(client, device):
    await no_answer(client)
    await serves_again(client)


@probe(first(lambda asked: (asked.truth()[:6],)))
async def half_an_answer_is_none_and_the_next_one_is_right(client, device):
    await no_answer(client)
    await serves_again(client)


@probe(first(lambda asked: (asked.framed(asked.pdu[:3] + words(9)),)))
async def the_echo_of_another_value_does_not_acknowledge_a_write(client, device):
    with pytest.raises(FailedError):
        await client.write(10, (1,))


# ---- refusals and loss -----------------------------------------------------------------------


@probe(lambda asked: (asked.framed(bytes((0x83, (2, 5, 6, 0x63)[asked.number]))),))
async def an_exception_names_its_code_and_5_and_6_mean_busy(client, device):
    failed = [await no_answer(client) for _ in range(4)]
    assert [(f.fault, f.code) for f in failed] == [
        ("refused", 2),
        ("busy", 5),
        ("busy", 6),
        ("refused", 0x63),
    ]
    assert len(device.frames) == 4


@probe(first(lambda asked: (asked.truth()[:9], HANG_UP)), "tcp")
async def a_disconnect_in_mid_frame_is_told_at_once(client, device):
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await no_answer(client)
    assert loop.time() - begun < 0.75 * TIMEOUT
    assert not client.connected
    await serves_again(client)


_OLD = "gives the late answer as the answer to the next request"
_UNCHECKED = "gives it as the answer: what came is not compared with what was asked"
KNOWN: dict[tuple[str, str], str] = {
    ("a_late_answer_is_not_the_answer_to_the_next_request", "rtu"): _OLD,
    ("a_device_that_is_always_late_never_gives_a_shifted_answer", "rtu"): _OLD,
    ("the_answer_of_another_unit_before_ours_is_passed_over", "rtu"): "drops the answer after it",
    ("another_function_is_no_answer", "tcp"): _UNCHECKED,
    ("another_function_is_no_answer", "rtu"): _UNCHECKED,
    ("fewer_registers_than_asked_are_no_answer", "tcp"): _UNCHECKED,
    ("fewer_registers_than_asked_are_no_answer", "rtu"): _UNCHECKED,
    ("more_registers_than_asked_are_no_answer", "tcp"): _UNCHECKED,
    ("more_registers_than_asked_are_no_answer", "rtu"): _UNCHECKED,
    ("the_echo_of_another_value_does_not_acknowledge_a_write", "tcp"): _UNCHECKED,
    ("the_echo_of_another_value_does_not_acknowledge_a_write", "rtu"): _UNCHECKED,
    ("a_disconnect_in_mid_frame_is_told_at_once", "tcp"): "tells it at the time-out only",
}
"""(probe, link): how pymodbus 3.16.1 fails it."""


CASES = [
    (client, link, name)
    for name, (links, _, _) in PROBES.items()
    for client, link in itertools.product(CLIENTS, links)
]


def _marked(case):
    client, link, name = case
    known = KNOWN.get((name, link)) if client == "pymodbus" else None
    marks = [pytest.mark.xfail(reason=known, strict=True)] if known else []
    return pytest.param(case, marks=marks, id="-".join(case))


async def _probe(client_name: str, link: str, name: str) -> None:
    _, script, asked = PROBES[name]
    device = LINKS[link](script)
    await device.start()
    client = CLIENTS[client_name](device)
    try:
        await client.connect()
        await asyncio.wait_for(asked(client, device), 10)
    finally:
        await client.close()
        await asyncio.sleep(0)
        await device.close()


@pytest.fixture(scope="module")
def outcomes():
    """All probes at once, some at a time: most of their time is waiting."""

    async def every():
        places = asyncio.Semaphore(16)

        async def one(case):
            async with places:
                await _probe(*case)

        return await asyncio.gather(*(one(case) for case in CASES), return_exceptions=True)

    return dict(zip(CASES, asyncio.run(every()), strict=True))


@pytest.mark.parametrize("case", [_marked(case) for case in CASES])
def test_probe(outcomes, case):
    if outcomes[case] is not None:
        raise outcomes[case]


def test_every_known_failure_names_a_probe():
    assert {(name, link) for _, link, name in CASES} >= set(KNOWN)
