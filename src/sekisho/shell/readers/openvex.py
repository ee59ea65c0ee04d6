"""OpenVEX 0.2 (JSON): what is said of vulnerabilities in a product."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from sekisho.evidence.observation_paper import OPENVEX, KnownVulnerability
from sekisho.evidence.observation_words import Exploitability, shown
from sekisho.shell.readers.foreign import (
    MOST_PARTS,
    Part,
    Report,
    json_of,
    moment,
    no_report,
    part_of,
    vex_report,
)

_FORM = OPENVEX
_CONTEXT: Final = "https://openvex.dev/ns"
_STATES: Final = {
    "not_affected": Exploitability.NOT_AFFECTED,
    "affected": Exploitability.AFFECTED,
    "fixed": Exploitability.FIXED,
    "under_investigation": Exploitability.UNDER_INVESTIGATION,
}


class _Named(Part):
    name: str = ""
    id: str = Field(default="", alias="@id")


class _Statement(Part):
    vulnerability: _Named
    products: list[_Named] = Field(default_factory=list)
    status: str
    justification: str = ""
    impact_statement: str = ""


class _Document(Part):
    context: str = Field(alias="@context")
    timestamp: str
    last_updated: str | None = None
    statements: list[_Statement]


def read(data: bytes, where: str) -> Report:
    """What is said of the vulnerabilities of a product.

    Raises:
        InputError: it is no OpenVEX document, or names a status that is not known.
    """
    document = part_of(_Document, json_of(data, where, _FORM), where, _FORM)
    if not document.context.startswith(_CONTEXT):
        raise no_report(where, _FORM, "another @context")
    made = moment(document.last_updated or document.timestamp, where, _FORM)
    known = [
        KnownVulnerability(
            id=shown(one.vulnerability.name or one.vulnerability.id),
            component=shown(product.id or product.name),
            state=_state(one.status, where),
            why=shown(" ".join(p for p in (one.justification, one.impact_statement) if p), 2_000),
        )
        for one in document.statements
        for product in (one.products or [_Named()])
    ]
    if len(known) > MOST_PARTS:
        raise no_report(where, _FORM, f"more than {MOST_PARTS} statements")
    components = {one.component for one in known if one.component}
    return vex_report(known, source=_FORM, made=made, checked=len(components))


def _state(status: str, where: str) -> Exploitability:
    state = _STATES.get(status)
    if state is None:
        raise no_report(where, _FORM, f"the status {status[:40]}")
    return state
