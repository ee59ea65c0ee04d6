"""The breaker at the connection point, and the contacts beside it."""

from __future__ import annotations


class Relay:
    """Opens when it is told to, and stays open until somebody on the spot closes it."""

    __slots__ = ("broken", "open", "stop_pressed")

    def __init__(self) -> None:
        """A closed breaker."""
        self.open = False
        self.broken = False
        """It acknowledges the trip and does not open."""
        self.stop_pressed = False
        """The plant's own stop contact."""

    def trip(self) -> None:
        """Opens the breaker."""
        if not self.broken:
            self.open = True

    def reset_on_the_spot(self) -> None:
        """A person closes it again."""
        self.open = False
