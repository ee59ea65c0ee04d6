"""The systemd units of a site: the shipped templates, filled in from its table of ports.

What the gate may reach follows from the same table that says what it opens (`gate.surface`), so that the
machine forbids what the table does not name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.gate.surface import Carrier, Direction, Route, surface
from sekisho.gate.tables_ends import is_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sekisho.gate.settings import Settings
    from sekisho.gate.surface import Port

_UPDATERS = ("sekisho-update", "sekisho-trial")
_WRITABLE_LINE = "DeviceAllow={path} rw"
_NAMED = (
    "# IPAddressDeny is left out: the broker is reached by its name, whose address may change.\n"
    "# Write its address into [north] broker (and its name into server_name) to have it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """Where things stand on the machine."""

    program: str
    """The path of `sekisho`."""
    site: str
    """The site file."""
    listen: str
    """Where the pages listen."""
    updater: str | None = None
    """The updater's folder; None: there is none, and the pages take no updates."""


def units_of(
    templates: Mapping[str, str], settings: Settings, installed: Installed
) -> Mapping[str, str]:
    """The units of a site, by file name.

    Args:
        templates: the shipped ones, by file name.
        settings: of the site.
        installed: where things stand.
    """
    ports = surface(settings)
    values = {
        "@PROGRAM@": installed.program,
        "@SITE@": installed.site,
        "@LISTEN@": installed.listen,
        "@UPDATER@": installed.updater or "",
        "@UPDATES@": f" --updates {installed.updater}/update.d" if installed.updater else "",
        "@DROP@": f"ReadWritePaths={installed.updater}/update.d\n" if installed.updater else "",
        "@DEVICES@": "\n".join(_devices(ports)),
        "@ADDRESSES@": "\n".join(_addresses(ports)),
    }
    return {
        name: _filled(text, values)
        for name, text in templates.items()
        if installed.updater or not name.startswith(_UPDATERS)
    }


def _filled(text: str, values: Mapping[str, str]) -> str:
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text


def _devices(ports: Sequence[Port]) -> Iterator[str]:
    """No device at all, or the serial lines alone."""
    lines = [port.place for port in ports if port.about.carrier is Carrier.SERIAL]
    if not lines:
        yield "PrivateDevices=yes"
        return
    yield "SupplementaryGroups=dialout"
    for line in lines:
        yield _WRITABLE_LINE.format(path=line)


def _addresses(ports: Sequence[Port]) -> Iterator[str]:
    """Everything forbidden but what the table names."""
    reached = [
        port.place
        for port in ports
        if port.about.carrier is Carrier.TCP and port.about.direction is Direction.CONNECTS
    ]
    named = any(port.route is Route.NAMES for port in ports)
    if named or not all(map(is_address, reached)):
        yield _NAMED
        return
    local = ["localhost"] if any(p.route is Route.METRICS for p in ports) else []
    yield "IPAddressDeny=any"
    yield f"IPAddressAllow={' '.join(dict.fromkeys([*local, *reached]))}"
