"""Faults on the wire of a simulated device, drawn from a given seed.

What a device says wrongly (frozen, lying, NaN) is its bank's business; this is what its wire does.
On TCP a corrupted frame is damaged in its first nine bytes, the header, function and size: a flipped
bit of a value would be a lie that no Modbus client can see, because TCP frames carry no check sum
of their own. On a serial line any bit may flip.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from sekisho.codec.modbus.pdu import REFUSED_BIT

if TYPE_CHECKING:
    from sekisho.codec.modbus.pdu import ExceptionCode

_HEAD = 9


@dataclass(slots=True, kw_only=True)
class Faults:
    """Switches that may be turned while the server runs. Shares are 0 (never) to 1 (always)."""

    seed: int = 0
    delay_s: float = 0.0
    """Each answer comes this much later; the connection's next request waits behind it."""
    drop: float = 0.0
    """The device acts and does not answer."""
    deaf: float = 0.0
    """The device does not see the request at all."""
    duplicate: float = 0.0
    """The answer comes twice."""
    corrupt: float = 0.0
    """One bit of the answer flips."""
    split: float = 0.0
    """The answer comes in two pieces."""
    cut: float = 0.0
    """The answer ends in mid-frame, and so does the connection (a serial line just falls silent)."""
    refuse: ExceptionCode | None = None
    """The device answers with this exception and does nothing."""
    functions: frozenset[int] | None = None
    """Only these function codes are concerned; None: all."""
    remaining: int | None = None
    """Only so many requests more are concerned; None: until switched off."""
    _random: Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """The same seed draws the same faults."""
        self._random = Random(self.seed)  # noqa: S311  (a simulation, nothing is kept secret)

    def concern(self, function: int) -> bool:
        """Whether this request is one of those that the switches concern; counts it if so."""
        if self.functions is not None and function not in self.functions:
            return False
        if self.remaining is None:
            return True
        self.remaining -= 1
        return self.remaining >= 0

    def happens(self, share: float) -> bool:
        """Draws."""
        return share > 0 and self._random.random() < share

    def refusal(self, pdu: bytes) -> bytes | None:
        """The exception that answers every request, where one is switched on."""
        return None if self.refuse is None else bytes((pdu[0] | REFUSED_BIT, self.refuse))

    def pieces(self, frame: bytes, *, checked: bool) -> tuple[bytes, ...]:
        """What is sent instead of an answer: nothing, one or several pieces.

        Args:
            frame: the answer.
            checked: whether the frame has a check sum, so that any bit may flip.
        """
        if self.happens(self.drop):
            return ()
        if self.happens(self.corrupt):
            place = self._random.randrange(len(frame) if checked else min(_HEAD, len(frame)))
            flipped = frame[place] ^ 1 << self._random.randrange(8)
            frame = frame[:place] + bytes((flipped,)) + frame[place + 1 :]
        if self.happens(self.duplicate):
            frame += frame
        if self.happens(self.split):
            place = self._random.randrange(1, len(frame))
            return frame[:place], frame[place:]
        return (frame,)
