"""JSON Schemas of what people write and of what programs read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from sekisho.codec.profile_document import ProfileDocument
from sekisho.desk.document import AssessmentDoc
from sekisho.desk.portfolio.page import PortfolioDoc
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

    from pydantic import BaseModel

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def files() -> Mapping[str, str]:
    """The schemas, by path."""
    of_people = {name: _text(title, doc.model_json_schema()) for name, title, doc in _WRITTEN}
    of_programs = {
        name: _text(f"What `sekisho {words} --format json` {does}", _of(shape))
        for name, words, does, shape in (*_NAMED, *map(_named, _PRINTED))
    }
    bundle = {"evidence-bundle": _text("The payload of an evidence bundle", _of(Manifest))}
    return {
        f"schemas/{name}.schema.json": text
        for name, text in (of_people | of_programs | bundle).items()
    }


_WRITTEN: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("site", "A site file of sekisho", SiteDocument),
    ("gate-tables", "The gate's tables of a site file of sekisho", GateDocument),
    ("profile", "A device profile of sekisho", ProfileDocument),
    ("probe-profile", "A probe profile of sekisho", ProbeDocument),
)
"""What people write: the schema's name, its title, the form."""
_PRINTED: tuple[tuple[str, Any], ...] = (
    ("attack", AttacksDoc),
    ("gate backup", keeping_document.BackupDoc),
    ("gate enrol", keeping_document.EnrolledDoc),
    ("gate request", keeping_document.RequestedDoc),
    ("gate restore", keeping_document.RestoredDoc),
    ("gate seal", keeping_document.SealedDoc),
    ("gate surface", SurfaceDoc),
    ("gate vulnerabilities", VulnerabilitiesDoc),
    ("gate wipe", keeping_document.WipedDoc),
    ("journal show", ShownDoc),
    ("journal verify", VerifiedDoc),
    ("portfolio", PortfolioDoc),
    ("timeline", TimelineDoc),
    ("trust certify", keeping_document.CertifiedDoc),
    ("trust revoke", keeping_document.RevokedDoc),
    ("update status", UpdateStatusDoc),
    ("what-if", WhatIfDoc),
)
"""What a command prints, whose schema bears the command's name."""
_NAMED: tuple[tuple[str, str, str, Any], ...] = (
    ("assessment", "assess", "prints for one site; an array for several", AssessmentDoc),
    ("gate-status", "gate status", "prints: status.json of a running gate", Status),
    ("judgement", "judge", "prints", JudgementDoc),
    ("pack-check", "verify", "prints", PackDoc),
    ("probe-plan", "probe --dry-run", "prints", PlanDoc),
    ("probe-visit", "probe", "prints", VisitDoc),
    ("update", "update check|apply|rollback|resume", "print", UpdateDoc),
)
"""What commands print under a name of its own: name, command, what it does, the form."""


def _named(printed: tuple[str, Any]) -> tuple[str, str, str, Any]:
    words, shape = printed
    return words.replace(" ", "-"), words, "prints", shape


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
