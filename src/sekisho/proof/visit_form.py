"""What `sekisho probe --format json` prints: a plan, or what a visit gave."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from sekisho.evidence.observation_paper import NotDone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.evidence.observation import Bundle
    from sekisho.proof.plan import Consent, Planned
    from sekisho.terms.quantity import WallMs
    from sekisho.terms.texts import Lang


class PacketDoc(TypedDict):
    """One class of packet."""

    name: str
    what: str
    to: str
    most: int
    changes: str | None


class PlanDoc(TypedDict):
    """What would be sent; nothing was."""

    target: str
    profile: str
    agreed_by: str
    tries: int
    packets: list[PacketDoc]


class RecordDoc(TypedDict):
    """One observation."""

    kind: str
    method: str
    program: str
    at: str


class NotDoneDoc(TypedDict):
    """Something that was not done."""

    what: str
    why: str
    detail: str


class VisitDoc(TypedDict):
    """What a visit gave, and where the bundle is."""

    bundle: str
    sha256: str
    signer: str
    target: str
    profile: str
    began: str
    ended: str
    connections: int
    records: list[RecordDoc]
    not_done: list[NotDoneDoc]


def plan_form(
    target: str, profile: str, consent: Consent, packets: Iterable[Planned], lang: Lang
) -> PlanDoc:
    """A plan for programs; sentences in one language."""
    return {
        "target": target,
        "profile": profile,
        "agreed_by": consent.by,
        "tries": consent.tries,
        "packets": [
            {
                "name": one.name,
                "what": one.what.says(lang),
                "to": one.to,
                "most": one.most,
                "changes": None if one.changes is None else one.changes.value,
            }
            for one in packets
        ],
    }


def visit_form(bundle: Bundle, path: str, sha256: str, signer: str, connections: int) -> VisitDoc:
    """A visit for programs."""
    return {
        "bundle": path,
        "sha256": sha256,
        "signer": signer,
        "target": bundle.target,
        "profile": bundle.profile,
        "began": moment(bundle.began),
        "ended": moment(bundle.ended),
        "connections": connections,
        "records": [
            {"kind": r.observed.kind, "method": r.method, "program": r.program, "at": moment(r.at)}
            for r in bundle.records
            if not isinstance(r.observed, NotDone)
        ],
        "not_done": [
            {"what": one.what.value, "why": one.why.value, "detail": one.detail}
            for one in not_done(bundle)
        ],
    }


def not_done(bundle: Bundle) -> list[NotDone]:
    """What a visit left, and why."""
    return [r.observed for r in bundle.records if isinstance(r.observed, NotDone)]


def moment(at: WallMs) -> str:
    """A time as RFC 3339 writes it."""
    return (
        datetime.fromtimestamp(at / 1_000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    )
