"""What a person asks on the command line: powers, durations, times, and the half-hours of a plan."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from sekisho.codec.command import HALF_HOUR_MS, MOST_HALF_HOURS, MOST_WATTS
from sekisho.codec.members import FIRST_MS, LAST_MS, Members
from sekisho.site.parsing import located, parsed
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.quantity import WallMs, Watts
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.site.faults import Fault

EARLY_MS = 2_000
"""A permission begins a little in the past: the gate counts the error of its clock against it."""
_POWER = re.compile(r"([+-]?)(\d{1,12})(?:\.(\d{1,9}))?\s?(|k|M|G)[Ww]?", re.ASCII)
_FACTOR = {"": 0, "k": 3, "M": 6, "G": 9}
_DURATION = re.compile(r"(\d{1,6})(s|m|h)", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3_600}
_MOST_WORD = 40
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_NO_POWER = Text("電力として読めません: {given}", "It is no power: {given}")
_POWER_DO = Text(
    "-500kW、1.5MW、1500000 (W) の形で書いてください。放電(系統への逆潮流)が正です。",
    "Write -500kW, 1.5MW or 1500000 (W); discharge (export) is positive.",
)
_NO_DURATION = Text("長さとして読めません: {given}", "It is no length of time: {given}")
_DURATION_DO = Text("90s、10m、2h の形で書いてください。", "Write 90s, 10m or 2h.")
_NO_TIME = Text("時刻として読めません: {given}", "It is no time: {given}")
_TIME_DO = Text(
    "時差を付けて 2026-11-25T00:00+09:00 の形で書いてください。",
    "Write it with its offset, as 2026-11-25T00:00+09:00.",
)
_NO_BOUNDARY = Text("30 分の境界ではありません: {given}", "It is on no half-hour boundary: {given}")
_GAP = Text("コマが連続していません。", "The half-hours do not follow one another.")
_GAP_DO = Text("{wanted} のコマを書いてください。", "Write the half-hour of {wanted}.")
_COUNT = Text("コマが {n} 個あります。", "There are {n} half-hours.")
_COUNT_DO = Text("1 から {most} 個にしてください。", "Give 1 to {most}.")
_HEADER = Text("列が start と power ではありません。", "The columns are not start and power.")
_HEADER_DO = Text(
    "1 行目を start,power とし、時刻(時差付き)と電力(単位付き)を 1 行に 1 コマ書いてください。",
    "Begin with the line start,power; then one half-hour a line: a time with its offset, a power.",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Half-hours that follow one another."""

    start: WallMs
    powers: tuple[Watts, ...]


@dataclass(frozen=True, slots=True)
class For:
    """A permission that lasts so long."""

    ms: int

    def end(self, now: WallMs) -> WallMs:
        """When it ends, if it is given now."""
        return WallMs(now - EARLY_MS + self.ms)


@dataclass(frozen=True, slots=True)
class Until:
    """A permission that ends at a time."""

    moment: WallMs

    def end(self, now: WallMs) -> WallMs:  # noqa: ARG002 - as for `For`
        """When it ends."""
        return self.moment


Lasts: TypeAlias = For | Until


def power(given: str, where: str, *, least: int = -MOST_WATTS) -> Watts:
    """A power in whole W; `1.5MW`, `-500kW`, `1500000`.

    Raises:
        InputError: it is none, is not whole in W, or lies outside `least` and 10 GW.
    """
    found = _POWER.fullmatch(given.strip())
    if found is not None:
        sign, whole, part, unit = found.groups(default="")
        places = _FACTOR[unit]
        if not part[places:].strip("0"):
            digits = whole + part[:places].ljust(places, "0")
            value = int(digits) * (-1 if sign == "-" else 1)
            if least <= value <= MOST_WATTS:
                return Watts(value)
    raise InputError(Problem(where, _NO_POWER.fill(given=given), _POWER_DO))


def duration_ms(given: str, where: str) -> int:
    """A length of time in milliseconds; `90s`, `10m`, `2h`.

    Raises:
        InputError: it is none.
    """
    found = _DURATION.fullmatch(given.strip())
    if found is None or int(found[1]) == 0:
        raise InputError(Problem(where, _NO_DURATION.fill(given=given), _DURATION_DO))
    return int(found[1]) * _SECONDS[found[2]] * 1_000


def moment(given: str, where: str) -> WallMs:
    """A time that states its offset.

    Raises:
        InputError: it is none, or states no offset.
    """
    problem = Problem(where, _NO_TIME.fill(given=given), _TIME_DO)
    try:
        stated = datetime.fromisoformat(given.strip())
        if stated.tzinfo is None:
            raise InputError(problem)
        found = (stated - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        raise InputError(problem) from None
    if not FIRST_MS <= found <= LAST_MS:
        raise InputError(problem)
    return WallMs(found)


def boundary(given: str, where: str) -> WallMs:
    """A time on a half-hour boundary.

    Raises:
        InputError: it is none.
    """
    found = moment(given, where)
    if found % HALF_HOUR_MS:
        raise InputError(Problem(where, _NO_BOUNDARY.fill(given=given), _TIME_DO))
    return found


def next_boundary(now: WallMs) -> WallMs:
    """The first half-hour boundary that is not past."""
    return WallMs(-(-now // HALF_HOUR_MS) * HALF_HOUR_MS)


def plan_of(start: WallMs, powers: Sequence[Watts], where: str) -> Plan:
    """A plan of as many half-hours as a command can carry.

    Raises:
        InputError: there are none, or too many.
    """
    if not 1 <= len(powers) <= MOST_HALF_HOURS:
        what = _COUNT.fill(n=len(powers))
        raise InputError(Problem(where, what, _COUNT_DO.fill(most=MOST_HALF_HOURS)))
    return Plan(start, tuple(powers))


def plan_of_toml(text: str, where: str) -> Plan:
    """A plan from `start = "…"` and `powers = ["1MW", …]`.

    Raises:
        InputError: everything that is wrong with the members, or the first thing with the plan.
    """
    faults: list[Fault] = []
    members = Members(parsed(text, where), (), faults)
    start = members.text("start", _MOST_WORD)
    powers = members.words("powers", MOST_HALF_HOURS)
    members.finish()
    if faults:
        raise InputError(*located(faults, text, where))
    return plan_of(boundary(start, where), [power(one, where) for one in powers], where)


def plan_of_csv(text: str, where: str) -> Plan:
    """A plan from lines `start,power`, in order and without gaps.

    Raises:
        InputError: the first thing that is wrong, with its line.
    """
    lines = csv.reader(text.removeprefix("\ufeff").splitlines())
    header = [name.strip() for name in next(lines, [])]
    if header != ["start", "power"]:
        raise InputError(Problem(f"{where}:1", _HEADER, _HEADER_DO))
    powers: list[Watts] = []
    first: WallMs | None = None
    for number, row in enumerate(lines, 2):
        if not any(cell.strip() for cell in row):
            continue
        place = f"{where}:{number}"
        if len(row) != len(header):
            raise InputError(Problem(place, _HEADER, _HEADER_DO))
        at = boundary(row[0], place)
        first = at if first is None else first
        wanted = WallMs(first + len(powers) * HALF_HOUR_MS)
        if at != wanted:
            shown = (_EPOCH + timedelta(milliseconds=wanted)).isoformat()
            raise InputError(Problem(place, _GAP, _GAP_DO.fill(wanted=shown)))
        powers.append(power(row[1], place))
    return plan_of(first or WallMs(0), powers, where)
