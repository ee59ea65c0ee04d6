"""CycloneDX that comes from files: what a bill lists, what a VEX states, and a VEX of our own."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from cyclonedx.exception import CycloneDxException, MissingOptionalDependencyException
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.dependency import Dependency
from cyclonedx.model.impact_analysis import ImpactAnalysisJustification, ImpactAnalysisState
from cyclonedx.model.vulnerability import (
    BomTarget,
    Vulnerability,
    VulnerabilityAnalysis,
    VulnerabilitySource,
)
from cyclonedx.validation.json import JsonStrictValidator

from sekisho.gate.inventory import normalised
from sekisho.gate.vulnerabilities import Package, Stands, Statement
from sekisho.shell.surface.sbom import VERSION
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from cyclonedx.model.component import Component

    from sekisho.gate.vulnerabilities import Findings

MOST_BYTES = 64 * 1024 * 1024
_NO_BILL = Text(
    "CycloneDX 1.6 の JSON として読めません({why})。", "It is no CycloneDX 1.6 in JSON ({why})."
)
_GIVE = Text(
    "sekisho gate sbom が書くような CycloneDX 1.6 の JSON を指定してください。",
    "Give CycloneDX 1.6 in JSON, as sekisho gate sbom writes it.",
)
_UNREADABLE = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    RecursionError,
    CycloneDxException,
)
_NAMESPACE = uuid.UUID("b7a3b0f4-5f2e-5b5e-8a53-3c1f6e0c7d12")
"""Of serial numbers of our own VEX documents."""


def read_bill(path: Path) -> Bom:
    """A CycloneDX document, validated against its schema where that part is installed.

    Raises:
        InputError: it is none, or too large.
        WorldError: the disk failed.
    """
    text = _text(path)
    try:
        fault = _fault(text)
        found = None if fault else _bom(text)
    except _UNREADABLE as error:
        fault, found = str(error) or type(error).__name__, None
    if found is None:
        why = fault.splitlines()[0][:160]
        raise InputError(Problem(str(path), _NO_BILL.fill(why=why), _GIVE))
    return found


def packages_of(bom: Bom) -> tuple[Package, ...]:
    """The Python packages that a bill lists, parts of parts included; each once."""
    own = bom.metadata.component
    found = {p.purl: p for p in _packages([*bom.components, *([own] if own else [])])}
    return tuple(found[purl] for purl in sorted(found))


def statements_of(bom: Bom) -> tuple[Statement, ...]:
    """The statements of a VEX document that settle something, each with a reason.

    A statement without a reason settles nothing: `not_affected` needs a justification, the others need
    words.
    """
    return tuple(s for v in bom.vulnerabilities for s in _statements(v))


def vex_of(found: Findings, bom: Bom, at: datetime) -> Bom:
    """The findings as CycloneDX VEX: what is settled with its reason, what is not as in triage.

    Args:
        found: the answer.
        bom: the bill that was asked about; the document names it.
        at: the time that it is stated for.
    """
    hits = [
        Vulnerability(
            bom_ref=f"{hit.advisory.id}:{hit.package.purl}",
            id=hit.advisory.id,
            source=VulnerabilitySource(name="OSV"),
            description=hit.advisory.summary or None,
            recommendation=", ".join(hit.fixed) or None,
            updated=hit.advisory.modified,
            analysis=_analysis(hit.statement),
            affects=[BomTarget(ref=hit.package.purl)],
        )
        for hit in found.hits
    ]
    named = f"{bom.serial_number} {sorted(h.bom_ref.value or '' for h in hits)}"
    hit = {h.package.purl for h in found.hits}
    parts = [c for c in bom.components if str(c.purl) in hit]
    own = bom.metadata.component
    below = [Dependency(c.bom_ref) for c in parts]
    return Bom(
        serial_number=uuid.uuid5(_NAMESPACE, named),
        metadata=BomMetaData(component=own, timestamp=at),
        components=parts,
        dependencies=[Dependency(own.bom_ref, below)] if own is not None else [],
        vulnerabilities=hits,
    )


def _bom(text: str) -> Bom:
    found = Bom.from_json(json.loads(text))  # type: ignore[attr-defined]  # made by a decorator
    if not isinstance(found, Bom):
        raise TypeError(type(found).__name__)
    return found


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        why = error.strerror or str(error)
        raise WorldError(Problem(str(path), _NO_BILL.fill(why=why), _GIVE)) from error
    if len(content) > MOST_BYTES:
        raise InputError(Problem(str(path), _NO_BILL.fill(why=f"> {MOST_BYTES} B"), _GIVE))
    return content.decode("utf-8", "replace")


def _fault(text: str) -> str:
    try:
        fault = JsonStrictValidator(VERSION).validate_str(text)
    except MissingOptionalDependencyException:
        return ""
    return "" if fault is None else str(fault).splitlines()[0]


def _packages(components: Sequence[Component]) -> Iterator[Package]:
    for component in components:
        purl = component.purl
        if purl is not None and purl.type == "pypi" and purl.version:
            yield Package(name=normalised(purl.name), version=purl.version)
        yield from _packages(list(component.components))


def _statements(vulnerability: Vulnerability) -> Iterator[Statement]:
    analysis = vulnerability.analysis
    if analysis is None or analysis.state is None or vulnerability.id is None:
        return
    if analysis.state.value not in set(Stands):
        return
    stands = Stands(analysis.state.value)
    justification = analysis.justification.value if analysis.justification else ""
    detail = (analysis.detail or "").strip()
    if not (justification if stands is Stands.NOT_AFFECTED else detail):
        return
    reason = ": ".join(part for part in (justification, detail) if part)
    for target in vulnerability.affects:
        yield Statement(
            vulnerability=vulnerability.id, purl=target.ref, stands=stands, reason=reason
        )


def _analysis(statement: Statement | None) -> VulnerabilityAnalysis:
    if statement is None:
        return VulnerabilityAnalysis(state=ImpactAnalysisState.IN_TRIAGE)
    justification, _, detail = statement.reason.partition(": ")
    known = justification in set(ImpactAnalysisJustification)
    return VulnerabilityAnalysis(
        state=ImpactAnalysisState(statement.stands.value),
        justification=ImpactAnalysisJustification(justification) if known else None,
        detail=(detail or None) if known else statement.reason,
    )
