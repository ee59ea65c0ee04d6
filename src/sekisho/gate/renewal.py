"""When the gate's certificate for the broker is renewed, and how far a renewal is."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekisho.terms.quantity import WallMs

BEFORE_END_MS = 30 * 86_400_000
"""A person has to carry the request to the operator and the certificate back."""


class Renewal(StrEnum):
    """How far the next certificate is."""

    ASKED = "asked"
    """A new key and its request stand in the state folder; the operator has not answered yet."""
    TRYING = "trying"
    """The operator's answer is there; the broker has not accepted it yet."""
    REFUSED = "refused"
    """The broker did not accept it; the present one stays, and it is tried again."""
    INSTALLED = "installed"
    """The new one was accepted, and the old key destroyed; only in the journal."""


def is_due(start: WallMs, end: WallMs, now: WallMs) -> bool:
    """Whether to ask for the next certificate: after two thirds of its life, 30 days at most before."""
    return now >= max(start + (end - start) * 2 // 3, end - BEFORE_END_MS)
