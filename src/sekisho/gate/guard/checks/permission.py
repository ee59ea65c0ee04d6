"""May this key ask this?"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from sekisho.codec.command import Curtail, Release, Schedule, Setpoint, Stop, kind_of, product_of
from sekisho.codec.decision import Reason
from sekisho.gate.guard.check import No

if TYPE_CHECKING:
    from sekisho.codec.command import Command
    from sekisho.gate.guard.check import Finding
    from sekisho.gate.guard.question import Question


def ask(question: Question, command: Command) -> Finding:
    """NOT_PERMITTED: the kind, the product, or more power than the key may ask."""
    key = question.key
    if key is None or not key.permits(command):
        product = product_of(command)
        asked = kind_of(command) if product is None else f"{kind_of(command)} {product}"
        return No(Reason.NOT_PERMITTED, str(asked))
    if key.power_max is None:
        return None
    largest = _largest(command)
    if largest > key.power_max:
        return No(Reason.NOT_PERMITTED, f"{largest} W, this key may ask {key.power_max} W")
    return None


def _largest(command: Command) -> int:
    match command:
        case Setpoint(power=power):
            return abs(power)
        case Schedule(powers=powers):
            return max(abs(power) for power in powers)
        case Curtail() | Stop() | Release():
            return 0
        case _:
            assert_never(command)
