"""JSON Schemas of what people write and of what programs read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from sekisho.codec.profile_document import ProfileDocument
from sekisho.desk.document import AssessmentDoc
from sekisho.desk.portfolio_page import PortfolioDoc
from sekisho.desk.timeline_page import TimelineDoc
from sekisho.desk.what_if_page import WhatIfDoc
from sekisho.evidence.bundle import Manifest
from sekisho.gate import keeping_document
from sekisho.gate.journal.document import ShownDoc, VerifiedDoc
from sekisho.gate.status import Status
from sekisho.gate.surface_document import SurfaceDoc
from sekisho.gate.tables_document import GateDocument
from sekisho.gate.update.published import UpdateDoc, UpdateStatusDoc
from sekisho.gate.vulnerabilities_document import VulnerabilitiesDoc
from sekisho.lab.attacks.finding import AttacksDoc
from sekisho.proof.document import JudgementDoc
from sekisho.proof.pack_document import PackDoc
from sekisho.proof.plan_document import ProbeDocument
from sekisho.proof.visit_form import PlanDoc, VisitDoc
from sekisho.site.document import SiteDocument

if TYPE_CHECKING:
    from collections.abc import Mapping

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def files() -> Mapping[str, str]:
    """The schemas, by path."""
    return {
        "schemas/site.schema.json": _text(
            "A site file of sekisho", SiteDocument.model_json_schema()
        ),
        "schemas/gate-tables.schema.json": _text(
            "The gate's tables of a site file of sekisho", GateDocument.model_json_schema()
        ),
        "schemas/profile.schema.json": _text(
            "A device profile of sekisho", ProfileDocument.model_json_schema()
        ),
        "schemas/probe-profile.schema.json": _text(
            "A probe profile of sekisho", ProbeDocument.model_json_schema()
        ),
        "schemas/probe-plan.schema.json": _text(
            "What `sekisho probe --dry-run --format json` prints", _of(PlanDoc)
        ),
        "schemas/probe-visit.schema.json": _text(
            "What `sekisho probe --format json` prints", _of(VisitDoc)
        ),
        "schemas/gate-status.schema.json": _text(
            "What `sekisho gate status --format json` prints: status.json of a running gate",
            _of(Status),
        ),
        "schemas/gate-surface.schema.json": _text(
            "What `sekisho gate surface --format json` prints", _of(SurfaceDoc)
        ),
        "schemas/gate-vulnerabilities.schema.json": _text(
            "What `sekisho gate vulnerabilities --format json` prints", _of(VulnerabilitiesDoc)
        ),
        "schemas/journal-verify.schema.json": _text(
            "What `sekisho journal verify --format json` prints", _of(VerifiedDoc)
        ),
        "schemas/journal-show.schema.json": _text(
            "What `sekisho journal show --format json` prints", _of(ShownDoc)
        ),
        "schemas/assessment.schema.json": _text(
            "What `sekisho assess --format json` prints for one site; an array for several",
            _of(AssessmentDoc),
        ),
        "schemas/timeline.schema.json": _text(
            "What `sekisho timeline --format json` prints", _of(TimelineDoc)
        ),
        "schemas/portfolio.schema.json": _text(
            "What `sekisho portfolio --format json` prints", _of(PortfolioDoc)
        ),
        "schemas/what-if.schema.json": _text(
            "What `sekisho what-if --format json` prints", _of(WhatIfDoc)
        ),
        "schemas/judgement.schema.json": _text(
            "What `sekisho judge --format json` prints", _of(JudgementDoc)
        ),
        "schemas/pack-check.schema.json": _text(
            "What `sekisho verify --format json` prints", _of(PackDoc)
        ),
        "schemas/evidence-bundle.schema.json": _text(
            "The payload of an evidence bundle", _of(Manifest)
        ),
        **_keeping(),
        "schemas/attack.schema.json": _text(
            "What `sekisho attack --format json` prints", _of(AttacksDoc)
        ),
        "schemas/update-status.schema.json": _text(
            "What `sekisho update status --format json` prints", _of(UpdateStatusDoc)
        ),
        "schemas/update.schema.json": _text(
            "What `sekisho update check|apply|rollback|resume --format json` print", _of(UpdateDoc)
        ),
    }


def _keeping() -> Mapping[str, str]:
    printed: tuple[tuple[str, Any], ...] = (
        ("gate seal", keeping_document.SealedDoc),
        ("gate request", keeping_document.RequestedDoc),
        ("gate enrol", keeping_document.EnrolledDoc),
        ("gate wipe", keeping_document.WipedDoc),
        ("gate backup", keeping_document.BackupDoc),
        ("gate restore", keeping_document.RestoredDoc),
        ("trust certify", keeping_document.CertifiedDoc),
        ("trust revoke", keeping_document.RevokedDoc),
    )
    return {
        f"schemas/{words.replace(' ', '-')}.schema.json": _text(
            f"What `sekisho {words} --format json` prints", _of(doc)
        )
        for words, doc in printed
    }


def _of(shape: Any) -> dict[str, Any]:
    """The schema of a published form; nothing but what it names may stand in it."""
    schema = TypeAdapter(shape).json_schema()
    for part in (schema, *schema.get("$defs", {}).values()):
        if part.get("type") == "object":
            part["additionalProperties"] = False
    return schema


def _text(title: str, schema: dict[str, Any]) -> str:
    whole = {"$schema": _DIALECT, **schema, "title": title}
    return json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
