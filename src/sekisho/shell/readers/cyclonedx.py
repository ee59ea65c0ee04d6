"""CycloneDX JSON: a bill of materials (SBOM), and what is said of vulnerabilities in it (VEX).

Only what the observations need is read, by the field names of CycloneDX 1.4 to 1.7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import Field, ValidationError

from sekisho.evidence.observation_paper import (
    CYCLONEDX_VEX,
    Component,
    Components,
    KnownVulnerability,
)
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

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORM = "CycloneDX"
_VERSIONS: Final = frozenset({"1.4", "1.5", "1.6", "1.7"})
_STATES: Final = {
    "resolved": Exploitability.FIXED,
    "resolved_with_pedigree": Exploitability.FIXED,
    "exploitable": Exploitability.AFFECTED,
    "in_triage": Exploitability.UNDER_INVESTIGATION,
    "false_positive": Exploitability.NOT_AFFECTED,
    "not_affected": Exploitability.NOT_AFFECTED,
}
_DEEPEST = 8


class _Component(Part):
    name: str
    version: str = ""
    purl: str = ""
    bom_ref: str = Field(default="", alias="bom-ref")
    components: list[Any] = Field(default_factory=list)


class _Metadata(Part):
    timestamp: str
    component: _Component | None = None


class _Analysis(Part):
    state: str | None = None
    justification: str = ""
    detail: str = ""


class _Affects(Part):
    ref: str


class _Vulnerability(Part):
    id: str
    analysis: _Analysis | None = None
    affects: list[_Affects] = Field(default_factory=list)


class _Document(Part):
    form: str = Field(alias="bomFormat")
    spec: str = Field(alias="specVersion")
    metadata: _Metadata
    components: list[Any] = Field(default_factory=list)
    vulnerabilities: list[_Vulnerability] | None = None


def read(data: bytes, where: str) -> Report:
    """The components of a bill of materials.

    Raises:
        InputError: it is none, bears no time, or has too many parts.
    """
    document = _document(data, where)
    product = document.metadata.component
    made = moment(document.metadata.timestamp, where, _FORM)
    return Report(
        about=frozenset(),
        made=made,
        observations=(
            Components(
                form=f"{_FORM} {document.spec}",
                made=made,
                product=shown(product.name if product else ""),
                version=shown(product.version if product else ""),
                components=tuple(
                    Component(name=shown(c.name), version=shown(c.version), purl=shown(c.purl))
                    for c in _components(document, where)
                ),
            ),
        ),
    )


def read_vex(data: bytes, where: str) -> Report:
    """What is said of the vulnerabilities of a product.

    Raises:
        InputError: it is none, bears no time, or names a state that is not known.
    """
    document = _document(data, where)
    if document.vulnerabilities is None:  # a bill of materials says nothing of vulnerabilities
        raise no_report(where, _FORM, "no vulnerabilities member")
    components = list(_components(document, where))
    names = {c.bom_ref: f"{c.name} {c.version}".strip() for c in components if c.bom_ref}
    made = moment(document.metadata.timestamp, where, _FORM)
    known = [
        KnownVulnerability(
            id=shown(one.id),
            component=shown(names.get(ref, ref)),
            state=_state(one.analysis, where),
            why=shown(_why(one.analysis), 2_000),
        )
        for one in document.vulnerabilities
        for ref in ([a.ref for a in one.affects] or [""])
    ]
    if len(known) > MOST_PARTS:
        raise no_report(where, _FORM, f"more than {MOST_PARTS} vulnerabilities")
    return vex_report(known, source=CYCLONEDX_VEX, made=made, checked=len(components))


def _document(data: bytes, where: str) -> _Document:
    document = part_of(_Document, json_of(data, where, _FORM), where, _FORM)
    if document.form != _FORM or document.spec not in _VERSIONS:
        raise no_report(where, _FORM, f"{document.form} {document.spec}")
    return document


def _components(document: _Document, where: str) -> Iterator[_Component]:
    waiting = [(part, 1) for part in document.components]
    taken = 0
    while waiting:
        part, depth = waiting.pop()
        taken += 1
        if taken > MOST_PARTS or depth > _DEEPEST:
            raise no_report(
                where, _FORM, f"more than {MOST_PARTS} components, or nested too deeply"
            )
        try:
            found = _Component.model_validate(part)
        except ValidationError:
            raise no_report(where, _FORM, "a component that cannot be read") from None
        yield found
        waiting += ((inner, depth + 1) for inner in found.components)


def _state(analysis: _Analysis | None, where: str) -> Exploitability:
    if analysis is None or analysis.state is None:
        return Exploitability.UNASSESSED
    state = _STATES.get(analysis.state)
    if state is None:
        raise no_report(where, _FORM, f"the state {analysis.state[:40]}")
    return state


def _why(analysis: _Analysis | None) -> str:
    if analysis is None:
        return ""
    return " ".join(part for part in (analysis.justification, analysis.detail) if part)
