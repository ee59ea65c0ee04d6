"""Sites and registers for tests: strategies that draw them, and a desk that judges them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from sekisho.desk.assess import Desk, Question
from sekisho.desk.rules import RULES
from sekisho.register.match import Index
from sekisho.register.model import Label, LabelStatus, ListInfo, Register
from sekisho.rulebook.rule import Rule
from sekisho.shell.package_data import load_statements
from sekisho.shell.register_store import load_register
from sekisho.site.model import (
    Area,
    Attestation,
    Device,
    External,
    ExternalKind,
    Identity,
    Link,
    Medium,
    Milestone,
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
from sekisho.terms.ids import DeviceId, ExternalId, SiteId
from sekisho.terms.quantity import KilowattHours, Kilowatts

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
MADE_UP = EXAMPLES / "made-up-list.csv"
DAY = date(2026, 11, 22)


def rules() -> list[Rule]:
    statements = load_statements()
    return [Rule(statements[rule], judge) for rule, judge in RULES]


def desk_of(register: Register, **question: Any) -> Desk:
    asked = Question(**({"as_of": DAY, "known_at": DAY} | question))
    return Desk.prepare(asked, rules(), register, Index(register))


def made_up_desk(**question: Any) -> Desk:
    return desk_of(load_register(MADE_UP, DAY, DAY), **question)


def label(number: int, **changes: Any) -> Label:
    """A made-up label; its number, maker and model follow from `number`."""
    fields: dict[str, Any] = {
        "key": f"n-{number}",
        "number": f"N-{number}",
        "makers": (f"架空電機{number % 3}",),
        "products": (f"製品{number}",),
        "models": (f"MODEL-{number}",),
        "versions": (),
        "level": 1,
        "status": LabelStatus.VALID,
        "status_raw": "有効",
        "issued": date(2026, 1, 1) + timedelta(days=37 * number),
        "expires": date(2027, 12, 31) + timedelta(days=37 * number),
        "covers_series": False,
    }
    return Label(**(fields | changes))


def register_of(*labels: Label, list_date: date = date(2026, 11, 1)) -> Register:
    info = ListInfo(
        list_date=list_date, learned=list_date, sha256="0" * 64, source="made-up", complete=True
    )
    return Register(info=info, labels=labels)


MODELS = range(6)
days = st.dates(date(2025, 1, 1), date(2032, 12, 31))
recent = st.dates(date(2026, 4, 1), date(2026, 12, 31))
"""Days on which a sound label was issued: it lasts beyond the first days of the grid code."""
soon = st.dates(date(2026, 12, 1), date(2028, 6, 30))
perhaps = st.sampled_from([True, False, None])


@st.composite
def registers(draw: st.DrawFn) -> Register:
    labels = []
    for number in MODELS:
        kind = draw(st.sampled_from(["sound"] * 8 + ["any", "absent"]))
        if kind == "absent":
            continue
        sound = kind == "sound"
        issued = draw(recent if sound else st.none() | days)
        if sound and issued is not None:
            lasts = timedelta(days=draw(st.integers(600, 729)))
            labels.append(label(number, issued=issued, expires=issued + lasts))
        else:
            labels.append(
                label(
                    number,
                    status=draw(st.sampled_from(LabelStatus)),
                    issued=issued,
                    expires=draw(st.none() | days),
                    level=draw(st.sampled_from([None, 1, 2])),
                )
            )
    return register_of(*labels)


@st.composite
def identities(draw: st.DrawFn) -> Identity:
    number = draw(st.sampled_from(MODELS))
    known = label(number)
    if draw(st.integers(0, 9)):
        number_stated = draw(st.sampled_from([known.number, None]))
        return Identity(maker=known.makers[0], model=known.models[0], label=number_stated)
    return Identity(
        maker=draw(st.sampled_from([known.makers[0], None, "別の会社"])),
        product=draw(st.sampled_from([known.products[0], None])),
        model=draw(st.sampled_from([known.models[0], None, "OTHER-1"])),
        label=draw(st.sampled_from([known.number, None])),
    )


@st.composite
def sites(draw: st.DrawFn) -> Site:
    """Any site, and as often one whose every fact is stated: else hardly any would be `met`."""
    return draw(plain_sites()) if draw(st.booleans()) else draw(any_sites())


@st.composite
def plain_sites(draw: st.DrawFn) -> Site:
    """A new battery at extra-high voltage whose devices speak IP behind one gateway."""
    roles = [Role.GATEWAY, Role.PCS, Role.BMS, Role.LOCAL_EMS]
    devices = tuple(
        Device(
            id=DeviceId(f"d-{n}"),
            role=role,
            identity=draw(identities()),
            speaks_ip=True,
            controls=True,
            introduced=draw(soon),
            bought=draw(st.none() | soon),
        )
        for n, role in enumerate(roles)
    )
    whole = draw(any_sites())
    ends = ["agg", *(d.id for d in devices)]
    return replace(
        whole,
        resource=Resource.BATTERY,
        voltage=Voltage.EXTRA_HIGH,
        owner=Owner.PRIVATE,
        work=Work.NEW,
        works_class=WorksClass.BUSINESS,
        dates={**whole.dates, Milestone.CONTRACT_APPLICATION: draw(soon)},
        joins=draw(
            st.frozensets(
                st.sampled_from([Programme.AGGREGATION, Programme.LONG_TERM_AUCTION_2026])
            )
        ),
        devices=devices,
        links=tuple(
            Link(between=(one, other), medium=Medium.IP, route=Route.LOCAL)
            for one, other in pairwise(ends)
        ),
    )


@st.composite
def any_sites(draw: st.DrawFn) -> Site:
    names = draw(st.lists(st.integers(1, 12), unique=True, max_size=5))
    devices = tuple(
        Device(
            id=DeviceId(f"d-{n}"),
            role=draw(st.sampled_from(Role)),
            identity=draw(identities()),
            speaks_ip=draw(perhaps),
            controls=draw(perhaps),
            introduced=draw(st.none() | days),
            bought=draw(st.none() | days),
            pcs_class=draw(st.none() | st.just(PcsClass.LV)),
            place=draw(st.sampled_from(Place)),
        )
        for n in names
    )
    ends = [d.id for d in devices] + ["agg"]
    pairs = st.tuples(st.sampled_from(ends), st.sampled_from(ends)).filter(lambda p: p[0] != p[1])
    links = draw(st.lists(pairs, max_size=6)) if devices else []
    return Site(
        id=SiteId("drawn"),
        name="架空",
        area=draw(st.sampled_from(Area)),
        resource=draw(st.sampled_from(Resource)),
        voltage=draw(st.sampled_from(Voltage)),
        rated_kw=Kilowatts(draw(st.sampled_from([49.0, 500.0, 501.0, 50_000.0]))),
        rated_kwh=KilowattHours(1000.0),
        owner=draw(st.sampled_from(Owner)),
        work=draw(st.sampled_from(Work)),
        works_class=draw(st.sampled_from(WorksClass)),
        self_consumption=draw(perhaps),
        dates=draw(st.dictionaries(st.sampled_from(Milestone), days, max_size=4)),
        joins=draw(st.frozensets(st.sampled_from(Programme), max_size=4)),
        attestations=draw(
            st.dictionaries(
                st.sampled_from(["security_manager", "security_plan"]),
                st.builds(Attestation, date=days, document=st.just("docs/a.pdf")),
            )
        ),
        externals=(External(id=ExternalId("agg"), kind=ExternalKind.AGGREGATOR),),
        devices=devices,
        links=tuple(
            Link(
                between=pair,
                medium=draw(st.sampled_from(Medium)),
                route=draw(st.sampled_from(Route)),
            )
            for pair in links
        ),
    )
