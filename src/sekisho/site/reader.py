"""The strict reader of the site file: text in, a `Site` out, or every problem at once.

The order is: size, TOML, then shape and sense together. Lines are looked up only when there is
something to tell. The rules of reading are those of `document` (shape) and `sense` (whole file).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.site.document import SiteDocument
from sekisho.site.model import (
    Attestation,
    Device,
    External,
    Identity,
    Link,
    Milestone,
    Place,
    Site,
)
from sekisho.site.parsing import located, parsed
from sekisho.site.sense import each_of, expanded, faults_in, sketch_of
from sekisho.site.shape import validated
from sekisho.terms.errors import InputError
from sekisho.terms.ids import DeviceId, ExternalId, SiteId
from sekisho.terms.quantity import KilowattHours, Kilowatts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from sekisho.site.document import DatesTable, DeviceTable
    from sekisho.site.faults import Fault


def read_site(text: str, where: str) -> Site:
    """The site that a file describes.

    Args:
        text: the file's content.
        where: the file's name, for messages.

    Raises:
        InputError: everything that is wrong, each with its line and what to write instead.
    """
    data = parsed(text, where)
    sketch = sketch_of(data)
    faults: list[Fault] = []
    document = validated(SiteDocument, data, faults)
    faults += faults_in(sketch)
    if faults or document is None:
        raise InputError(*located(faults, text, where))
    return _site(document, expanded(sketch))


def _site(document: SiteDocument, names: Mapping[str, tuple[str, ...]]) -> Site:
    head = document.site
    return Site(
        id=SiteId(head.id),
        name=head.name,
        area=head.area,
        resource=head.resource,
        voltage=head.voltage,
        rated_kw=Kilowatts(head.rated_kw),
        rated_kwh=None if head.rated_kwh is None else KilowattHours(head.rated_kwh),
        owner=head.owner,
        work=head.work,
        works_class=head.works_class,
        self_consumption=head.self_consumption,
        dates=_dates(document.dates),
        joins=frozenset(document.programmes.joins),
        attestations={
            key: Attestation(date=entry.date, document=entry.document)
            for key, entry in document.attestations.items()
        },
        externals=tuple(
            External(id=ExternalId(e.id), kind=e.kind, name=e.name) for e in document.external
        ),
        devices=tuple(device for table in document.device for device in _devices(table)),
        links=tuple(
            Link(between=(one, other), medium=e.medium, route=e.route, protocol=e.protocol)
            for e in document.link
            for one in names[e.between[0]]
            for other in names[e.between[1]]
        ),
    )


def _dates(table: DatesTable) -> Mapping[Milestone, date]:
    stated = {m: getattr(table, m.value) for m in Milestone}
    return {m: day for m, day in stated.items() if day is not None}


def _devices(table: DeviceTable) -> Iterator[Device]:
    identity = Identity(
        maker=table.maker,
        product=table.product,
        model=table.model,
        version=table.version,
        label=table.label,
    )
    for name in each_of(table.id, table.count):
        yield Device(
            id=DeviceId(name),
            role=table.role,
            identity=identity,
            speaks_ip=table.speaks_ip,
            controls=table.controls,
            introduced=table.introduced,
            bought=table.bought,
            pcs_class=table.pcs_class,
            place=Place(table.place),
            jet=table.jet,
            contains=table.contains,
        )
