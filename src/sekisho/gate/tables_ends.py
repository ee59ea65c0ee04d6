"""Addresses as the gate's tables write them: `tcp://…`, `rtu://…`, `mqtts://…`, fingerprints.

A device is named by its number in a network that the public internet cannot reach: a name can be
pointed elsewhere, and a plant's device has no business on a public address. Each function answers
with the value or with the sentence that says what is wrong and what to write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from sekisho.gate.settings import SerialEnd, TcpEnd
from sekisho.site.faults import quoted
from sekisho.terms.texts import Text

MODBUS_PORT = 502
MQTTS_PORT = 8883
MOST_PORT = 65_535
BAUDS = (1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200)
BAUD, PARITY = 19_200, "E"
"""MODBUS over serial line, specification and implementation guide V1.02, section 2.5.1."""

_LOCAL = tuple(
    ip_network(word)
    for word in (
        "127.0.0.0/8",  # loopback
        "10.0.0.0/8",  # private use, RFC 1918
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",  # link-local, RFC 3927
        "100.64.0.0/10",  # shared address space, RFC 6598
        "192.0.2.0/24",  # documentation, RFC 5737
        "198.51.100.0/24",
        "203.0.113.0/24",
        "::1/128",
        "fc00::/7",  # unique local, RFC 4193
        "fe80::/10",  # link-local, RFC 4291
        "2001:db8::/32",  # documentation, RFC 3849
    )
)
_TCP = re.compile(r"tcp://(?:\[([^\[\]/?#@]+)\]|([^\[\]/?#@:]+))(?::([0-9]{1,5}))?/?")
_RTU = re.compile(r"rtu://(/[A-Za-z0-9._/+:-]+)(?:\?([A-Za-z0-9=&]*))?")
_BROKER = re.compile(r"mqtts://(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+))(?::([0-9]{1,5}))?/?")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_FINGERPRINT = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why an address cannot be used, and what to write."""

    what: Text
    remedy: Text


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is."""

    host: str
    port: int


_CONNECT_REMEDY = Text(
    "例: tcp://192.0.2.10:502 または rtu:///dev/ttyS0?baud=19200&parity=E",
    "Write tcp://192.0.2.10:502 or rtu:///dev/ttyS0?baud=19200&parity=E.",
)
_BROKER_REMEDY = Text("例: mqtts://broker.example.jp:8883", "Write mqtts://broker.example.jp:8883.")


def end_of(connect: str) -> TcpEnd | SerialEnd | Wrong:
    """How a device is reached."""
    if connect.startswith("rtu:"):
        return _serial(connect)
    given = _TCP.fullmatch(connect)
    if given is None:
        return _unreadable("connect", connect, _CONNECT_REMEDY)
    host = given[1] or given[2]
    port = int(given[3] or MODBUS_PORT)
    if not 1 <= port <= MOST_PORT:
        return _bad_port(port)
    try:
        address = ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        return Wrong(
            Text(
                "機器の住所が IP アドレスではありません: {host}",
                "A device is reached by its IP address, not by a name: {host}",
            ).fill(host=quoted(host)),
            Text(
                "名前は別の機器に向け替えられるため、IP アドレスを書いてください"
                "(例: tcp://192.0.2.10:502)。",
                "A name can be pointed elsewhere; write the address (tcp://192.0.2.10:502).",
            ),
        )
    if not _is_local(address):
        return Wrong(
            Text(
                "{host} は構内のアドレスではありません。",
                "{host} is no address of a plant's own network.",
            ).fill(host=address),
            Text(
                "機器を公開の網から外し、プライベートアドレスを書いてください"
                "(10/8、172.16/12、192.168/16、fc00::/7 など)。",
                "Take the device off public networks and write a private address "
                "(10/8, 172.16/12, 192.168/16, fc00::/7 …).",
            ),
        )
    return TcpEnd(host=str(address), port=port)


def broker_of(address: str) -> Broker | Wrong:
    """Where the broker is."""
    if address.startswith(("mqtt:", "tcp:", "ws:", "http:")):
        return Wrong(
            Text(
                "broker が暗号化されていません: {address}",
                "The broker's address is without encryption: {address}",
            ).fill(address=quoted(address)),
            _BROKER_REMEDY,
        )
    if "@" in address:
        return Wrong(
            Text("broker に利用者名があります。", "The broker's address has a user in it."),
            Text(
                "利用者名とパスワードを消してください。ゲートは証明書で名乗ります。",
                "Delete user and password: the gate is known by its certificate.",
            ),
        )
    given = _BROKER.fullmatch(address)
    host = (given[1] or given[2]) if given is not None else ""
    if given is None or not (is_address(host) if given[1] else _is_name(host)):
        return _unreadable("broker", address, _BROKER_REMEDY)
    port = int(given[3] or MQTTS_PORT)
    return Broker(host, port) if 1 <= port <= MOST_PORT else _bad_port(port)


def fingerprint_of(word: str) -> str | Wrong:
    """The authority's fingerprint."""
    if _FINGERPRINT.fullmatch(word):
        return word
    return Wrong(
        Text(
            "fingerprint は sha256: と小文字の16進64桁で書きます: {word}",
            "A fingerprint is sha256: and 64 lower-case hexadecimal digits, not: {word}",
        ).fill(word=quoted(word)),
        Text(
            "サイトの認証元から受け取った指紋をそのまま写してください。",
            "Copy the fingerprint that the site's authority handed over, as it is.",
        ),
    )


def is_loopback(host: str) -> bool:
    """Whether an address is this machine itself."""
    return ip_address(host).is_loopback


def is_address(host: str) -> bool:
    """Whether a host is an IP address rather than a name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _serial(connect: str) -> SerialEnd | Wrong:
    given = _RTU.fullmatch(connect)
    if given is None or ".." in given[1].split("/"):
        return _unreadable("connect", connect, _CONNECT_REMEDY)
    asked = [part.partition("=") for part in (given[2] or "").split("&") if part]
    options = {key: value for key, _, value in asked}
    odd = options.keys() - {"baud", "parity"}
    baud, parity = options.get("baud", str(BAUD)), options.get("parity", PARITY)
    if odd or len(asked) != len(options) or baud not in map(str, BAUDS) or parity not in set("NEO"):
        return Wrong(
            Text(
                "シリアルの設定を読めません: {connect}",
                "The serial settings cannot be read: {connect}",
            ).fill(connect=quoted(connect)),
            Text(
                "?baud={bauds} と &parity=N・E・O だけを書いてください。",
                "Write only ?baud={bauds} and &parity=N, E or O.",
            ).fill(bauds="/".join(map(str, BAUDS))),
        )
    return SerialEnd(path=given[1], baud=int(baud), parity=parity)


def _is_local(address: IPv4Address | IPv6Address) -> bool:
    return any(address in network for network in _LOCAL if network.version == address.version)


def _is_name(host: str) -> bool:
    return all(_LABEL.fullmatch(label) for label in host.split("."))


def _unreadable(key: str, value: str, remedy: Text) -> Wrong:
    return Wrong(
        Text("{key} を読めません: {value}", "{key} cannot be read: {value}").fill(
            key=key, value=quoted(value)
        ),
        remedy,
    )


def _bad_port(port: int) -> Wrong:
    return Wrong(
        Text("ポート {port} はありません。", "There is no port {port}.").fill(port=port),
        Text("1 から 65535 の数にしてください。", "Write a number from 1 to 65535."),
    )
