"""What the diagram says of each device's label: from the answer of the rules and of the register.

The verdict is the worst of those that count for the site; the words are those of the table for the
office, so that table and diagram never disagree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.desk.diagram.parts import LabelNote
from sekisho.desk.report.office import label_state
from sekisho.register.model import Accepted
from sekisho.rulebook.statement import Kind
from sekisho.terms.texts import Text, listed, same
from sekisho.terms.verdict import VERDICT_TEXTS, Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.desk.result import SiteResult
    from sekisho.register.model import Match
    from sekisho.site.model import Device
    from sekisho.terms.ids import DeviceId

_STATED = Text("{number}(申告)", "{number} (stated)")
_STATE = Text("{verdict}・{state}", "{verdict}; {state}")
_SOURCE = Text(
    "リスト {date}({kind})、基準日 {as_of}", "list of {date} ({kind}), asked for {as_of}"
)
_WHOLE = Text("全体", "whole")
_EXCERPT = Text("抜粋", "excerpt")


def notes_of(result: SiteResult, matches: Mapping[DeviceId, Match]) -> Mapping[DeviceId, LabelNote]:
    """A note for each device of the site."""
    return {d.id: _note(result, d, matches.get(d.id)) for d in result.site.devices}


def source_of(result: SiteResult) -> Text:
    """What the notes rest on, for the drawing's heading."""
    return _SOURCE.fill(
        date=result.register.list_date,
        kind=_WHOLE if result.register.complete else _EXCERPT,
        as_of=result.as_of,
    )


def _note(result: SiteResult, device: Device, match: Match | None) -> LabelNote:
    verdict = _verdict(result, device.id)
    if verdict is Verdict.NOT_APPLICABLE:
        return LabelNote(_number(device, match), VERDICT_TEXTS[verdict], verdict)
    _, state = label_state(result, device, match)
    return LabelNote(
        _number(device, match), _STATE.fill(verdict=VERDICT_TEXTS[verdict], state=state), verdict
    )


def _verdict(result: SiteResult, device: DeviceId) -> Verdict:
    found = [
        finding.verdict
        for rule in result.rules
        if rule.counts and rule.statement.kind is Kind.LABEL
        for finding in rule.devices
        if finding.device == device
    ]
    return worst(found) if found else Verdict.NOT_APPLICABLE


def _number(device: Device, match: Match | None) -> Text | None:
    """The number on the list; else the owner's, marked as stated."""
    if isinstance(match, Accepted):
        numbers = [same(label.number) for label in match.labels if label.number]
        if numbers:
            return listed(numbers[:1])
    stated = device.identity.label
    return _STATED.fill(number=stated) if stated else None
