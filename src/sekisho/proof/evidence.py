"""What a judge is told: the pieces of evidence that may count on the day of the question.

What was seen more than 365 days before that day, or after it, is set aside here, so that no judge can
forget to. The dates of documents are asked where documents are read (`proof.paper`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from sekisho.evidence.observation_paper import DocumentSeen, PortTable
from sekisho.terms.dates import JST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.evidence.observation import Observation, Record
    from sekisho.proof.statement import CriterionStatement

MOST_DAYS = 365
"""Oldest evidence that counts, in days before the day of the question."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Seen = TypeVar("Seen", bound="Observation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One record, as a judge may cite it."""

    number: int
    """Its place in all that was submitted, from 1."""
    record: Record
    vouched: bool
    """Who submitted it is known: a bundle of a known signer, or a document that the asker named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What kind of product the evidence is about."""

    own_gate: bool
    """It is the gate of this program: software that runs on somebody's hardware."""
    hardware: str
    """The hardware model that `[gate] hardware` names; empty where none is named."""

    @property
    def without_hardware(self) -> bool:
        """It is software, and nobody says on what it is delivered."""
        return self.own_gate and not self.hardware


DEVICE = Product(own_gate=False, hardware="")
"""A device that is its own hardware."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that may count for one product on one day."""

    pieces: tuple[Piece, ...]
    as_of: date
    product: Product
    set_aside: tuple[Piece, ...]
    """Seen too long before the day of the question, or after it."""

    def of(self, kind: type[Seen]) -> list[tuple[Piece, Seen]]:
        """The observations of one kind, each with its piece."""
        return [(p, p.record.observed) for p in self.pieces if isinstance(p.record.observed, kind)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question to one judge."""

    evidence: Evidence
    statement: CriterionStatement


def evidence_of(
    submitted: Iterable[tuple[Record, bool]], as_of: date, product: Product = DEVICE
) -> Evidence:
    """The evidence of a day.

    Args:
        submitted: each record, and whether it is vouched for.
        as_of: the day of the question.
        product: what it is about.
    """
    pieces = [
        Piece(number=number, record=record, vouched=vouched)
        for number, (record, vouched) in enumerate(submitted, 1)
    ]
    counted = [piece for piece in pieces if _counts(piece.record, as_of)]
    return Evidence(
        pieces=tuple(counted),
        as_of=as_of,
        product=product,
        set_aside=tuple(piece for piece in pieces if piece not in counted),
    )


def day_of(record: Record) -> date:
    """The Japanese calendar day on which something was seen; the last one for what no calendar holds."""
    try:
        return (_EPOCH + timedelta(milliseconds=record.at)).astimezone(JST).date()
    except OverflowError:
        return date.max


def _counts(record: Record, as_of: date) -> bool:
    if isinstance(record.observed, DocumentSeen | PortTable):
        return True  # what counts is the day that the document bears
    return timedelta(0) <= as_of - day_of(record) <= timedelta(days=MOST_DAYS)
