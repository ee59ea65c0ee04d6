"""A check: one question of the guard, by name, and what it may find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekisho.codec.command import Command
    from sekisho.codec.decision import Limit, Reason
    from sekisho.gate.guard.question import Question
    from sekisho.gate.state import Answered


@dataclass(frozen=True, slots=True)
class No:
    """The command is refused."""

    reason: Reason
    detail: str = ""
    """What was found and what was wanted; never a secret."""


@dataclass(frozen=True, slots=True)
class Known:
    """The same bytes were answered before."""

    answered: Answered


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The command passes with less power than it asks."""

    command: Command
    limits: tuple[Limit, ...]


Finding: TypeAlias = No | Known | Narrowed | None
"""None: nothing speaks against it."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question that is asked of every command."""

    name: str
    ask: Callable[[Question, Command], Finding]
    """Takes the question and the command as earlier checks have narrowed it."""
