"""What changes if the plant is changed, and what does not.

The second half matters as much: a gateway in front of a PCS leaves the PCS's own duty open, and a
change after an auction registration must be resubmitted and reviewed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.desk.assess import assess
from sekisho.desk.changes import InFront, Move, Swap, edited, named
from sekisho.site.model import Milestone, Programme, Role
from sekisho.site.words import MILESTONE_TEXTS
from sekisho.terms.texts import Text
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sekisho.desk.assess import Desk
    from sekisho.desk.changes import Edit
    from sekisho.desk.result import DeviceFinding, RuleFinding, SiteResult
    from sekisho.site.model import Site
    from sekisho.terms.ids import DeviceId, RuleId

_RESUBMIT = Text(
    "オークション登録({day})後の変更は、再提出して再審査を受ける必要があります(募集要綱 p.59)。"
    "判定が良くなっても、この手続きはなくなりません。",
    "A change after the auction registration ({day}) must be resubmitted and reviewed again "
    "(FY2026 requirements, p.59). A better verdict does not remove that step.",
)
_RESUBMIT_UNDATED = Text(
    "オークションに登録済みなら、機器の変更は再提出して再審査を受ける必要があります"
    "(募集要綱 p.59)。",
    "If the site is already registered for the auction, a change of equipment must be resubmitted "
    "and reviewed again (FY2026 requirements, p.59).",
)
_GATEWAY = Text(
    "ゲートウェイを前に置くと攻撃を受けるリスクは下がりますが、{device} 自身に求められるラベルは"
    "そのまま残ります。ラベルはその製品だけのもので、境界の装置で後ろの機器の範囲は縮みません"
    "(IPA の回答として報じられているもの、二次資料)。",
    "A gateway in front lowers the risk of attack; the label asked of {device} itself is still "
    "asked. A label is that of one product, and a boundary device does not shrink what is behind "
    "it (reported as IPA's answer, second-hand).",
)
_CONVERTER = Text(
    "プロトコル変換器との組合せを一つの構成と認める記述は、SII の令和7年度の先の公募にだけ"
    "あります。ほかの制度で {device} の扱いが変わるとは限りません。",
    "Only the earlier SII call of FY2025 is known to accept a device with a protocol converter as "
    "one configuration. For other programmes the standing of {device} need not change.",
)
_CONVERTER_IP = Text(
    "{device} 自身が IP で通信できる限り、変換器を置いても IP 機器のままです。",
    "As long as {device} itself can speak IP, a converter does not make it a non-IP device.",
)
_MOVED = Text(
    "{name}の日を動かしても規則の適用開始日は動きません。日付の根拠となる書類の控えを残してください。",
    "Moving the date of the {name} does not move the day a rule starts. Keep the paper that shows the date.",
)


@dataclass(frozen=True, slots=True)
class Shift:
    """One rule's answer for one device, before and after; None where there was or is none."""

    rule: RuleFinding
    device: DeviceId | None
    before: Verdict | None
    after: Verdict | None
    finding: DeviceFinding
    """The finding after the change (before, where there is none after)."""

    @property
    def changed(self) -> bool:
        """Whether the verdict differs."""
        return self.before is not self.after

    @property
    def asks_nothing(self) -> bool:
        """Whether a device comes or goes of which the rule asks nothing."""
        return {self.before, self.after} == {None, Verdict.NOT_APPLICABLE}


@dataclass(frozen=True, slots=True)
class DateShift:
    """The site's verdict on one milestone after the change, and before it."""

    name: Milestone
    date: date
    """The date after the change."""
    before: Verdict | None
    """None: the site had no such date."""
    after: Verdict


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Two answers and the difference between them."""

    edits: tuple[Edit, ...]
    before: SiteResult
    after: SiteResult
    changed: tuple[Shift, ...]
    still_open: tuple[Shift, ...]
    """Counted answers that stay broken or undetermined."""
    unchanged: tuple[Text, ...]
    """What the edit does not change."""
    dates: tuple[DateShift, ...]
    """The site's verdict on each of its dates: a label that is good for the application may end
    before commissioning, and a better headline must not hide that."""


def what_if(desk: Desk, site: Site, edits: Sequence[Edit]) -> WhatIf:
    """Assess the site before and after the edits.

    Raises:
        InputError: an edit names a device that the site does not have.
    """
    before = assess(desk, site)
    after = assess(desk, edited(site, edits))
    shifts = _shifts(before, after)
    return WhatIf(
        edits=tuple(edits),
        before=before,
        after=after,
        changed=tuple(s for s in shifts if s.changed and not s.asks_nothing),
        still_open=tuple(
            s
            for s in shifts
            if not s.changed and s.rule.counts and s.after in {Verdict.BROKEN, Verdict.UNDETERMINED}
        ),
        unchanged=tuple(_unchanged(site, edits)),
        dates=_dates(before, after),
    )


def _dates(before: SiteResult, after: SiteResult) -> tuple[DateShift, ...]:
    old = {m.name: m.verdict for m in before.milestones}
    return tuple(DateShift(m.name, m.date, old.get(m.name), m.verdict) for m in after.milestones)


def _shifts(before: SiteResult, after: SiteResult) -> list[Shift]:
    old = {(r.statement.id, d.device): (r, d) for r in before.rules for d in r.devices}
    new = {(r.statement.id, d.device): (r, d) for r in after.rules for d in r.devices}
    keys: dict[tuple[RuleId, DeviceId | None], None] = dict.fromkeys([*new, *old])
    shifts = []
    for key in keys:
        rule, finding = new.get(key) or old[key]
        shifts.append(
            Shift(
                rule=rule,
                device=key[1],
                before=old[key][1].verdict if key in old else None,
                after=new[key][1].verdict if key in new else None,
                finding=finding,
            )
        )
    return shifts


def _unchanged(site: Site, edits: Sequence[Edit]) -> list[Text]:
    said: list[Text] = []
    equipment = any(isinstance(e, Swap | InFront) for e in edits)
    if equipment and Programme.LONG_TERM_AUCTION_2026 in site.joins:
        registered = site.dates.get(Milestone.AUCTION_REGISTRATION)
        said.append(_RESUBMIT.fill(day=registered) if registered else _RESUBMIT_UNDATED)
    for edit in edits:
        match edit:
            case InFront(device, Role.GATEWAY):
                said.append(_GATEWAY.fill(device=device))
            case InFront(device):
                said.append(_CONVERTER.fill(device=device))
                if any(d.speaks_ip is not False for d in named(site, device)):
                    said.append(_CONVERTER_IP.fill(device=device))
            case Move(milestone):
                said.append(_MOVED.fill(name=MILESTONE_TEXTS[milestone]))
            case Swap():
                pass
    return list(dict.fromkeys(said))
