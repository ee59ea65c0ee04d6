"""The published form of an answer: JSON as `sekisho assess --format json` prints it.

The shapes below are the schema; `schemas/assessment.schema.json` is generated from them. Keys and
values that programs compare (verdicts, ids, dates) are the same in both languages; sentences are in
the language asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, assert_never

from typing_extensions import TypedDict

from sekisho.register.model import (
    Accepted,
    Candidates,
    Conflict,
    Gone,
    Label,
    Match,
    Unlisted,
    Unnamed,
)

if TYPE_CHECKING:
    from datetime import date

    from sekisho.desk.result import DeviceFinding, RuleFinding, SiteResult
    from sekisho.terms.texts import Lang

VerdictWord = Literal["met", "broken", "not-applicable", "undetermined"]


class RegisterDoc(TypedDict):
    """The list the answer rests on."""

    list_date: str
    sha256: str
    age_days: int
    source: str
    complete: bool
    stale: bool


class LabelDoc(TypedDict):
    """A label as the list prints it; null where the list does not say."""

    number: str | None
    maker: str
    product: str
    level: int | None
    status: str
    status_raw: str
    issued: str | None
    expires: str | None


class MatchDoc(TypedDict):
    """How a device was looked up.

    `how` is number-and-model, number-alone, maker-and-model or series where a label was accepted;
    else conflict, candidates, vanished, not-listed or unnamed.
    """

    how: str
    candidates: list[LabelDoc]


class DeviceDoc(TypedDict):
    """What one rule says of one device; `device` is null for the site as a whole.

    `asked` says why the rule asks the device for a label, `reason` what was found.
    """

    device: str | None
    verdict: VerdictWord
    asked: str | None
    label: LabelDoc | None
    match: MatchDoc | None
    reason: str
    remedy: str | None


class TriggerDoc(TypedDict):
    """The date by which the rule applies; `assumed` where the day of the question stands in."""

    name: str
    date: str
    assumed: bool


class SourceDoc(TypedDict):
    """One source, with how sure it is."""

    title: str
    url: str
    page: str
    certainty: str


class RuleDoc(TypedDict):
    """One rule's answer."""

    rule: str
    row: str
    title: str
    programme: str
    kind: str
    force: str
    status: str
    counts: bool
    trigger: TriggerDoc
    verdict: VerdictWord
    devices: list[DeviceDoc]
    assumptions: list[str]
    sources: list[SourceDoc]


class DutiesDoc(TypedDict):
    """Duties are judged from attestations and do not enter the verdict unless `--strict`."""

    open: int
    rules: list[str]


class MilestoneDoc(TypedDict):
    """The same question for another date of the site."""

    name: str
    date: str
    verdict: VerdictWord


class AssessmentDoc(TypedDict):
    """One site's assessment."""

    site: str
    name: str
    as_of: str
    known_at: str
    register: RegisterDoc
    verdict: VerdictWord
    rules: list[RuleDoc]
    duties: DutiesDoc
    advice: list[str]
    milestones: list[MilestoneDoc]


def as_json(result: SiteResult, lang: Lang) -> AssessmentDoc:
    """The answer in its published form."""
    facts = result.register
    return {
        "site": result.site.id,
        "name": result.site.name,
        "as_of": result.as_of.isoformat(),
        "known_at": result.known_at.isoformat(),
        "register": {
            "list_date": facts.list_date.isoformat(),
            "sha256": facts.sha256,
            "age_days": facts.age_days,
            "source": facts.source,
            "complete": facts.complete,
            "stale": facts.stale,
        },
        "verdict": result.verdict.value,
        "rules": [_rule(r, result.known_at, lang) for r in result.rules],
        "duties": {
            "open": result.open_duties,
            "rules": [r.statement.id for r in result.rules if r.is_open_duty],
        },
        "advice": [a.says(lang) for a in result.advice],
        "milestones": [
            {"name": m.name.value, "date": m.date.isoformat(), "verdict": m.verdict.value}
            for m in result.milestones
        ],
    }


def label_doc(label: Label) -> LabelDoc:
    """A label in its published form."""
    return {
        "number": label.number,
        "maker": label.makers[0] if label.makers else "",
        "product": label.products[0] if label.products else "",
        "level": label.level,
        "status": label.status.value,
        "status_raw": label.status_raw,
        "issued": label.issued.isoformat() if label.issued else None,
        "expires": label.expires.isoformat() if label.expires else None,
    }


def match_doc(match: Match) -> MatchDoc:
    """How a device was looked up, in its published form."""
    match match:
        case Accepted(labels=labels, how=how):
            return {"how": how.value, "candidates": [label_doc(label) for label in labels]}
        case Conflict(label=label):
            return {"how": "conflict", "candidates": [label_doc(label)]}
        case Candidates(labels=labels):
            return {"how": "candidates", "candidates": [label_doc(label) for label in labels]}
        case Gone(vanished=vanished):
            return {"how": "vanished", "candidates": [label_doc(vanished.label)]}
        case Unlisted():
            return {"how": "not-listed", "candidates": []}
        case Unnamed():
            return {"how": "unnamed", "candidates": []}
        case _ as never:
            assert_never(never)


def _rule(rule: RuleFinding, known_at: date, lang: Lang) -> RuleDoc:
    statement = rule.statement
    return {
        "rule": statement.id,
        "row": statement.row,
        "title": statement.title.says(lang),
        "programme": statement.programme.says(lang),
        "kind": statement.kind.value,
        "force": statement.force.value,
        "status": rule.status.value,
        "counts": rule.counts,
        "trigger": {
            "name": rule.trigger.name,
            "date": rule.trigger.date.isoformat(),
            "assumed": rule.trigger.assumed,
        },
        "verdict": rule.verdict.value,
        "devices": [_device(d, lang) for d in rule.devices],
        "assumptions": [a.says(lang) for a in rule.assumptions],
        "sources": [
            {
                "title": s.title.says(lang),
                "url": s.url,
                "page": s.page,
                "certainty": s.certainty.value,
            }
            for s in statement.sources
            if s.learned <= known_at
        ],
    }


def _device(finding: DeviceFinding, lang: Lang) -> DeviceDoc:
    return {
        "device": finding.device,
        "verdict": finding.verdict.value,
        "asked": finding.asked.says(lang) if finding.asked else None,
        "label": label_doc(finding.label) if finding.label else None,
        "match": match_doc(finding.match) if finding.match else None,
        "reason": finding.reason.says(lang),
        "remedy": finding.remedy.says(lang) if finding.remedy else None,
    }
