"""A written site reads back to the same site."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

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
from sekisho.site.reader import read_site
from sekisho.site.writer import write_site
from sekisho.terms.ids import DeviceId, ExternalId, SiteId
from sekisho.terms.quantity import KilowattHours, Kilowatts

names = st.text(
    st.one_of(
        st.sampled_from("\"\\'#={}[] 　・ー髙①é𠮷"),
        st.characters(min_codepoint=0x21, max_codepoint=0x9FFF, categories=["L", "N", "P", "S"]),
    ),
    min_size=1,
    max_size=30,
).filter(lambda t: bool(t.strip()))
maybe_name = st.none() | names
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
truths = st.none() | st.booleans()
ratings = st.floats(0.001, 1e7)


@st.composite
def device_runs(draw, name):
    identity = Identity(
        maker=draw(maybe_name),
        product=draw(maybe_name),
        model=draw(maybe_name),
        version=draw(maybe_name),
        label=draw(maybe_name),
    )
    count = draw(st.integers(1, 4))
    ids = [name] if count == 1 else [f"{name}.{n}" for n in range(1, count + 1)]
    dropped = draw(st.integers(0, 8))  # now and then a run with a hole
    one = Device(
        id=DeviceId(name),
        role=draw(st.sampled_from(Role)),
        identity=identity,
        speaks_ip=draw(st.none() | st.just(True)),
        controls=draw(truths),
        introduced=draw(st.none() | days),
        bought=draw(st.none() | days),
        pcs_class=draw(st.none() | st.just(PcsClass.LV)),
        place=draw(st.sampled_from(Place)),
        jet=draw(maybe_name),
        contains=tuple(draw(st.lists(names, max_size=2))),
    )
    return [_named(one, i) for at, i in enumerate(ids) if at != dropped]


def _named(device, name):
    return Device(
        **{f: getattr(device, f) for f in Device.__slots__ if f != "id"}, id=DeviceId(name)
    )


@st.composite
def sites(draw):
    devices = [d for n in range(draw(st.integers(0, 3))) for d in draw(device_runs(f"d{n}"))]
    externals = [
        External(
            id=ExternalId(f"e{n}"), kind=draw(st.sampled_from(ExternalKind)), name=draw(maybe_name)
        )
        for n in range(draw(st.integers(0, 2)))
    ]
    ends = [d.id for d in devices]
    links = []
    for _ in range(draw(st.integers(0, 6)) if len(ends) > 1 else 0):
        pair = draw(st.lists(st.sampled_from(ends), min_size=2, max_size=2, unique=True))
        medium, route = draw(st.sampled_from(Medium)), draw(st.sampled_from(Route))
        links.append(Link(between=(pair[0], pair[1]), medium=medium, route=route))
    if externals:
        links += [Link(between=(e, "e0"), medium=Medium.IP, protocol="mqtt") for e in ends]
    return Site(
        id=SiteId("s-1"),
        name=draw(names),
        area=draw(st.sampled_from(Area)),
        resource=draw(st.sampled_from(Resource)),
        voltage=draw(st.sampled_from(Voltage)),
        rated_kw=Kilowatts(draw(ratings)),
        rated_kwh=draw(st.none() | ratings.map(KilowattHours)),
        owner=draw(st.sampled_from(Owner)),
        work=draw(st.sampled_from(Work)),
        works_class=draw(st.sampled_from(WorksClass)),
        self_consumption=draw(truths),
        dates=draw(st.dictionaries(st.sampled_from(Milestone), days, max_size=8)),
        joins=frozenset(draw(st.lists(st.sampled_from(Programme)))),
        attestations={
            key: Attestation(date=draw(days), document=f"docs/{key}.pdf")
            for key in draw(st.lists(st.sampled_from(["manager", "plan-2"]), unique=True))
        },
        externals=tuple(externals),
        devices=tuple(devices),
        links=tuple(links),
    )


@given(sites())
@settings(max_examples=150, deadline=None)
def test_a_written_site_reads_back_to_itself(site):
    assert read_site(write_site(site, ["remark"]), "site.toml") == site


def test_identical_devices_and_their_links_are_written_once():
    packs = [Device(id=DeviceId(f"b.{n}"), role=Role.BMS, identity=Identity()) for n in (1, 2, 3)]
    site = read_site(
        '[site]\nid = "a"\nname = "a"\narea = "tokyo"\nresource = "battery"\nvoltage = "high"\n'
        'rated_kw = 1\nowner = "private"\nwork = "new"\nworks_class = "business"\n'
        '[[device]]\nid = "b"\nrole = "bms"\ncount = 3\n[[device]]\nid = "p"\nrole = "pcs"\n'
        '[[link]]\nbetween = ["b", "p"]\nmedium = "can"\n',
        "site.toml",
    )
    assert list(site.devices[:3]) == packs
    text = write_site(site)
    assert text.count("[[device]]") == 2
    assert text.count("[[link]]") == 1
    assert "count = 3" in text
