"""The table of ports as programs read it: `gate surface --format json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field
from typing_extensions import TypedDict

from sekisho.gate.surface import Carrier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.gate.surface import Port
    from sekisho.gate.surface_seen import Comparison
    from sekisho.terms.texts import Lang


class PortDoc(TypedDict):
    """One row of the table."""

    route: Annotated[
        str,
        Field(
            description="metrics, mqtt, modbus-tcp, modbus-rtu, names, admin-socket, admin-pages."
        ),
    ]
    process: str
    direction: Annotated[str, Field(description="listens or connects.")]
    carrier: Annotated[str, Field(description="tcp, udp, unix or serial.")]
    address: str
    port: int | None
    protocol: str
    serves: str
    authentication: str
    protection: str
    reason: str
    open: Annotated[
        int | None, Field(description="Sockets open now; null where nobody looked at it.")
    ]


class SocketDoc(TypedDict):
    """A socket that no row explains."""

    carrier: str
    stance: str
    address: str


class SurfaceDoc(TypedDict):
    """The whole answer."""

    site: str
    ports: list[PortDoc]
    unexpected: Annotated[
        list[SocketDoc] | None, Field(description="null where no running gate was looked at.")
    ]


def published(site: str, ports: Sequence[Port], found: Comparison | None, lang: Lang) -> SurfaceDoc:
    """The answer in its published form."""
    unexpected: list[SocketDoc] | None = None
    if found is not None:
        unexpected = [
            SocketDoc(carrier=s.carrier.value, stance=s.stance.value, address=s.address)
            for s in found.unexpected
        ]
    return SurfaceDoc(
        site=site, ports=[_port(p, found, lang) for p in ports], unexpected=unexpected
    )


def _port(port: Port, found: Comparison | None, lang: Lang) -> PortDoc:
    about = port.about
    return PortDoc(
        route=port.route.value,
        process=about.process.value,
        direction=about.direction.value,
        carrier=about.carrier.value,
        address=port.place,
        port=port.number,
        protocol=about.protocol,
        serves=port.serves.says(lang),
        authentication=about.authentication.says(lang),
        protection=about.protection.says(lang),
        reason=about.reason.says(lang),
        open=None if found is None or about.carrier is Carrier.SERIAL else found.open.get(port),
    )
