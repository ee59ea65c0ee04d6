"""Guessing at one account at full speed, in virtual time."""

from collections import Counter
from dataclasses import dataclass

from sekisho.gate.admin import desk as desks
from sekisho.gate.admin.book import Book
from sekisho.gate.admin.desk import Desk, Entered, Moment, Wait, begun
from sekisho.gate.admin.words import code_digest
from sekisho.terms.quantity import BootMs, WallMs

SETUP = "SETUP-CODEX-XXXXX-XXXXX"
EPOCH = 1_764_000_000_000
OWNER = "192.0.2.200"
"""From where the account's owner signs in."""
FAR = tuple(f"198.51.100.{n}" for n in range(200))


class Dice:
    """Secrets, never the same twice."""

    def __init__(self) -> None:
        self.thrown = 0

    def __call__(self) -> str:
        self.thrown += 1
        return f"{self.thrown:043}"


DICE = Dice()


@dataclass(frozen=True, slots=True)
class Guessed:
    """How it went."""

    desk: Desk
    compared: int
    waited: int
    entered: int


def moment(now: int, source: str) -> Moment:
    """A moment of the virtual time."""
    return Moment(wall=WallMs(EPOCH + now), boot=BootMs(now), source=source, random=DICE)


def guessing(minutes: int, sources: tuple[str, ...] = FAR, per_second: int = 200) -> Guessed:
    """Guesses, all of them wrong, as fast as a network carries them."""
    held = begun(Book(setup=code_digest(SETUP)), BootMs(0))
    held, _ = desks.first_used(held, "mori", SETUP, "right", moment(0, OWNER))
    told: Counter[str] = Counter()
    for n in range(minutes * 60 * per_second):
        now = n * 1_000 // per_second
        here = moment(now, sources[n % len(sources)])
        held, asked = desks.ask(held, "mori", here)
        if isinstance(asked, Wait):
            told["waited"] += 1
            continue
        told["compared"] += 1
        held, outcome = desks.answered(held, "mori", here, fits=False)
        told["entered"] += isinstance(outcome, Entered)
    return Guessed(held, told["compared"], told["waited"], told["entered"])
