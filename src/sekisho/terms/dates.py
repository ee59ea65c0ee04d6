"""Calendar arithmetic of law: dates are Japanese calendar dates, intervals include both ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta, timezone

JST = timezone(timedelta(hours=9), "JST")
"""Japan Standard Time, which has no daylight saving."""

ONE_DAY = timedelta(days=1)


def plus_years(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes 28 February where it must."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from `first` to `last`, both included; None on either side means open."""

    first: date | None
    last: date | None

    def holds(self, day: date) -> bool:
        """Whether the day lies in the span."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class LawDate:
    """A date of a rule; `assumed` where the source gives only a month and we take its first day."""

    day: date
    assumed: bool
