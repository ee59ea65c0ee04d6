"""Which ports are asked: ranges of a profile, and the short list of UDP services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from sekisho.evidence.observation_words import Transport

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.proof.plan_document import ProbeDocument

Range: TypeAlias = tuple[int, int]
"""First and last port."""

UDP_SERVICES: Final[tuple[tuple[int, str, bytes], ...]] = (
    (53, "dns", bytes.fromhex("000101000001000000000000") + b"\x07version\x04bind\x00\x00\x10\x00\x03"),
    (69, "tftp", b"\x00\x01sekisho\x00octet\x00"),
    (123, "ntp", b"\x23" + bytes(47)),
    (
        161,
        "snmp",
        bytes.fromhex("302602010104067075626c6963a019020101020100020100300e300c06082b060102010101000500"),
    ),
    (1900, "ssdp", b'M-SEARCH * HTTP/1.1\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n'),
    (5353, "mdns", bytes.fromhex("000000000001000000000000") + b"\x09_services\x07_dns-sd\x04_udp\x05local\x00\x00\x0c\x00\x01"),
    (5683, "coap", bytes.fromhex("40010001") + b"\xbb.well-known\x04core"),
    (47808, "bacnet", bytes.fromhex("810a000801100008")[:4] + bytes.fromhex("01001008")),
)  # fmt: skip
"""Port, service, and the one packet that is sent to it: each only asks, and changes nothing."""


def ranges_of(document: ProbeDocument) -> tuple[Range, ...]:
    """The TCP ports that are asked: those of `[scan]` and those declared, without repetition."""
    wanted = [_range(text) for text in document.scan.tcp]
    wanted += ((p.number, p.number) for p in document.port if p.transport is Transport.TCP)
    return merged(wanted)


def merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """The same ports, in as few ranges as hold them, in order."""
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def size(ranges: Iterable[Range]) -> int:
    """How many ports."""
    return sum(last - first + 1 for first, last in ranges)


def _range(text: str) -> Range:
    first, _, last = text.partition("-")
    return int(first), int(last or first)
