"""Connections to a device: a TCP socket, or a serial line. They move bytes and know no Modbus.

A link can be opened again after it was lost or closed; the old connection is gone before the new
one begins, so a device never sees two of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    Arrived = Callable[[bytes], None]
    Lost = Callable[[str], None]

_COUNTED_TO = 19_200
"""Baud up to which the silence counts characters."""


class Link(Protocol):
    """What a client needs of a connection."""

    async def open(self, arrived: Arrived, lost: Lost) -> None:
        """Connects, once an old connection is gone.

        `lost` is called at most once, and never after `hang_up`.

        Raises:
            OSError: it cannot be reached.
        """

    def send(self, data: bytes) -> bool:
        """Hands one frame to the system; False where it does not take the whole of it."""

    def pending(self) -> bool:
        """Whether bytes that were sent have not reached the other end's system."""

    def withdraw(self) -> None:
        """Ends the connection and takes back what has not reached the other end."""

    def hang_up(self) -> None:
        """Begins an orderly close."""

    async def closed(self) -> None:
        """Until the connection is gone. Bounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serial:
    """A serial line as the data sheet states it: 8 bits, always."""

    path: str
    baud: int = 9600
    parity: Literal["even", "odd", "none"] = "even"
    """The specification's default is even; with none there are two stop bits."""
    stop_bits: Literal[1, 2] = 1

    @property
    def gap(self) -> float:
        """Seconds between two frames: 3.5 characters of 11 bits; 1.75 ms above 19,200 baud.

        "MODBUS over Serial Line V1.02", section 2.5.1.1.
        """
        return 3.5 * 11 / self.baud if self.baud <= _COUNTED_TO else 0.001_75
