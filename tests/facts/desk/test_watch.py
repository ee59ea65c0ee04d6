"""What a new list changes for a site. All makers, products and numbers here are made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sekisho.desk.watch import Alert, Kind, Watched, watch
from sekisho.desk.watch_page import alert_data, message, watch_page
from sekisho.register.history import register_at
from sekisho.register.match import Index
from sekisho.register.model import Label, LabelStatus, ListInfo, Listing
from sekisho.site.model import (
    Area,
    Device,
    Identity,
    Milestone,
    Owner,
    Resource,
    Role,
    Site,
    Voltage,
    Work,
    WorksClass,
)
from sekisho.terms.ids import DeviceId, SiteId
from sekisho.terms.quantity import Kilowatts
from sekisho.terms.texts import Lang

TODAY = date(2026, 11, 22)
BOX = Label(
    key="made-up-1",
    number="MADE-UP-1",
    makers=("北斗ゲート",),
    products=("ホクト",),
    models=("HG-1",),
    versions=(),
    level=1,
    status=LabelStatus.VALID,
    status_raw="有効",
    issued=date(2026, 5, 21),
    expires=date(2028, 5, 20),
    covers_series=False,
)
OTHER = replace(BOX, key="made-up-2", number="MADE-UP-2", models=("ZZ-2",), products=("他",))


def device(name: str, model: str = "HG-1") -> Device:
    return Device(
        id=DeviceId(name),
        role=Role.GATEWAY,
        identity=Identity(maker="北斗ゲート", model=model, label="MADE-UP-1"),
    )


def site(*devices: Device, **dates: date) -> Site:
    return Site(
        id=SiteId("s-1"),
        name="蓄電所",
        area=Area.TOKYO,
        resource=Resource.BATTERY,
        voltage=Voltage.HIGH,
        rated_kw=Kilowatts(1_000),
        rated_kwh=None,
        owner=Owner.PRIVATE,
        work=Work.NEW,
        works_class=WorksClass.BUSINESS,
        self_consumption=None,
        dates={Milestone(name): day for name, day in dates.items()},
        joins=frozenset(),
        attestations={},
        externals=(),
        devices=devices,
        links=(),
    )


def listing(day: date, *labels: Label, complete: bool = True) -> Listing:
    info = ListInfo(
        list_date=day, learned=day, sha256=day.isoformat(), source="x", complete=complete
    )
    return Listing(info=info, labels=labels)


def lists(before: tuple[Label, ...], after: tuple[Label, ...], *, complete: bool = True) -> Watched:
    last = listing(date(2026, 11, 1), *before)
    new = listing(date(2026, 11, 8), *after, complete=complete)
    old, now = register_at([last], TODAY), register_at([last, new], TODAY)
    assert old is not None
    assert now is not None
    return Watched(last=last, new=new, before=Index(old), after=Index(now), today=TODAY)


def alerts(before: tuple[Label, ...], after: tuple[Label, ...], *devices: Device, **dates: date):
    return watch([site(*(devices or (device("gw"),)), **dates)], lists(before, after))


def worse(found: tuple[Alert, ...]) -> list[tuple[Kind, str]]:
    return [(alert.kind, alert.what.en) for alert in found if alert.counts]


def test_nothing_changed_is_no_alert():
    assert alerts((BOX,), (BOX,)) == ()


def test_another_label_is_not_this_sites_business():
    assert alerts((BOX, OTHER), (BOX, replace(OTHER, status=LabelStatus.REVOKED))) == ()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"status": LabelStatus.REVOKED, "status_raw": "取消し"}, "status changed: 有効 → 取消し"),
        (
            {"status": LabelStatus.EXTENSION_PENDING, "status_raw": "失効猶予（延長申請中）"},
            "status changed: 有効 → 失効猶予（延長申請中）",
        ),
        ({"expires": date(2027, 5, 20)}, "expiry shortened: 2028-05-20 → 2027-05-20"),
        ({"expires": None}, "expiry no longer stated: 2028-05-20 → —"),
    ],
)
def test_a_change_of_the_label_for_the_worse(change, what):
    assert (Kind.LIST, what) in worse(alerts((BOX,), (replace(BOX, **change),)))


def test_a_vanished_label_is_worse_and_is_not_called_revoked():
    found = alerts((BOX,), (OTHER,))
    assert worse(found) == [
        (Kind.LIST, "vanished (which is not revoked): 有効 → —"),
    ]


def test_from_an_excerpt_nothing_vanishes():
    found = watch([site(device("gw"))], lists((BOX,), (OTHER,), complete=False))
    assert [alert.kind for alert in found] == [Kind.FOUND]


def test_models_added_and_an_extension_are_told_and_are_not_worse():
    after = replace(BOX, models=("HG-1", "HG-2"), expires=date(2030, 5, 20))
    found = alerts((BOX,), (after,))
    assert [alert.what.en for alert in found] == [
        "extended: 2028-05-20 → 2030-05-20",
        "models added: — → HG-2",
    ]
    assert not worse(found)


def test_a_model_that_is_taken_off_a_label():
    found = alerts((replace(BOX, models=("HG-1", "HG-2")),), (replace(BOX, models=("HG-2",)),))
    assert (Kind.FOUND, "found: matched → conflict") in worse(found)


def test_a_device_that_comes_onto_the_list_is_good_news():
    found = alerts((OTHER,), (OTHER, BOX))
    assert [(alert.kind, alert.news, alert.worse) for alert in found] == [
        (Kind.LIST, True, False),
        (Kind.FOUND, True, False),
    ]


def test_a_label_that_ends_before_a_milestone_is_news_only_once():
    late = date(2028, 5, 21)
    (standing,) = alerts((BOX,), (BOX,), commissioning=late)
    assert (standing.news, standing.counts) == (False, False)
    assert "2028-05-20, before commissioning (2028-05-21)" in standing.what.en
    found = alerts((replace(BOX, expires=date(2029, 1, 1)),), (BOX,), commissioning=late)
    assert Kind.ENDS in {kind for kind, _ in worse(found)}


def test_the_day_of_the_expiry_itself_and_milestones_that_are_past_are_no_alert():
    assert alerts((BOX,), (BOX,), commissioning=date(2028, 5, 20)) == ()
    ended = replace(BOX, expires=date(2026, 1, 1))
    assert alerts((ended,), (ended,), contract_application=date(2026, 11, 21)) == ()


def test_devices_of_one_product_are_one_alert_and_their_order_does_not_matter():
    revoked = replace(BOX, status=LabelStatus.REVOKED, status_raw="取消し")
    (alert,) = alerts((BOX,), (revoked,), device("gw.1"), device("gw.2"))
    assert alert.devices == ("gw.1", "gw.2")


@pytest.mark.parametrize("lang", list(Lang))
def test_what_is_shown_names_site_device_and_label(lang):
    compared = lists((BOX,), (OTHER,))
    found = watch([site(device("gw"))], compared)
    assert watch_page(found, compared, lang).blocks
    title, lines = message(found, lang)
    assert "1" in title
    assert "s-1 gw" in lines
    assert "MADE-UP-1" in lines
    assert alert_data(found[0], lang)["worse"] is True
