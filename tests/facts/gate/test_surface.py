"""The table of ports follows from the settings, and explains a socket or does not."""

from dataclasses import replace

import pytest

from sekisho.gate.settings import SerialEnd, TcpEnd
from sekisho.gate.surface import ROUTES, Carrier, Direction, Route, surface
from sekisho.gate.surface_seen import Seen, Stance, compare, read_inet, read_packet, read_unix
from tests.facts.gate import scene

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"


def row(near, far, state, inode):
    return f"   0: {near} {far} {state} 00000000:00000000 00:00000000 00000000  1000        0 {inode} 1\n"


def seen(place, number, *, far=None, carrier=Carrier.TCP):
    stance = Stance.LISTENS if far is None else Stance.CONNECTED
    far_place, far_number = far or ("", None)
    return Seen(
        carrier=carrier,
        stance=stance,
        place=place,
        number=number,
        far_place=far_place,
        far_number=far_number,
    )


def ports(**change):
    return surface(replace(scene.SETTINGS, **change))


def test_every_route_of_the_program_is_described():
    assert set(ROUTES) == set(Route)
    assert all(about.reason.ja and about.reason.en for about in ROUTES.values())


def test_without_a_metrics_port_nothing_listens():
    listening = [p for p in ports(metrics_port=None) if p.about.direction is Direction.LISTENS]
    assert listening == []


def test_metrics_listen_on_loopback_alone():
    first = ports(metrics_port=9_464)[0]
    assert (first.route, first.address) == (Route.METRICS, "127.0.0.1:9464")


def test_each_device_has_a_row_and_a_shared_serial_line_has_one():
    line = SerialEnd(path="/dev/ttyS0", baud=19_200, parity="E")
    devices = scene.SETTINGS.south
    south = tuple(replace(d, end=line if at < 2 else d.end) for at, d in enumerate(devices))
    found = ports(south=south)
    serial = [p for p in found if p.route is Route.MODBUS_RTU]
    assert [p.place for p in serial] == ["/dev/ttyS0"]
    assert devices[0].device in serial[0].serves.en
    assert devices[1].device in serial[0].serves.en
    tcp = [p for p in found if p.route is Route.MODBUS_TCP]
    assert len(tcp) == sum(isinstance(d.end, TcpEnd) for d in south)


def test_names_are_looked_up_only_for_a_broker_that_has_a_name():
    named = replace(scene.SETTINGS.north, host="broker.example.jp")
    numbered = replace(scene.SETTINGS.north, host="192.0.2.1")
    assert Route.NAMES in {p.route for p in ports(north=named)}
    assert Route.NAMES not in {p.route for p in ports(north=numbered)}


@pytest.mark.parametrize(
    ("near", "place", "number"),
    [
        ("0100007F:24F8", "127.0.0.1", 9_464),
        ("00000000:0016", "0.0.0.0", 22),
        ("00000000000000000000000001000000:1F90", "::1", 8_080),
        ("0000000000000000FFFF00000100007F:1F90", "127.0.0.1", 8_080),
    ],
)
def test_the_kernels_addresses_are_read(near, place, number):
    text = HEAD + row(near, "00000000:0000", "0A", 7) + row(near, "00000000:0000", "0A", 8)
    found = list(read_inet(text, Carrier.TCP, frozenset({7})))
    assert [(s.stance, s.place, s.number) for s in found] == [(Stance.LISTENS, place, number)]


def test_a_connection_on_its_way_out_is_not_open():
    text = HEAD + row("0100007F:9000", "0100007F:01F6", "06", 7)
    assert list(read_inet(text, Carrier.TCP, frozenset({7}))) == []


def test_an_udp_socket_that_waits_for_anybody_listens():
    text = HEAD + row("00000000:14E9", "00000000:0000", "07", 7)
    [found] = read_inet(text, Carrier.UDP, frozenset({7}))
    assert found.stance is Stance.LISTENS


def test_unix_sockets_are_told_apart():
    text = (
        "Num       RefCount Protocol Flags    Type St Inode Path\n"
        "0000: 00000002 00000000 00010000 0001 01 7 /run/sekisho/gate.sock\n"
        "0000: 00000003 00000000 00000000 0001 03 8\n"
        "0000: 00000002 00000000 00010000 0001 01 9 /run/other.sock\n"
    )
    found = list(read_unix(text, frozenset({7, 8})))
    assert [(s.stance, s.place) for s in found] == [
        (Stance.LISTENS, "/run/sekisho/gate.sock"),
        (Stance.INTERNAL, ""),
    ]


def test_a_packet_socket_is_seen():
    text = "sk       RefCnt Type Proto  Iface R Rmem   User   Inode\n0 3 3 0003 2 1 0 0 7\n"
    assert len(list(read_packet(text, frozenset({7})))) == 1


def test_what_is_no_table_is_not_read_as_an_empty_one():
    with pytest.raises(ValueError, match="short"):
        list(read_inet(HEAD + "short\n", Carrier.TCP, frozenset()))
    with pytest.raises(ValueError, match="short"):
        list(read_unix("head\nshort\n", frozenset()))


def unexpected(*sockets, names=None, **change):
    return compare(ports(**change), sockets, names or {}).unexpected


def test_metrics_on_every_address_are_not_metrics_on_loopback():
    odd = seen("0.0.0.0", 9_464)
    assert unexpected(seen("127.0.0.1", 9_464), odd, metrics_port=9_464) == (odd,)


def test_a_listener_without_a_row_is_unexpected():
    odd = seen("127.0.0.1", 2_000)
    assert unexpected(odd, metrics_port=9_464) == (odd,)
    assert unexpected(seen("127.0.0.1", 9_464), metrics_port=None)


def test_a_connection_counts_for_the_row_that_explains_it():
    end = scene.SETTINGS.south[0].end
    assert isinstance(end, TcpEnd)
    mine = seen("192.0.2.9", 40_000, far=(end.host, end.port))
    found = compare(ports(), [mine], {})
    assert found.unexpected == ()
    assert [p.route for p, n in found.open.items() if n] == [Route.MODBUS_TCP]
    elsewhere = seen("192.0.2.9", 40_001, far=("198.51.100.7", end.port))
    assert unexpected(elsewhere) == (elsewhere,)


def test_a_broker_by_name_is_known_by_its_addresses():
    north = replace(scene.SETTINGS.north, host="broker.example.jp", port=8_883)
    mine = seen("192.0.2.9", 40_000, far=("198.51.100.7", 8_883))
    names = {"broker.example.jp": frozenset({"198.51.100.7"})}
    assert unexpected(mine, names=names, north=north) == ()
    assert unexpected(mine, names={}, north=north) == (mine,)


def test_a_name_service_is_asked_only_where_the_broker_has_a_name():
    asking = seen("192.0.2.9", 40_000, far=("198.51.100.53", 53), carrier=Carrier.UDP)
    named = replace(scene.SETTINGS.north, host="broker.example.jp")
    assert unexpected(asking, north=named) == ()
    assert unexpected(asking) == (asking,)
