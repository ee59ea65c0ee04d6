"""How much of many sites hangs on one maker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.register.normalise import maker_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.site.model import Role, Site
    from sekisho.terms.ids import SiteId


@dataclass(frozen=True, slots=True)
class Share:
    """How much of one role one maker holds."""

    role: Role
    maker: str
    devices: int
    of_devices: int
    sites: int
    kw: float
    """Rated power of the sites in which the maker has this role."""


def shares(sites: Iterable[Site], unknown: str) -> tuple[Share, ...]:
    """How the devices of each role are spread over makers, largest share first.

    Spellings of one maker (㈱, 株式会社, full width) count together, under the first one met.
    """
    spelling: dict[str, str] = {}
    devices: dict[tuple[Role, str], int] = {}
    where: dict[tuple[Role, str], dict[SiteId, float]] = {}
    totals: dict[Role, int] = {}
    for site in sites:
        for device in site.devices:
            maker = device.identity.maker or unknown
            key = (device.role, spelling.setdefault(maker_key(maker), maker))
            devices[key] = devices.get(key, 0) + 1
            where.setdefault(key, {})[site.id] = site.rated_kw
            totals[device.role] = totals.get(device.role, 0) + 1
    found = (
        Share(
            role,
            maker,
            count,
            totals[role],
            len(where[role, maker]),
            sum(where[role, maker].values()),
        )
        for (role, maker), count in devices.items()
    )
    return tuple(sorted(found, key=lambda s: (s.role.value, -s.devices / s.of_devices, s.maker)))
