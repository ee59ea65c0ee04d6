"""Calendar entries as an iCalendar file (RFC 5545), the same bytes for the same question."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from sekisho.present.escape import visible
from sekisho.shell.extras import CALENDAR

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sekisho.desk.calendar import Entry
    from sekisho.terms.texts import Lang


def ics_bytes(entries: Iterable[Entry], today: date, lang: Lang) -> bytes:
    """The entries as whole days, with reminders.

    Args:
        entries: what to show.
        today: written as the time of each entry's making, at midnight UTC.
        lang: language of titles and details.

    Raises:
        WorldError: the optional part that writes calendars is not installed.
    """
    try:
        from icalendar import Alarm, Calendar, Event  # noqa: PLC0415  (only this command needs it)
    except ImportError as error:
        raise CALENDAR.absent(error) from error

    calendar = Calendar()
    calendar.add("prodid", "-//Sekisho//register calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("name", "JC-STAR")
    stamp = datetime.combine(today, time(), UTC)
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", stamp)
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("summary", visible(entry.title.says(lang)))
        event.add("description", visible(entry.detail.says(lang)))
        if entry.warn_days:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", visible(entry.title.says(lang)))
            alarm.add("trigger", timedelta(days=-entry.warn_days))
            event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
