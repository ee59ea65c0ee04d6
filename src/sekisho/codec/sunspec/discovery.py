"""Which SunSpec models a device has: the walk along its chain, without any I/O of its own.

`discover` is a generator. It yields each `Span` that it wants read and is sent the words, or None
where the device refused the address. It ends with what was found, or raises `WorldError`. The device
is not trusted: every step goes forward, nothing lies beyond 65535, models and words are bounded.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.modbus.pdu import ADDRESSES, Space
from sekisho.codec.points import Span
from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Container

BASES = (40000, 50000, 0)
"""Where the chain may begin (SunSpec Device Information Model Specification, section 5)."""
MARK = (0x5375, 0x6E53)
"""'SunS'."""
END = 0xFFFF
"""The model id behind the last model."""
MOST_MODELS = 128
MOST_WORDS = 20_000
"""Words of all models together that are read; the largest plants need a tenth of that."""
MOST_AT_ONCE = 125
"""Registers in one read of Modbus."""

Words = Sequence[int]
Walk = Generator[Span, "Words | None", "Discovered"]


@dataclass(frozen=True, slots=True)
class Block:
    """One model as it stands in the device."""

    id: int
    address: int
    """Of the model's ID."""
    length: int
    """Words behind ID and length."""
    words: tuple[int, ...] | None
    """ID, length and content, as read at discovery; None: not read, only its place is known."""

    @property
    def span(self) -> Span:
        """The whole model, ID and length included, to read it raw."""
        return Span(Space.HOLDING, self.address, 2 + self.length)


@dataclass(frozen=True, slots=True)
class Discovered:
    """The chain of a device."""

    base: int
    blocks: tuple[Block, ...]

    def of(self, *ids: int) -> tuple[Block, ...]:
        """The blocks of some models, in the order of the chain."""
        return tuple(block for block in self.blocks if block.id in ids)


def discover(wanted: Container[int], where: str, most: int = MOST_AT_ONCE) -> Walk:
    """Finds the chain and reads the models that are wanted.

    Args:
        wanted: ids of the models to read; others are only placed.
        where: the device, for messages.
        most: most registers in one read.

    Raises:
        WorldError: there is no chain, or it is not one that can be believed.
    """
    base = yield from _base(where)
    blocks: list[Block] = []
    address, budget = base + len(MARK), MOST_WORDS
    while True:
        head = yield from _head(address, where)
        if head is None:
            return Discovered(base, tuple(blocks))
        model, length = head
        end = address + 2 + length
        if end > ADDRESSES:
            raise _unbelievable(
                where,
                Text(
                    "SunSpec モデル {id} の長さ {n} は番地 65535 を超えます。",
                    "SunSpec model {id} has the length {n}, which ends beyond address 65535.",
                ).fill(id=model, n=length),
            )
        if len(blocks) == MOST_MODELS:
            raise _unbelievable(
                where,
                Text(
                    "SunSpec モデルの列が {n} 個を超えて続いています。",
                    "The chain of SunSpec models goes on beyond {n} models.",
                ).fill(n=MOST_MODELS),
            )
        words: tuple[int, ...] | None = None
        if model in wanted:
            budget -= length
            if budget < 0:
                raise _unbelievable(
                    where,
                    Text(
                        "SunSpec モデルの合計が {n} 語を超えます。",
                        "The SunSpec models are longer than {n} words together.",
                    ).fill(n=MOST_WORDS),
                )
            content = yield from _all(address + 2, length, most, where)
            words = (model, length, *content)
        blocks.append(Block(model, address, length, words))
        address = end


def _base(where: str) -> Generator[Span, Words | None, int]:
    for base in BASES:
        held = yield Span(Space.HOLDING, base, len(MARK))
        if held is not None and tuple(held) == MARK:
            return base
    raise WorldError(
        Problem(
            where,
            Text(
                "SunSpec の印('SunS')が 40000、50000、0 番地のどこにもありません。",
                "There is no SunSpec mark ('SunS') at address 40000, 50000 or 0.",
            ),
            Text(
                "ユニット番号を確かめ、SunSpec のない機器にはプロファイルを書いてください。",
                "Check the unit number; for a device without SunSpec name a profile.",
            ),
        )
    )


def _head(address: int, where: str) -> Generator[Span, Words | None, tuple[int, int] | None]:
    """Id and length of the model at an address; None at the end of the chain."""
    if address + 1 < ADDRESSES:
        held = yield Span(Space.HOLDING, address, 2)
        match held:
            case (model, length) if model != 0:
                return None if model == END else (model, length)
    if address < ADDRESSES:  # some devices end with the mark alone, without a length behind it
        held = yield Span(Space.HOLDING, address, 1)
        if held is not None and tuple(held) == (END,):
            return None
    raise _unbelievable(
        where,
        Text(
            "SunSpec モデルの列が {address} 番地で、終わりの印なしに切れています。",
            "The chain of SunSpec models breaks off at address {address} without an end mark.",
        ).fill(address=address),
    )


def _all(
    address: int, length: int, most: int, where: str
) -> Generator[Span, Words | None, tuple[int, ...]]:
    content: list[int] = []
    while len(content) < length:
        part = Span(Space.HOLDING, address + len(content), min(max(1, most), length - len(content)))
        held = yield part
        if held is None or len(held) != part.length:
            raise _unbelievable(
                where,
                Text(
                    "SunSpec モデルの {address} 番地から {n} 語が読めません。",
                    "{n} words of a SunSpec model at address {address} cannot be read.",
                ).fill(address=part.address, n=part.length),
            )
        content += held
    return tuple(content)


def _unbelievable(where: str, what: Text) -> WorldError:
    return WorldError(
        Problem(
            where,
            what,
            Text(
                "機器の SunSpec マップが壊れています。メーカーに確かめるか、プロファイルを書いてください。",
                "The SunSpec map of the device is broken; ask its maker, or name a profile.",
            ),
        )
    )
