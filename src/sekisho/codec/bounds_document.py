"""`bounds.json`: its payload to `Bounds` and back; the draft that people write reads the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec import forms
from sekisho.codec.bounds import Bounds, Droop, Lives
from sekisho.codec.command import MOST_WATTS
from sekisho.codec.members import Members, written
from sekisho.codec.strict_json import canonical
from sekisho.codec.trust_document import MOST_VERSION
from sekisho.terms.ids import SiteId
from sekisho.terms.quantity import Celsius, Hertz, Share, Watts
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.site.faults import Fault

MOST_OPENINGS = 3
"""The bounds, droop and life."""
_PER_MILLE = 1_000
_MOST_RESERVE = 500
_TENTHS = 10
_COLDEST, _HOTTEST = -600, 1_200
_MOST_REVERSALS = 3_600
_MOST_MINUTES = 1_440
_NOMINAL = (50_000, 60_000)
_CEILING = Lives()
_DEFAULT_DISTURBED = 100
"""Beyond ±0.1 Hz, half of the control target of the larger areas (±0.2 Hz)."""

_ORDER = Text("{low} が {high} より小さくありません。", "{low} is not below {high}.")
_MEND = Text("2 つの値を確かめてください。", "Check the two values.")
_RAMPS = Text("ramp_max が ramp_dispatch より小さいです。", "ramp_max is below ramp_dispatch.")
_NOT_NOMINAL = Text("標準周波数ではありません。", "It is no nominal frequency.")
_NOMINALS = Text("50000 か 60000 (mHz) です。", "Write 50000 or 60000 (mHz).")
_FAR = Text(
    "frequency_min と frequency_max が標準周波数を挟んでいません。",
    "frequency_min and frequency_max do not enclose the nominal frequency.",
)
_RESERVE = Text(
    "soc_reserve を除くと充電状態の幅がありません。",
    "soc_reserve leaves no room between the limits.",
)
_ROOM = Text(
    "droop の power_max が export_max か import_max を超えています。",
    "power_max of droop is above export_max or import_max.",
)


def bounds_of(table: Mapping[str, object], faults: list[Fault]) -> Bounds:
    """The bounds that a payload or a draft states; `faults` takes everything that is wrong.

    The result counts only where no fault was added.
    """
    members = Members(table, (), faults)
    bounds = Bounds(
        site=SiteId(members.word("site", forms.SITE, forms.SITE_TEXT)),
        version=members.integer("version", 1, MOST_VERSION),
        issued_at=members.time("issued_at"),
        export_max=_power(members, "export_max"),
        import_max=_power(members, "import_max"),
        connection_export_max=_power(members, "connection_export_max"),
        connection_import_max=_power(members, "connection_import_max"),
        soc_min=_share(members, "soc_min"),
        soc_max=_share(members, "soc_max"),
        soc_reserve=Share(members.integer("soc_reserve", 0, _MOST_RESERVE, 0) / _PER_MILLE),
        temperature_min=_celsius(members, "temperature_min"),
        temperature_max=_celsius(members, "temperature_max"),
        ramp_dispatch=members.integer("ramp_dispatch", 1, MOST_WATTS),
        ramp_max=members.integer("ramp_max", 1, MOST_WATTS),
        reversals_per_hour=members.integer("reversals_per_hour", 0, _MOST_REVERSALS),
        frequency_nominal=_hertz(members, "frequency_nominal", 1, 100_000),
        frequency_min=_hertz(members, "frequency_min", 1, 100_000),
        frequency_max=_hertz(members, "frequency_max", 1, 100_000),
        frequency_disturbed=_hertz(members, "frequency_disturbed", 1, 5_000, _DEFAULT_DISTURBED),
        droop=_droop(members.inner("droop")) if members.has("droop") else None,
        life=_lives(members.inner("life")) if members.has("life") else _CEILING,
    )
    members.finish()
    if not faults:
        _ask_together(members, bounds)
    return bounds


def bounds_payload(bounds: Bounds) -> bytes:
    """The payload of bounds.json, in its one canonical spelling."""
    form: dict[str, object] = {
        "site": bounds.site,
        "version": bounds.version,
        "issued_at": written(bounds.issued_at),
        "export_max": bounds.export_max,
        "import_max": bounds.import_max,
        "connection_export_max": bounds.connection_export_max,
        "connection_import_max": bounds.connection_import_max,
        "soc_min": round(bounds.soc_min * _PER_MILLE),
        "soc_max": round(bounds.soc_max * _PER_MILLE),
        "soc_reserve": round(bounds.soc_reserve * _PER_MILLE),
        "temperature_min": round(bounds.temperature_min * _TENTHS),
        "temperature_max": round(bounds.temperature_max * _TENTHS),
        "ramp_dispatch": bounds.ramp_dispatch,
        "ramp_max": bounds.ramp_max,
        "reversals_per_hour": bounds.reversals_per_hour,
        "frequency_nominal": _millihertz(bounds.frequency_nominal),
        "frequency_min": _millihertz(bounds.frequency_min),
        "frequency_max": _millihertz(bounds.frequency_max),
        "frequency_disturbed": _millihertz(bounds.frequency_disturbed),
        "life": {
            "setpoint": bounds.life.setpoint,
            "schedule": bounds.life.schedule,
            "curtail": bounds.life.curtail,
            "stop": bounds.life.stop,
            "release": bounds.life.release,
        },
    }
    if bounds.droop is not None:
        form["droop"] = {
            "deadband": _millihertz(bounds.droop.deadband),
            "slope": bounds.droop.slope,
            "power_max": bounds.droop.power_max,
            "reserve_minutes": bounds.droop.reserve_minutes,
        }
    return canonical(form)


def _droop(members: Members) -> Droop:
    droop = Droop(
        deadband=_hertz(members, "deadband", 0, 1_000),
        slope=Watts(members.integer("slope", 1, MOST_WATTS)),
        power_max=_power(members, "power_max"),
        reserve_minutes=members.integer("reserve_minutes", 0, _MOST_MINUTES),
    )
    members.finish()
    return droop


def _lives(members: Members) -> Lives:
    """Configurable downwards only."""
    lives = Lives(
        setpoint=members.integer("setpoint", 1, _CEILING.setpoint, _CEILING.setpoint),
        schedule=members.integer("schedule", 1, _CEILING.schedule, _CEILING.schedule),
        curtail=members.integer("curtail", 1, _CEILING.curtail, _CEILING.curtail),
        stop=members.integer("stop", 1, _CEILING.stop, _CEILING.stop),
        release=members.integer("release", 1, _CEILING.release, _CEILING.release),
    )
    members.finish()
    return lives


def _ask_together(members: Members, bounds: Bounds) -> None:
    if bounds.soc_min >= bounds.soc_max:
        members.fault("soc_max", _ORDER.fill(low="soc_min", high="soc_max"), _MEND)
    elif 2 * bounds.soc_reserve >= bounds.soc_max - bounds.soc_min:
        members.fault("soc_reserve", _RESERVE, _MEND)
    if bounds.temperature_min >= bounds.temperature_max:
        names = _ORDER.fill(low="temperature_min", high="temperature_max")
        members.fault("temperature_max", names, _MEND)
    if bounds.ramp_max < bounds.ramp_dispatch:
        members.fault("ramp_max", _RAMPS, _MEND)
    if _millihertz(bounds.frequency_nominal) not in _NOMINAL:
        members.fault("frequency_nominal", _NOT_NOMINAL, _NOMINALS)
    elif not bounds.frequency_min < bounds.frequency_nominal < bounds.frequency_max:
        members.fault("frequency_min", _FAR, _MEND)
    droop = bounds.droop
    if droop is not None and droop.power_max > min(bounds.export_max, bounds.import_max):
        members.fault("droop", _ROOM, _MEND)


def _power(members: Members, key: str) -> Watts:
    return Watts(members.integer(key, 0, MOST_WATTS))


def _share(members: Members, key: str) -> Share:
    return Share(members.integer(key, 0, _PER_MILLE) / _PER_MILLE)


def _celsius(members: Members, key: str) -> Celsius:
    return Celsius(members.integer(key, _COLDEST, _HOTTEST) / _TENTHS)


def _hertz(members: Members, key: str, least: int, most: int, default: int | None = None) -> Hertz:
    return Hertz(members.integer(key, least, most, default) / 1_000)


def _millihertz(value: Hertz) -> int:
    return round(value * 1_000)
