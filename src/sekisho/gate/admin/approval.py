"""Documents that wait for people: who handed them in, who approved, and how many it takes.

Asked at the gate's end of the socket, whatever the pages say. A document that lets anything more
happen than what is in force needs two different persons who may approve; one that only takes away
needs one. Handing in is no approval. If what is in force changes meanwhile, the differences change,
and what was approved before is forgotten.

What this is not: the gate believes the admin process about who is signed in. Who has taken over that
process can name two persons; they still cannot sign for the site's authority.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from sekisho.codec.bounds import Bounds
from sekisho.gate.admin.differences import bounds_differences, raises, trust_differences
from sekisho.gate.admin.roles import Permission, Role, may
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.codec.trust import Trust
    from sekisho.gate.admin.differences import Difference
    from sekisho.terms.ids import KeyId
    from sekisho.terms.quantity import BootMs

MOST_WAITING = 8
LIFE_MS = 24 * 3_600_000
"""A document that nobody approved in a day is forgotten; a restart of the gate forgets all."""


class Document(StrEnum):
    """Which of the two."""

    TRUST = "trust.json"
    BOUNDS = "bounds.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who is signed in, as the admin process says."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """What the gate goes by now."""

    trust: Trust
    bounds: Bounds
    curtailing: frozenset[KeyId] = frozenset()
    """Keys by which a curtailment stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A document that waits."""

    digest: str
    """SHA-256 of its bytes: what is approved is this and nothing else."""
    document: Document
    content: Trust | Bounds
    proposer: str
    at: BootMs
    differences: tuple[Difference, ...]
    approvals: tuple[str, ...] = ()
    """Names, each once, in order."""

    @property
    def needed(self) -> int:
        """How many persons must approve."""
        return 2 if raises(self.differences) else 1


Waiting: TypeAlias = tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class No:
    """Not so, and why."""

    why: Text


@dataclass(frozen=True, slots=True)
class Approved:
    """One approval more."""

    proposal: Proposal
    enough: bool
    """It may be put in force now."""


MAY_NOT = Text("この役割ではできません。", "This role may not do that.")
OLDER = Text(
    "有効な版 {version} より新しくありません。", "It is not newer than version {version} in force."
)
OTHER_SITE = Text("別のサイトの文書です。", "It is of another site.")
FULL = Text("待っている文書が多すぎます。", "Too many documents wait.")
GONE = Text("その文書は待っていません。", "No such document waits.")
TWICE = Text(
    "同じ人が二度承認することはできません。もう一人の承認が必要です。",
    "One person cannot approve twice: another one has to.",
)
CHANGED = Text(
    "有効な文書が変わったため、違いを確かめ直してください。承認はまだ数えていません。",
    "What is in force has changed: look at the differences anew. Nothing was counted yet.",
)


def proposed(
    waiting: Waiting,
    digest: str,
    content: Trust | Bounds,
    in_force: InForce,
    person: Person,
    now: BootMs,
) -> tuple[Waiting, Proposal | No]:
    """A signed document is handed in; its signature was verified before."""
    waiting = lasting(waiting, now)
    if not may(person.role, Permission.PROPOSE):
        return waiting, No(MAY_NOT)
    if (fault := _fault(content, in_force)) is not None:
        return waiting, No(fault)
    known = found(waiting, digest)
    if known is not None:
        return waiting, known
    if len(waiting) >= MOST_WAITING:
        return waiting, No(FULL)
    proposal = Proposal(
        digest=digest,
        document=_document(content),
        content=content,
        proposer=person.name,
        at=now,
        differences=differences(content, in_force),
    )
    return (*waiting, proposal), proposal


def approved(
    waiting: Waiting, digest: str, in_force: InForce, person: Person, now: BootMs
) -> tuple[Waiting, Approved | No]:
    """Somebody approves a document."""
    waiting = lasting(waiting, now)
    proposal = found(waiting, digest)
    if not may(person.role, Permission.APPROVE):
        return waiting, No(MAY_NOT)
    if proposal is None:
        return waiting, No(GONE)
    if (fault := _fault(proposal.content, in_force)) is not None:
        return withdrawn(waiting, digest), No(fault)
    now_differs = differences(proposal.content, in_force)
    if now_differs != proposal.differences:
        fresh = replace(proposal, differences=now_differs, approvals=())
        return _with(waiting, fresh), No(CHANGED)
    if person.name in proposal.approvals:
        return waiting, No(TWICE)
    after = replace(proposal, approvals=(*proposal.approvals, person.name))
    enough = len(set(after.approvals)) >= after.needed
    return (withdrawn(waiting, digest) if enough else _with(waiting, after)), Approved(
        after, enough
    )


def may_withdraw(person: Person, proposal: Proposal) -> bool:
    """Who handed it in, and who may approve, may take it back."""
    return may(person.role, Permission.APPROVE) or person.name == proposal.proposer


def withdrawn(waiting: Waiting, digest: str) -> Waiting:
    """Without that document."""
    return tuple(one for one in waiting if one.digest != digest)


def lasting(waiting: Waiting, now: BootMs) -> Waiting:
    """Without those that waited too long."""
    return tuple(one for one in waiting if now - one.at < LIFE_MS)


def differences(content: Trust | Bounds, in_force: InForce) -> tuple[Difference, ...]:
    """What would change."""
    if isinstance(content, Bounds):
        return bounds_differences(in_force.bounds, content)
    return trust_differences(in_force.trust, content, in_force.curtailing)


def _document(content: Trust | Bounds) -> Document:
    return Document.BOUNDS if isinstance(content, Bounds) else Document.TRUST


def _fault(content: Trust | Bounds, in_force: InForce) -> Text | None:
    known = in_force.trust if _document(content) is Document.TRUST else in_force.bounds
    if content.site != known.site:
        return OTHER_SITE
    if content.version <= known.version:
        return OLDER.fill(version=known.version)
    return None


def found(waiting: Waiting, digest: str) -> Proposal | None:
    """The document of a digest."""
    return next((one for one in waiting if one.digest == digest), None)


def _with(waiting: Waiting, proposal: Proposal) -> Waiting:
    return tuple(proposal if one.digest == proposal.digest else one for one in waiting)
