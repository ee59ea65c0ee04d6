"""What came of an attack, and its published form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from typing_extensions import TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.lab.attacks.catalogue import Attack
    from sekisho.terms.texts import Lang, Text


class Verdict(StrEnum):
    """How an attack ended."""

    REFUSED = "refused"
    """Nothing changed, and the journal shows the attempt."""
    CONTAINED = "contained"
    """Something changed, within a bound that is told."""
    SUCCEEDED = "succeeded"
    """The attacker got what he wanted, or left no trace."""
    NOT_TESTED = "not-tested"
    """There is nothing to attack yet; it counts as nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One attack, and what came of it."""

    tried: Text
    did: Text
    """What the plant and the gate did."""
    verdict: Verdict
    entries: tuple[int, ...] = ()
    """Numbers of the journal entries that show it."""
    bound: Text | None = None
    """What contained it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A finding, and what the same attack did where its one defence was absent."""

    attack: Attack
    finding: Finding
    proof: Finding | None = None
    """Against a gate without the one defence; None where that was not asked or makes no sense."""

    @property
    def proven(self) -> bool:
        """Whether the attack succeeds where the defence is absent."""
        return self.proof is not None and self.proof.verdict is Verdict.SUCCEEDED


class ProofDoc(TypedDict):
    """The same attack where its one defence is absent."""

    without: str
    did: str
    verdict: str


AttackDoc = TypedDict(
    "AttackDoc",
    {
        "class": int,
        "name": str,
        "tried": str,
        "did": str,
        "journal_ref": list[int],
        "verdict": str,
        "bound": str | None,
        "proof": ProofDoc | None,
    },
)


class AttacksDoc(TypedDict):
    """What `sekisho attack --format json` prints."""

    attacks: list[AttackDoc]


def published(results: Iterable[Result], lang: Lang) -> AttacksDoc:
    """The form for programs; sentences in one language."""
    return {"attacks": [_one(result, lang) for result in results]}


def _one(result: Result, lang: Lang) -> AttackDoc:
    found, proof = result.finding, result.proof
    return {
        "class": result.attack.number,
        "name": result.attack.name,
        "tried": found.tried.says(lang),
        "did": found.did.says(lang),
        "journal_ref": list(found.entries),
        "verdict": found.verdict.value,
        "bound": None if found.bound is None else found.bound.says(lang),
        "proof": None
        if proof is None
        else {
            "without": result.attack.defence.says(lang),
            "did": proof.did.says(lang),
            "verdict": proof.verdict.value,
        },
    }
