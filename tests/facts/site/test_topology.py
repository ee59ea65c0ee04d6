"""Who reaches whom, by the declared links; what is not declared is not known."""

from dataclasses import replace

import pytest

from sekisho.shell.site_files import load_site
from sekisho.site.model import Device, External, ExternalKind, Identity, Link, Medium, Role, Route
from sekisho.site.topology import topology_of
from sekisho.terms.ids import DeviceId, ExternalId
from tests.plants import EXAMPLES

BASE = load_site(EXAMPLES / "all-labelled" / "site.toml")
ROLES = {
    "cam": Role.CAMERA, "gw": Role.GATEWAY, "fw": Role.FIREWALL, "rt": Role.ROUTER,
    "pcs": Role.PCS, "ems": Role.LOCAL_EMS,
}  # fmt: skip


def plant(*pairs, medium=Medium.IP):
    devices = tuple(
        Device(id=DeviceId(name), role=role, identity=Identity()) for name, role in ROLES.items()
    )
    return topology_of(
        replace(
            BASE,
            devices=devices,
            externals=(External(id=ExternalId("agg"), kind=ExternalKind.AGGREGATOR),),
            links=tuple(
                Link(between=tuple(pair.split("-")), medium=medium, route=Route.LOCAL)
                for pair in pairs
            ),
        )
    )


@pytest.mark.parametrize(
    ("links", "straight"),
    [
        ((), None),
        (("cam-pcs",), True),
        (("cam-rt", "rt-pcs"), True),
        (("cam-gw", "gw-pcs"), False),
        (("cam-rt", "rt-gw", "gw-pcs"), False),
        (("cam-fw", "fw-pcs"), None),
        (("cam-rt", "rt-fw", "fw-ems"), None),
        (("cam-fw", "fw-gw", "gw-pcs"), False),
        (("cam-fw", "fw-pcs", "cam-rt", "rt-pcs"), True),
    ],
)
def test_a_gateway_parts_a_camera_from_the_main_components_and_a_firewall_may(links, straight):
    net = plant(*links)
    assert net.straight_to_main(net.devices["cam"]) is straight


@pytest.mark.parametrize(
    ("links", "without_gateway", "behind"),
    [
        ((), None, None),
        (("agg-pcs",), True, False),
        (("agg-gw", "gw-pcs"), False, True),
        (("agg-rt", "rt-pcs"), True, False),
        (("agg-gw", "gw-pcs", "agg-rt", "rt-pcs"), True, True),
        (("ems-pcs",), False, False),
    ],
)
def test_an_aggregator_reaches_a_pcs_past_a_gateway_or_not(links, without_gateway, behind):
    net = plant(*links)
    pcs = net.devices["pcs"]
    assert net.reached_without_gateway(pcs) is without_gateway
    assert net.behind_gateway(pcs) is behind


@pytest.mark.parametrize(("medium", "speaks"), [(Medium.IP, True), (Medium.SERIAL, None)])
def test_a_serial_link_does_not_say_that_a_device_has_no_ip(medium, speaks):
    net = plant("gw-pcs", medium=medium)
    assert net.speaks_ip(net.devices["pcs"]) is speaks
