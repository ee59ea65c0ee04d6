"""Named stories of a rule (`cases.toml`): a small plant, a day, and what the judge must answer.

The plant is written in a compact form; what a story does not say is taken from a standard plant:
a privately owned new battery of 50 MW at extra-high voltage, business works, no self-consumption,
joining nothing, with no links. The device judged is called `it`; a story without `[case.device]`
is about the site as a whole.

    [[case]]
    name = "a labelled converter stands in for a serial PCS"
    day = 2026-01-15
    site = { joins = ["sii-storage-r7"] }
    device = { role = "pcs", speaks_ip = false }
    also = ["conv protocol-converter", "gw gateway cloud"]    # id role [cloud]
    externals = ["agg aggregator"]                            # id kind
    links = ["it conv serial", "conv gw ip local"]            # one other medium [route]
    expect = "wants-label"      # out | unsettled | wants-label | wants-attestation | fulfilled
    holders = ["conv"]          #   | violated | not-addressed
    without = "broken"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sekisho.rulebook.demand import (
    Fulfilled,
    Out,
    Unsettled,
    Violated,
    WantsAttestation,
    WantsLabel,
)
from sekisho.site.model import (
    Area,
    Device,
    External,
    ExternalKind,
    Identity,
    Link,
    Medium,
    Owner,
    PcsClass,
    Place,
    Programme,
    Resource,
    Role,
    Route,
    Site,
    Voltage,
    Work,
    WorksClass,
)
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.ids import DeviceId, ExternalId, SiteId
from sekisho.terms.quantity import KilowattHours, Kilowatts
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Demand
    from sekisho.terms.ids import RuleId

IT = DeviceId("it")
"""The device that a story is about."""

NOT_ADDRESSED = "not-addressed"
"""What a story expects where `[applies]` already leaves the site out."""

_KEYS = frozenset(
    {
        "name",
        "day",
        "known_at",
        "site",
        "device",
        "also",
        "externals",
        "links",
        "expect",
        "holders",
        "without",
        "key",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One case: the plant, the day, the expected answer."""

    name: str
    day: date
    known_at: date | None
    """The day of the knowledge asked about; None: all that is known."""
    site: Site
    device: Device | None
    expected: Mapping[str, object]
    """`expect`, and `holders`, `without` or `key` where they say more."""


def read_cases(text: str, rule_id: RuleId) -> tuple[Story, ...]:
    """The stories of a `cases.toml`.

    Raises:
        InputError: a story is not well formed; it is named.
    """
    rows = tomllib.loads(text).get("case", [])
    return tuple(_story(row, f"{rule_id}/cases.toml: case[{n}]") for n, row in enumerate(rows))


def seen(demand: Demand) -> dict[str, object]:
    """A demand in the words of `cases.toml`, for comparison with `Story.expected`."""
    match demand:
        case Out():
            return {"expect": "out"}
        case Unsettled():
            return {"expect": "unsettled"}
        case WantsLabel(holders=holders, without=without):
            return {"expect": "wants-label", "holders": list(holders), "without": str(without)}
        case WantsAttestation(key=key):
            return {"expect": "wants-attestation", "key": key}
        case Fulfilled():
            return {"expect": "fulfilled"}
        case Violated():
            return {"expect": "violated"}


def _story(row: Mapping[str, object], where: str) -> Story:
    try:
        _only_known(row)
        device = _device(row["device"]) if "device" in row else None
        return Story(
            name=str(row["name"]),
            day=_day(row["day"]),
            known_at=_day(row["known_at"]) if "known_at" in row else None,
            site=_site(row, device),
            device=device,
            expected=_expected(row),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            Problem(
                where,
                Text(f"事例として読めません: {error!r}", f"not a story: {error!r}"),
                Text("事例の書式に合わせてください", "write it in the form of the stories"),
            )
        ) from None


def _only_known(row: Mapping[str, object]) -> None:
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise ValueError(f"unknown keys {unknown}")


def _expected(row: Mapping[str, object]) -> dict[str, object]:
    expected: dict[str, object] = {"expect": str(row["expect"])}
    if expected["expect"] == "wants-label":
        expected["holders"] = _strings(row.get("holders", ["it"]))
        expected["without"] = str(row["without"])
    if expected["expect"] == "wants-attestation":
        expected["key"] = str(row["key"])
    return expected


def _site(row: Mapping[str, object], device: Device | None) -> Site:
    said = _mapping(row.get("site", {}))
    others = tuple(_other(line) for line in _strings(row.get("also", [])))
    return Site(
        id=SiteId("story"),
        name="story",
        area=Area.HOKKAIDO,
        resource=Resource(str(said.get("resource", "battery"))),
        voltage=Voltage(str(said.get("voltage", "extra-high"))),
        rated_kw=Kilowatts(_number(said.get("rated_kw", 50_000))),
        rated_kwh=KilowattHours(200_000),
        owner=Owner(str(said.get("owner", "private"))),
        work=Work(str(said.get("work", "new"))),
        works_class=WorksClass(str(said.get("works_class", "business"))),
        self_consumption=_flag(said.get("self_consumption", False)),
        dates={},
        joins=frozenset(Programme(name) for name in _strings(said.get("joins", []))),
        attestations={},
        externals=tuple(_external(line) for line in _strings(row.get("externals", []))),
        devices=(*((device,) if device else ()), *others),
        links=tuple(_link(line) for line in _strings(row.get("links", []))),
    )


def _device(value: object) -> Device:
    said = dict(_mapping(value))
    return Device(
        id=IT,
        role=Role(str(said.pop("role"))),
        identity=Identity(),
        speaks_ip=_flag(said.pop("speaks_ip", None)),
        controls=_flag(said.pop("controls", None)),
        pcs_class=PcsClass(str(said.pop("pcs_class"))) if "pcs_class" in said else None,
        place=Place(str(said.pop("place", "site"))),
        jet=str(said.pop("jet")) if "jet" in said else None,
        contains=tuple(_strings(said.pop("contains", []))),
    )


def _other(line: str) -> Device:
    name, role, *place = line.split()
    return Device(
        id=DeviceId(name),
        role=Role(role),
        identity=Identity(),
        place=Place(place[0]) if place else Place.SITE,
    )


def _external(line: str) -> External:
    name, kind = line.split()
    return External(id=ExternalId(name), kind=ExternalKind(kind))


def _link(line: str) -> Link:
    one, other, medium, *route = line.split()
    return Link(
        between=(one, other),
        medium=Medium(medium),
        route=Route(route[0]) if route else Route.LOCAL,
    )


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    raise TypeError(f"{value!r} is no date")


def _flag(value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise TypeError(f"{value!r} is neither true nor false")


def _number(value: object) -> float:
    if isinstance(value, int | float):
        return float(value)
    raise TypeError(f"{value!r} is no number")


def _mapping(value: object) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return value
    raise TypeError(f"{value!r} is no table")


def _strings(value: object) -> list[str]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    raise TypeError(f"{value!r} is no list of texts")
