"""The site file's declarations against what was seen."""

from dataclasses import replace
from datetime import date

import pytest

from sekisho.evidence.observation import Record
from sekisho.evidence.observation_function import ProductShown
from sekisho.evidence.observation_network import (
    AskedPorts,
    OpenPorts,
    PlaintextService,
    SeenPort,
)
from sekisho.evidence.observation_paper import DeclaredPort, PortTable
from sekisho.evidence.observation_words import Plaintext, ShownIn, Transport
from sekisho.proof.declared import COUNTS, Outcome, compared, ports_of_links
from sekisho.proof.evidence import evidence_of
from sekisho.shell.site_files import load_site
from sekisho.site.model import Identity, Link, Medium
from sekisho.terms.quantity import WallMs
from tests.plants import EXAMPLES

SITE = load_site(EXAMPLES / "demo-site")
GATEWAY = replace(
    next(device for device in SITE.devices if device.id == "gw-1"), identity=Identity(model="M-1")
)
DAY = date(2026, 11, 22)
NOON = WallMs(1_795_300_000_000)


def seen(*observed):
    records = [
        Record(at=NOON, program="", method="", target="", transcript=None, observed=one)
        for one in observed
    ]
    return evidence_of([(record, True) for record in records], DAY)


def ports(*given):
    return OpenPorts(
        asked=(AskedPorts(transport=Transport.TCP, first=1, last=65_535),),
        complete=True,
        ports=tuple(
            SeenPort(transport=Transport.TCP, port=port, service=service) for port, service in given
        ),
    )


def linked(*protocols, medium=Medium.IP, speaks_ip=None):
    """A plant in which the gateway has one link for each protocol."""
    links = tuple(Link(between=("gw-1", "agg"), medium=medium, protocol=p) for p in protocols)
    return replace(SITE, links=links), replace(GATEWAY, speaks_ip=speaks_ip)


def outcomes(plant, evidence):
    site, device = plant
    return {one.declared.en: one.outcome for one in compared(site, device, evidence)}


def link_outcome(protocol, evidence):
    found = outcomes(linked(protocol), evidence)
    return found[f"link gw-1 – agg (ip, {protocol})"]


@pytest.mark.parametrize(
    ("protocol", "port", "service"),
    [
        ("modbus-tcp", 502, "modbus"),
        ("modbus-tcp", 502, ""),
        ("mqtt", 8883, "mqtts"),
        ("https", 8443, "https"),
    ],
)
def test_a_declared_protocol_that_listens_is_confirmed_and_explains_its_port(
    protocol, port, service
) -> None:
    evidence = seen(ports((port, service)))
    assert link_outcome(protocol, evidence) is Outcome.CONFIRMED
    assert Outcome.UNEXPECTED not in outcomes(linked(protocol), evidence).values()
    site, device = linked(protocol)
    (explained,) = ports_of_links(site, device, evidence)
    assert (explained.port, explained.reason) == (port, f"{SITE.id}: link gw-1 – agg")


def test_a_declared_protocol_that_does_not_listen_is_left_open() -> None:
    assert link_outcome("mqtt", seen(ports())) is Outcome.LEFT_OPEN
    assert Outcome.LEFT_OPEN not in COUNTS


def test_a_protocol_declared_encrypted_and_seen_in_the_clear_is_contradicted() -> None:
    def service(does):
        return PlaintextService(transport=Transport.TCP, port=80, service="http", does=does)

    assert link_outcome("https", seen(service(Plaintext.SERVES))) is Outcome.CONTRADICTED
    assert link_outcome("https", seen(service(Plaintext.LOGS_IN))) is Outcome.CONTRADICTED
    assert link_outcome("https", seen(service(Plaintext.REDIRECTS))) is Outcome.LEFT_OPEN
    assert link_outcome("mqtt", seen(service(Plaintext.SERVES))) is Outcome.LEFT_OPEN
    assert Outcome.CONTRADICTED in COUNTS


def test_a_serial_link_and_one_without_a_protocol_are_left_open() -> None:
    evidence = seen(ports((502, "modbus")))
    serial = outcomes(linked("modbus-rtu", medium=Medium.SERIAL), evidence)
    assert serial["link gw-1 – agg (serial, modbus-rtu)"] is Outcome.LEFT_OPEN
    bare = outcomes(linked(None), evidence)
    assert bare["link gw-1 – agg (ip, no protocol stated)"] is Outcome.LEFT_OPEN


def test_a_port_that_nothing_explains_is_unexpected_and_counts() -> None:
    evidence = seen(ports((502, "modbus"), (23, "telnet")))
    found = outcomes(linked("modbus-tcp"), evidence)
    unexpected = [name for name, outcome in found.items() if outcome is Outcome.UNEXPECTED]
    assert unexpected == ["port 23 (telnet)"]
    assert Outcome.UNEXPECTED in COUNTS


@pytest.mark.parametrize(("reason", "explained"), [("maintenance", True), ("", False)])
def test_a_port_table_explains_a_port_with_its_reason_alone(reason, explained) -> None:
    declared = DeclaredPort(transport=Transport.TCP, port=23, service="telnet", reason=reason)
    table = PortTable(file="t", sha256="0" * 64, dated=DAY, ports=(declared,))
    found = outcomes(linked(), seen(ports((23, "telnet")), table))
    assert (found.get("port 23 (telnet)") is None) == explained


@pytest.mark.parametrize(
    "table",
    [
        {"dated": date(2025, 11, 21)},
        {"dated": date(2026, 11, 23)},
        {"dated": None},
        {"sha256": None},
    ],
)
def test_a_port_table_that_does_not_count_explains_nothing(table) -> None:
    declared = DeclaredPort(transport=Transport.TCP, port=23, service="telnet", reason="because")
    whole = PortTable(file="t", sha256="0" * 64, dated=date(2025, 11, 22), ports=(declared,))
    assert "port 23 (telnet)" not in outcomes(linked(), seen(ports((23, "telnet")), whole))
    stale = replace(whole, **table)
    assert "port 23 (telnet)" in outcomes(linked(), seen(ports((23, "telnet")), stale))


@pytest.mark.parametrize(
    ("speaks_ip", "evidence", "outcome"),
    [
        (True, seen(ports((443, "https"))), Outcome.CONFIRMED),
        (False, seen(ports((443, "https"))), Outcome.CONTRADICTED),
        (True, seen(ports()), Outcome.LEFT_OPEN),
        (False, seen(), Outcome.LEFT_OPEN),
    ],
)
def test_speaks_ip_is_held_against_what_answered(speaks_ip, evidence, outcome) -> None:
    found = outcomes(linked(speaks_ip=speaks_ip), evidence)
    assert found[f"speaks_ip = {str(speaks_ip).lower()}"] is outcome


def test_what_the_owner_did_not_say_is_not_compared() -> None:
    found = outcomes(linked(), seen(ports((443, "https"))))
    assert not any(name.startswith("speaks_ip") for name in found)


@pytest.mark.parametrize(
    ("model", "outcome"),
    [("M-1", Outcome.CONFIRMED), ("M-2", Outcome.CONTRADICTED), ("", Outcome.LEFT_OPEN)],
)
def test_the_declared_model_is_held_against_what_is_shown(model, outcome) -> None:
    shown = ProductShown(shown_in=ShownIn.USER_INTERFACE, place="/about", model=model, version="")
    assert outcomes(linked(), seen(shown))["model = M-1"] is outcome


def test_one_place_that_shows_another_model_contradicts_whatever_the_others_show() -> None:
    def shown(place, model):
        return ProductShown(shown_in=ShownIn.PROTOCOL, place=place, model=model, version="")

    evidence = seen(shown("/about", "M-1"), shown("SunSpec", "M-2"))
    assert outcomes(linked(), evidence)["model = M-1"] is Outcome.CONTRADICTED
