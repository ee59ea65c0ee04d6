"""The clock, read here and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sekisho.terms.dates import JST

if TYPE_CHECKING:
    from datetime import date


def today_in_japan() -> date:
    """The calendar date in Japan now."""
    return datetime.now(JST).date()


def now() -> datetime:
    """The time now, aware, in UTC, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)
