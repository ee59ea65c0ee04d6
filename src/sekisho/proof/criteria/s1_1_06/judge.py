"""S1.1-06: software components can be updated; on the device.

That it is a test on the device is unconfirmed; that the version must be visible before and after comes
from a maker's guide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.evidence.observation_function import ProductShown, UpdateOffered
from sekisho.evidence.observation_words import ShownIn, UpdateAnswer, UpdatePackage
from sekisho.proof.absence import unless_absent
from sekisho.proof.finding import How, broken, left_open, met
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.proof.evidence import Case
    from sekisho.proof.finding import Finding
    from sekisho.proof.statement import EvaluationItem

_NOT_OFFERED = Text(
    "正規のアップデートは試していません。", "No genuine update was offered to the device."
)
_REFUSED = Text(
    "正規のアップデート({component} {offered})を拒みました。",
    "It refused a genuine update ({component} {offered}).",
)
_UNCHANGED = Text(
    "正規のアップデート({component} {offered})の後に、その版になったことが見えていません"
    "(前 {before}、後 {after})。",
    "After a genuine update ({component} {offered}) that version was not seen (before {before}, after "
    "{after}).",
)
_UPDATED = Text(
    "正規のアップデートで {component} が {before} から {after} になりました。",
    "A genuine update took {component} from {before} to {after}.",
)
_NO_PLACE = Text(
    "利用者が版を見られる場所は記録されていません。",
    "No place where the user can read the version was recorded.",
)
_HIDDEN = Text(
    "利用者向けの画面({place})に版がありません。",
    "What the user sees ({place}) shows no version.",
)
_SHOWN = Text(
    "版は {place} に見えます({version})。", "The version is shown at {place} ({version})."
)
_UNSEEN = Text("不明", "not seen")


def judge(case: Case) -> tuple[Finding, ...]:
    """The update, then where its version is shown."""
    return (
        unless_absent(case, case.statement.item(1), _updated),
        unless_absent(case, case.statement.item(2), _shown),
    )


def _updated(case: Case, item: EvaluationItem) -> Finding:
    offered = [
        (piece, seen)
        for piece, seen in case.evidence.of(UpdateOffered)
        if seen.package is UpdatePackage.GENUINE
    ]
    if not offered:
        return left_open(item, _NOT_OFFERED)
    for piece, seen in offered:
        if seen.answer is UpdateAnswer.REFUSED:
            reason = _REFUSED.fill(component=seen.component, offered=seen.offered)
            return broken(item, How.DEVICE, reason, [piece])
    for piece, seen in offered:
        values = {
            "component": seen.component,
            "offered": seen.offered,
            "before": seen.before or _UNSEEN,
            "after": seen.after or _UNSEEN,
        }
        arrived = seen.answer is UpdateAnswer.INSTALLED and seen.after == seen.offered
        if not (arrived and seen.before and seen.after != seen.before):
            return left_open(item, _UNCHANGED.fill(**values), [piece], how=How.DEVICE)
    seen = offered[0][1]
    reason = _UPDATED.fill(component=seen.component, before=seen.before, after=seen.after)
    return met(item, How.DEVICE, reason, [piece for piece, _ in offered])


def _shown(case: Case, item: EvaluationItem) -> Finding:
    screens = [
        (piece, seen)
        for piece, seen in case.evidence.of(ProductShown)
        if seen.shown_in is ShownIn.USER_INTERFACE
    ]
    with_version = [(piece, seen) for piece, seen in screens if seen.version]
    if with_version:
        seen = with_version[0][1]
        reason = _SHOWN.fill(place=seen.place, version=seen.version)
        return met(item, How.DEVICE, reason, [piece for piece, _ in with_version])
    if screens:
        reason = _HIDDEN.fill(place=screens[0][1].place)
        return broken(item, How.DEVICE, reason, [piece for piece, _ in screens])
    return left_open(item, _NO_PLACE)
