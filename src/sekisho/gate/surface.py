"""The table of every open port: what listens, what is connected to, by whom, and why.

Derived from the settings alone. It is what `docs/reference/ports.md` shows, what `gate surface` prints
for a site, and what a test compares with the kernel's own tables while a gate runs. A socket that is
not in it is unexpected (JST-CR-01-01-2024R1, S1.1-13: unneeded interfaces are off).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.gate.settings import SerialEnd, TcpEnd
from sekisho.gate.tables_ends import is_address
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sekisho.gate.settings import Settings

LOOPBACK = "127.0.0.1"
DNS_PORT = 53


class Process(StrEnum):
    """Which of the gate's processes owns the socket."""

    GATE = "gate"
    ADMIN = "admin"
    UPDATE = "update"


class Direction(StrEnum):
    """Who begins."""

    LISTENS = "listens"
    CONNECTS = "connects"


class Carrier(StrEnum):
    """What carries it."""

    TCP = "tcp"
    UDP = "udp"
    UNIX = "unix"
    SERIAL = "serial"
    RAW = "raw"
    """Whole packets; nothing of the gate's is."""


class Route(StrEnum):
    """Every way in or out that the program has at all."""

    METRICS = "metrics"
    MQTT = "mqtt"
    MODBUS_TCP = "modbus-tcp"
    MODBUS_RTU = "modbus-rtu"
    NAMES = "names"
    ADMIN_SOCKET = "admin-socket"
    ADMIN_PAGES = "admin-pages"
    UPDATES = "updates"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is the same wherever the route is open."""

    process: Process
    direction: Direction
    carrier: Carrier
    protocol: str
    authentication: Text
    """Who is let through, and by what."""
    protection: Text
    """Against reading and changing on the way."""
    reason: Text
    """Why it is there at all."""
    when: Text
    """What opens it; without that it is closed."""


_NONE_THERE = Text("なし(規格にない)", "none: the protocol has none")

ROUTES: Mapping[Route, About] = MappingProxyType(
    {
        Route.METRICS: About(
            process=Process.GATE,
            direction=Direction.LISTENS,
            carrier=Carrier.TCP,
            protocol="HTTP/1.1, GET /metrics",
            authentication=Text(
                "なし。この機械の利用者だけが届く(読取りのみ)",
                "none; only users of this machine reach it, to read",
            ),
            protection=Text("機械の外に出ない", "it does not leave the machine"),
            reason=Text("監視(Prometheus)", "monitoring (Prometheus)"),
            when=Text("[gate] metrics_port を書いたとき", "where [gate] metrics_port is written"),
        ),
        Route.MQTT: About(
            process=Process.GATE,
            direction=Direction.CONNECTS,
            carrier=Carrier.TCP,
            protocol="MQTT 3.1.1, TLS 1.2+",
            authentication=Text(
                "双方の証明書(mTLS)。指令はさらに一件ごとの署名(Ed25519)",
                "certificates on both ends (mTLS); each command is signed besides (Ed25519)",
            ),
            protection=Text("TLS 1.2 以上", "TLS 1.2 or newer"),
            reason=Text(
                "アグリゲーターの指令を受け、決定・計測値・チェックポイントを送る",
                "takes the aggregator's commands; sends decisions, telemetry, checkpoints",
            ),
            when=Text("常に([north])", "always ([north])"),
        ),
        Route.MODBUS_TCP: About(
            process=Process.GATE,
            direction=Direction.CONNECTS,
            carrier=Carrier.TCP,
            protocol="Modbus TCP",
            authentication=_NONE_THERE,
            protection=Text(
                "なし。設備内の閉じた線に置く", "none; it belongs on a closed line within the plant"
            ),
            reason=Text(
                "PCS・BMS・メーター・遮断器を読み書きする",
                "reads and writes PCS, BMS, meter and trip device",
            ),
            when=Text("機器ごとに一本([[south]])", "one for each device ([[south]])"),
        ),
        Route.MODBUS_RTU: About(
            process=Process.GATE,
            direction=Direction.CONNECTS,
            carrier=Carrier.SERIAL,
            protocol="Modbus RTU",
            authentication=_NONE_THERE,
            protection=Text("なし(設備内の線)", "none (a line within the plant)"),
            reason=Text(
                "シリアルの機器を読み書きする", "reads and writes devices on a serial line"
            ),
            when=Text("線ごとに一本([[south]] rtu://)", "one for each line ([[south]] rtu://)"),
        ),
        Route.NAMES: About(
            process=Process.GATE,
            direction=Direction.CONNECTS,
            carrier=Carrier.UDP,
            protocol="DNS",
            authentication=Text(
                "なし。偽の答えはブローカーの証明書の確認で止まる",
                "none; a false answer is stopped by the check of the broker's certificate",
            ),
            protection=Text("なし", "none"),
            reason=Text("ブローカーの名前を引く", "looks the broker's name up"),
            when=Text(
                "[north] broker が名前のとき、つなぐ間だけ",
                "where [north] broker is a name, and only while connecting",
            ),
        ),
        Route.ADMIN_SOCKET: About(
            process=Process.GATE,
            direction=Direction.LISTENS,
            carrier=Carrier.UNIX,
            protocol="JSON lines, a closed set of questions",
            authentication=Text(
                "カーネルが示す相手の利用者(SO_PEERCRED)とファイルの権限 0660",
                "the other end's user, as the kernel tells it (SO_PEERCRED); file mode 0660",
            ),
            protection=Text("機械の外に出ない", "it does not leave the machine"),
            reason=Text(
                "管理画面が状態を読み、依頼する。設備を動かす問いはない",
                "the pages read and ask; no question moves the plant",
            ),
            when=Text("gate run --admin を付けたとき", "gate run --admin"),
        ),
        Route.ADMIN_PAGES: About(
            process=Process.ADMIN,
            direction=Direction.LISTENS,
            carrier=Carrier.TCP,
            protocol="HTTPS (HTTP/1.1, TLS 1.2+)",
            authentication=Text(
                "利用者とパスワード(argon2id)、任意で二要素認証(TOTP)。API はトークン",
                "user and password (argon2id), TOTP where set; the interface takes tokens",
            ),
            protection=Text("TLS 1.2 以上", "TLS 1.2 or newer"),
            reason=Text(
                "管理画面とプログラミングインターフェース", "admin pages and programming interface"
            ),
            when=Text(
                "admin run を動かしたとき(既定は自機だけ)",
                "where admin run runs (by default this machine alone)",
            ),
        ),
        Route.UPDATES: About(
            process=Process.UPDATE,
            direction=Direction.CONNECTS,
            carrier=Carrier.TCP,
            protocol="HTTPS",
            authentication=Text(
                "更新そのものの署名(TUF、2 人以上)。相手のサーバーは信用しない",
                "the update's own signatures (TUF, two holders or more); the server is not believed",
            ),
            protection=Text("TLS 1.2 以上", "TLS 1.2 or newer"),
            reason=Text("更新を取りに行く", "fetches an update"),
            when=Text(
                "人が https:// の更新元を指定したときだけ(サービスとしては通信しない)",
                "only while a person names an https:// source; as a service it has no network",
            ),
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """One row of a site's table."""

    route: Route
    place: str
    """Address, host name, or path of a socket or serial line."""
    number: int | None
    """Port; None where there is none."""
    serves: Text
    """Whom or what of this site it is for."""

    @property
    def about(self) -> About:
        """What holds wherever this route is open."""
        return ROUTES[self.route]

    @property
    def address(self) -> str:
        """As people write it."""
        if self.number is None:
            return self.place
        host = f"[{self.place}]" if ":" in self.place else self.place
        return f"{host}:{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """How gate and pages were told to meet, and where browsers come to; None: not at all."""

    socket: str | None = None
    listen: tuple[str, int] | None = None


def surface(settings: Settings, pages: Pages | None = None) -> tuple[Port, ...]:
    """Every port of a site's gate and its pages, what listens first."""
    found = _ports(settings, pages or Pages())
    return tuple(sorted(found, key=lambda p: p.about.direction is not Direction.LISTENS))


def _ports(settings: Settings, pages: Pages) -> Iterator[Port]:
    if pages.listen is not None:
        host, number = pages.listen
        people = Text("人とプログラム", "people and programs")
        yield Port(route=Route.ADMIN_PAGES, place=host, number=number, serves=people)
    if pages.socket is not None:
        own = Text("管理画面のプロセス", "the pages' process")
        yield Port(route=Route.ADMIN_SOCKET, place=pages.socket, number=None, serves=own)
    north = settings.north
    if settings.metrics_port is not None:
        serves = Text("この機械の監視", "this machine's monitoring")
        yield Port(route=Route.METRICS, place=LOOPBACK, number=settings.metrics_port, serves=serves)
    broker = Text("ブローカー", "broker")
    yield Port(route=Route.MQTT, place=north.host, number=north.port, serves=broker)
    if not is_address(north.host):
        names = Text("機械の名前解決", "the machine's resolver")
        yield Port(route=Route.NAMES, place="*", number=DNS_PORT, serves=names)
    yield from _south(settings)


def _south(settings: Settings) -> Iterator[Port]:
    """A connection for each device, a line for each serial line."""
    lines: dict[str, list[str]] = {}
    for device in settings.south:
        match device.end:
            case TcpEnd(host=host, port=port):
                yield Port(
                    route=Route.MODBUS_TCP,
                    place=host,
                    number=port,
                    serves=listed([device.device]),
                )
            case SerialEnd(path=path):
                lines.setdefault(path, []).append(device.device)
    for path, devices in lines.items():
        yield Port(route=Route.MODBUS_RTU, place=path, number=None, serves=listed(devices))
