"""Modbus on a serial line: unit, PDU, check sum; the length follows from the function.

"MODBUS over Serial Line Specification and Implementation Guide V1.02", section 2.5.1. The line has
no transaction numbers, so a late answer looks like the answer to the next question: what a client
does about that is in `transactions`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.modbus.errors import FrameError
from sekisho.codec.modbus.pdu import (
    MEI_IDENTIFY,
    READ_SPACES,
    REFUSED_BIT,
    WRITE_FUNCTIONS,
    Function,
)
from sekisho.codec.modbus.tcp import Frame

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_FRAME = 256
_CRC = 2
_FIXED = 8
"""Unit, function, two 16-bit numbers, check sum: every short request, and the echo of a write."""
_REFUSAL = 5
_SIZE_OF_READ = 2
_SIZE_OF_WRITE = 6
_IDENTIFY_MEI = 2
_IDENTIFY_COUNT = 7
_IDENTIFY_OBJECTS = 8
_IDENTIFY_REQUEST = 7
_SEVERAL = frozenset({int(Function.WRITE_COILS), int(Function.WRITE_REGISTERS)})


def _table() -> tuple[int, ...]:
    rows = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
        rows.append(crc)
    return tuple(rows)


_CRC_OF_BYTE = _table()


def crc16(data: bytes) -> int:
    """The check sum (section 2.5.1.2), sent low byte first."""
    crc = 0xFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC_OF_BYTE[(crc ^ byte) & 0xFF]
    return crc


def rtu_frame(unit: int, pdu: bytes) -> bytes:
    """The bytes of a frame."""
    body = bytes((unit,)) + pdu
    return body + crc16(body).to_bytes(_CRC, "little")


def request_size(held: bytes) -> int | None:
    """How long the request is that begins here; None while too little is there to know.

    Raises:
        FrameError: a function whose length is not known.
    """
    if len(held) <= 1:
        return None
    function = held[1]
    if function in _SEVERAL:
        return (
            _SIZE_OF_WRITE + 1 + held[_SIZE_OF_WRITE] + _CRC if len(held) > _SIZE_OF_WRITE else None
        )
    if function in READ_SPACES or function in WRITE_FUNCTIONS:
        return _FIXED
    if function == Function.IDENTIFY:
        return _IDENTIFY_REQUEST
    raise FrameError(f"function {function} in a request")


def reply_size(held: bytes) -> int | None:
    """How long the reply is that begins here; None while too little is there to know.

    Raises:
        FrameError: a function whose length is not known.
    """
    if len(held) <= 1:
        return None
    function = held[1]
    if function & REFUSED_BIT:
        return _REFUSAL
    if function in READ_SPACES:
        return _SIZE_OF_READ + 1 + held[_SIZE_OF_READ] + _CRC if len(held) > _SIZE_OF_READ else None
    if function in WRITE_FUNCTIONS:
        return _FIXED
    if function == Function.IDENTIFY:
        return _identification_size(held)
    raise FrameError(f"function {function} in a reply")


def _identification_size(held: bytes) -> int | None:
    """Walks over the objects, as many as the reply announces."""
    if len(held) <= _IDENTIFY_COUNT:
        return None
    if held[_IDENTIFY_MEI] != MEI_IDENTIFY:
        raise FrameError(f"function 43/{held[_IDENTIFY_MEI]}")
    end = _IDENTIFY_OBJECTS
    for _ in range(held[_IDENTIFY_COUNT]):
        if len(held) <= end + 1:
            return None
        end += 2 + held[end + 1]
    return end + _CRC


class RtuReader:
    """Cuts a line's bytes into frames. Both sides use it, each with its own `size`.

    Nothing that is read raises. What is no frame sets `broken`, and everything is dropped until
    `silence` says that the line has been quiet.
    """

    __slots__ = ("_held", "_size", "broken")

    def __init__(self, size: Callable[[bytes], int | None]) -> None:
        self._size = size
        self._held = b""
        self.broken: str | None = None

    @property
    def partial(self) -> bool:
        """Whether a frame has begun and is not whole yet."""
        return bool(self._held)

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are whole now."""
        frames: list[Frame] = []
        if self.broken is not None:
            return frames
        self._held += data
        while (size := self._whole()) is not None:
            frame, self._held = self._held[:size], self._held[size:]
            if crc16(frame) != 0:  # the sum over a frame and its own check sum is 0
                self._break("the check sum is wrong")
                break
            frames.append(Frame(0, frame[0], frame[1:-_CRC]))
        return frames

    def silence(self) -> None:
        """The line has been quiet: whatever comes now begins a frame."""
        self._held = b""
        self.broken = None

    def _whole(self) -> int | None:
        try:
            size = self._size(self._held)
        except FrameError as error:
            self._break(str(error))
            return None
        if size is not None and size > LARGEST_FRAME:
            self._break(f"a frame of {size} bytes")
            return None
        return size if size is not None and len(self._held) >= size else None

    def _break(self, why: str) -> None:
        self.broken = why
        self._held = b""
