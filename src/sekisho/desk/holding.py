"""Whether a device holds a valid label on a day.

The register says what a list printed; this says what follows for one day. Dates are intervals,
both ends included. A label lasts two years at most (IPA), and may be shorter, so an unknown expiry
is `undetermined`, never guessed. Staleness: an old list can no longer show that something is valid,
nor that something is absent.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, assert_never

from sekisho.desk import holding_texts as say
from sekisho.register.model import (
    Accepted,
    Candidates,
    Conflict,
    Gone,
    LabelStatus,
    Unlisted,
    Unnamed,
)
from sekisho.terms.dates import ONE_DAY, plus_years
from sekisho.terms.texts import Text, listed, same, sentences
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from datetime import date

    from sekisho.desk.result import RegisterFacts
    from sekisho.register.model import Label, Match, Register

LONGEST_YEARS = 2
"""A label is valid for at most two years from issue, at every level (IPA, application page)."""

STALE_AFTER_DAYS = 60
"""A list older than this on the day the program runs settles nothing without `--accept-stale`."""


class _Rank(IntEnum):
    BROKEN = 0
    UNDETERMINED = 1
    MET = 2


@dataclass(frozen=True, slots=True)
class Holding:
    """The answer for one device and one day."""

    verdict: Verdict
    label: Label | None
    reason: Text
    remedy: Text | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the label."""

    day: date
    level: int
    bought: date | None


@dataclass(frozen=True, slots=True)
class ListFacts:
    """What of the register a holding depends on."""

    facts: RegisterFacts
    extended: frozenset[str]
    first_seen: dict[str, date]

    @staticmethod
    def of(register: Register, facts: RegisterFacts) -> ListFacts:
        """The register's history, indexed."""
        return ListFacts(facts, register.extended, dict(register.first_seen))


def holding(match: Match, wanted: Wanted, lists: ListFacts) -> Holding:
    """Whether the matched label, if there is one, is valid on the wanted day."""
    match match:
        case Accepted():
            return _best(match, wanted, lists)
        case Conflict():
            return Holding(
                Verdict.UNDETERMINED,
                None,
                say.CONFLICT.fill(field=match.field, stated=match.stated, listed=match.listed),
                say.CONFLICT_REMEDY,
            )
        case Candidates():
            why = match.why
            if not lists.facts.complete:
                why = sentences([why, say.ON_EXCERPT.fill(date=lists.facts.list_date)])
            return Holding(Verdict.UNDETERMINED, None, why, say.CANDIDATES_REMEDY)
        case Gone():
            return Holding(
                Verdict.UNDETERMINED,
                None,
                say.GONE.fill(seen=match.vanished.last_seen, date=lists.facts.list_date),
                say.GONE_REMEDY,
            )
        case Unlisted():
            return _unlisted(lists.facts)
        case Unnamed():
            return Holding(Verdict.UNDETERMINED, None, say.UNNAMED, say.UNNAMED_REMEDY)
        case _ as never:
            assert_never(never)


def turning_days(match: Match, lists: ListFacts, bought: date | None) -> set[date]:
    """Days on which the holding may differ from the day before."""
    if not isinstance(match, Accepted):
        return set()
    days: set[date] = set()
    for label in match.labels:
        days.add(lists.first_seen.get(label.key, lists.facts.list_date))
        days.add(lists.facts.list_date)
        if label.issued is not None:
            days.add(label.issued)
            days.add(_cap(label.issued) + ONE_DAY)
        if label.expires is not None:
            days.add(label.expires + ONE_DAY)
    if bought is not None:
        days.add(bought)
    return days


def _best(match: Accepted, wanted: Wanted, lists: ListFacts) -> Holding:
    answers = [_one(label, wanted, lists) for label in match.labels]
    # Equal ranks: the label that lasts longest, then by key, so that row order never matters.
    best = max(
        answers,
        key=lambda a: (
            _Rank[a.verdict.name],
            str(a.label.expires or "") if a.label else "",
            a.label.key if a.label else "",
        ),
    )
    reason = sentences([best.reason, *match.caveats])
    if best.verdict is Verdict.MET and _version_decides(answers):
        doubtful = sentences([best.reason, say.VERSION_DECIDES])
        return Holding(Verdict.UNDETERMINED, best.label, doubtful, say.VERSION_REMEDY)
    if best.verdict is Verdict.MET and lists.facts.stale:
        stale = say.STALE.fill(date=lists.facts.list_date, days=lists.facts.age_days)
        return Holding(
            Verdict.UNDETERMINED, best.label, sentences([reason, stale]), say.STALE_REMEDY
        )
    return Holding(best.verdict, best.label, reason, best.remedy)


def _version_decides(answers: list[Holding]) -> bool:
    """Whether labels of different versions answer differently.

    Only a device that states no version is matched with labels of different versions; which of
    them is its own is then not known.
    """
    versions = {
        frozenset(a.label.versions): a.verdict for a in answers if a.label and a.label.versions
    }
    return len(versions) > 1 and len(set(versions.values())) > 1


def _one(label: Label, wanted: Wanted, lists: ListFacts) -> Holding:
    def answer(verdict: Verdict, reason: Text, remedy: Text | None = None) -> Holding:
        return Holding(verdict, label, reason, remedy)

    word = same(label.status_raw or "—")
    if label.level is not None and label.level < wanted.level:
        return answer(
            Verdict.BROKEN,
            say.LEVEL_LOW.fill(has=label.level, wants=wanted.level),
            say.LEVEL_LOW_REMEDY.fill(wants=wanted.level),
        )
    match label.status:
        case LabelStatus.REVOKED | LabelStatus.WITHDRAWN:
            return answer(Verdict.BROKEN, say.STATUS_BAD.fill(word=word), say.STATUS_BAD_REMEDY)
        case LabelStatus.EXTENSION_PENDING:
            return answer(Verdict.UNDETERMINED, say.PENDING.fill(word=word), say.PENDING_REMEDY)
        case LabelStatus.UNKNOWN:
            return answer(
                Verdict.UNDETERMINED, say.STATUS_UNKNOWN.fill(word=word), say.STATUS_UNKNOWN_REMEDY
            )
        case LabelStatus.EXPIRED if label.expires and label.expires >= lists.facts.list_date:
            # The word and the date of one row disagree: neither is taken.
            reason = say.EXPIRED_EARLY.fill(word=word, expires=label.expires)
            return answer(Verdict.UNDETERMINED, reason, say.DATES_REMEDY)
        case LabelStatus.EXPIRED | LabelStatus.VALID:
            pass
        case _ as never:
            assert_never(never)
    missing = _missing(label)
    if missing or label.expires is None:
        reason = say.ROW_INCOMPLETE if lists.facts.complete else say.EXCERPT_INCOMPLETE
        return answer(
            Verdict.BROKEN if _surely_over(label, wanted, lists) else Verdict.UNDETERMINED,
            reason.fill(date=lists.facts.list_date, missing=listed(missing)),
            say.INCOMPLETE_REMEDY,
        )
    return _within(label, label.expires, wanted, lists)


def _missing(label: Label) -> list[Text]:
    missing = []
    if label.number is None:
        missing.append(say.NUMBER)
    if label.level is None:
        missing.append(say.LEVEL)
    if label.expires is None:
        missing.append(say.EXPIRY)
    return missing


def _surely_over(label: Label, wanted: Wanted, lists: ListFacts) -> bool:
    """The list itself says it has expired, nobody bought it before, and the day is not earlier."""
    return (
        label.status is LabelStatus.EXPIRED
        and wanted.bought is None
        and wanted.day >= lists.facts.list_date
    )


def _within(label: Label, expires: date, wanted: Wanted, lists: ListFacts) -> Holding:
    """The dates of a row that states its expiry."""
    issued = label.issued
    known_from = issued or lists.first_seen.get(label.key, lists.facts.list_date)

    def answer(verdict: Verdict, reason: Text, remedy: Text | None = None) -> Holding:
        return Holding(verdict, label, reason, remedy)

    if issued is not None and expires < issued:
        reason = say.DATES_CONTRADICT.fill(issued=issued, expires=expires)
        return answer(Verdict.UNDETERMINED, reason, say.DATES_REMEDY)
    if wanted.day > expires:
        if wanted.bought is not None and known_from <= wanted.bought <= expires:
            reason = say.BOUGHT_WHILE_VALID.fill(expires=expires, bought=wanted.bought)
            return answer(Verdict.UNDETERMINED, reason, say.BOUGHT_REMEDY)
        reason = say.ENDED.fill(expires=expires, day=wanted.day)
        return answer(Verdict.BROKEN, reason, say.ENDED_REMEDY.fill(day=wanted.day))
    if wanted.day < known_from:
        if issued is None:
            reason = say.ISSUE_UNKNOWN.fill(seen=known_from, day=wanted.day)
            return answer(Verdict.UNDETERMINED, reason, say.DATES_REMEDY)
        reason = say.NOT_YET.fill(issued=issued, day=wanted.day)
        return answer(Verdict.BROKEN, reason, say.NOT_YET_REMEDY)
    if (
        issued is not None
        and wanted.day > _cap(issued)
        and expires > _cap(issued)
        and label.key not in lists.extended
    ):
        reason = say.LONGER_THAN_CAP.fill(issued=issued, expires=expires, cap=_cap(issued))
        return answer(Verdict.UNDETERMINED, reason, say.DATES_REMEDY)
    since = say.SINCE.fill(issued=issued) if issued else say.SEEN_SINCE.fill(seen=known_from)
    return answer(
        Verdict.MET,
        say.VALID.fill(number=label.number, since=since, expires=expires, day=wanted.day),
    )


def _cap(issued: date) -> date:
    return plus_years(issued, LONGEST_YEARS) - ONE_DAY


def _unlisted(facts: RegisterFacts) -> Holding:
    if not facts.complete:
        return Holding(
            Verdict.UNDETERMINED,
            None,
            say.NOT_ON_EXCERPT.fill(date=facts.list_date),
            say.NOT_ON_EXCERPT_REMEDY,
        )
    if facts.stale:
        return Holding(
            Verdict.UNDETERMINED,
            None,
            say.NOT_ON_STALE.fill(date=facts.list_date, days=facts.age_days),
            say.STALE_REMEDY,
        )
    return Holding(
        Verdict.BROKEN, None, say.NOT_ON_LIST.fill(date=facts.list_date), say.NOT_ON_LIST_REMEDY
    )
