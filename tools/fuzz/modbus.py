"""What a device on the wire can make us read: replies, requests, and both framings.

Any error but the documented one, an answer that does not fit its request, or two outcomes of one
transaction is a finding.
"""

from __future__ import annotations

import contextlib

from sekisho.codec.modbus import replies, requests, rtu, tcp, transactions
from sekisho.codec.modbus.errors import FrameError, RequestError
from sekisho.codec.modbus.pdu import (
    Identification,
    Identify,
    IdentifyCode,
    Read,
    Reply,
    Request,
    Space,
    Values,
    WriteCoil,
    WriteCoils,
    WriteRegister,
    WriteRegisters,
    Written,
)
from tools.fuzz import Target

ASKED: tuple[Request, ...] = (
    Read(Space.HOLDING, 0, 2),
    Read(Space.INPUT, 40, 125),
    Read(Space.COIL, 3, 11),
    Read(Space.DISCRETE, 0, 1),
    WriteCoil(7, on=True),
    WriteRegister(7, 700),
    WriteCoils(7, (True, False, True)),
    WriteRegisters(7, (1, 2, 3)),
    Identify(IdentifyCode.REGULAR),
)
_LONGEST = 600


class WrongError(Exception):
    """A promise of the parsers is broken."""


def one(data: bytes) -> None:
    """One input: the first byte chooses the question, the second cuts the rest in two."""
    if len(data) < 2:  # noqa: PLR2004 - the two that are used up here
        return
    asked = ASKED[data[0] % len(ASKED)]
    cut, heard = data[1], data[2:]
    _reply(asked, heard)
    _request(heard)
    tcp_end = tcp.tcp_frame(0, 1, heard[: max(1, len(heard) % 253)] or b"\x00")
    for make, stream in (
        (transactions.TcpTransactions, heard),
        (transactions.TcpTransactions, tcp_end),
        (transactions.RtuTransactions, heard),
        (transactions.RtuTransactions, rtu.rtu_frame(1, heard)),
    ):
        machine = make(1.0)
        machine.begin(1, asked, 0.0)
        outcomes = [machine.receive(part, 0.1) for part in (stream[:cut], stream[cut:])]
        outcomes.append(machine.expire(1.0))
        if sum(outcome is not None for outcome in outcomes) != 1:
            raise WrongError("a transaction has not exactly one outcome")
    for size in (rtu.request_size, rtu.reply_size):
        line = rtu.RtuReader(size)
        line.feed(heard[:cut])
        line.feed(heard[cut:])


def _reply(asked: Request, heard: bytes) -> None:
    with contextlib.suppress(FrameError):
        reply = replies.parse_reply(asked, heard)
        if isinstance(asked, Read) and isinstance(reply, Values):
            if len(reply.values) != asked.count:
                raise WrongError("another number of values than asked")
            if replies.encode_reply(asked, reply) != heard and asked.space is Space.HOLDING:
                raise WrongError("values that the bytes do not hold")
        if isinstance(reply, Identification) and sum(len(t) for _, t in reply.objects) > len(heard):
            raise WrongError("more text than bytes")


def _request(heard: bytes) -> None:
    with contextlib.suppress(RequestError):
        request = requests.parse_request(heard)
        if requests.parse_request(requests.encode_request(request)) != request:
            raise WrongError("a request that is not what it says")


def _seeds() -> list[bytes]:
    """A right answer to each question, bare and framed, and the questions themselves."""
    found = []
    for number, asked in enumerate(ASKED):
        pdu = replies.encode_reply(asked, _right(asked))
        framed = (pdu, tcp.tcp_frame(0, 1, pdu), rtu.rtu_frame(1, pdu))
        found += [bytes((number, 5)) + heard for heard in (*framed, requests.encode_request(asked))]
    return found


def _right(asked: Request) -> Reply:
    match asked:
        case Read():
            return Values((1,) * asked.count)
        case Identify():
            return Identification(((0, b"Example"), (1, b"M-1"), (2, b"1.0")))
        case _:
            return Written()


TARGETS = {"modbus": Target(one, tuple(_seeds()), longest=_LONGEST)}
