"""The answers that were given, for duplicates: bounded, and never changed in place.

A new one costs a copy of the newest block only, not of all thousand: what is full is shared by every
later value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from typing_extensions import override

from sekisho.gate.state import MOST_ANSWERS, Answered
from sekisho.terms.ids import CommandId, IssuerId

if TYPE_CHECKING:
    from collections.abc import Iterator

Name: TypeAlias = tuple[IssuerId, CommandId]

_BLOCK = 32
_MOST_BLOCKS = MOST_ANSWERS // _BLOCK


class Answers(Mapping[Name, Answered]):
    """At most `MOST_ANSWERS` of them; the oldest block goes first."""

    __slots__ = ("_blocks",)

    def __init__(self, blocks: tuple[dict[Name, Answered], ...] = ()) -> None:
        self._blocks = blocks
        """The newest first; none is changed after it is put here."""

    @classmethod
    def of(cls, answers: Mapping[Name, Answered]) -> Answers:
        """Any mapping of answers, as one of these."""
        if isinstance(answers, Answers):
            return answers
        found = cls()
        for name, answered in answers.items():
            found = found.remembering(name, answered)
        return found

    def remembering(self, name: Name, answered: Answered) -> Answers:
        """These, and one more; a name that is known already is answered anew."""
        newest = self._blocks[0] if self._blocks else {}
        if len(newest) < _BLOCK or name in newest:
            return Answers(({**newest, name: answered}, *self._blocks[1:]))
        return Answers(({name: answered}, *self._blocks[: _MOST_BLOCKS - 1]))

    @override
    def __getitem__(self, name: Name) -> Answered:
        for block in self._blocks:
            found = block.get(name)
            if found is not None:
                return found
        raise KeyError(name)

    @override
    def __iter__(self) -> Iterator[Name]:
        seen: set[Name] = set()
        for block in self._blocks:
            for name in block:
                if name not in seen:
                    seen.add(name)
                    yield name

    @override
    def __len__(self) -> int:
        return sum(1 for _ in self)
