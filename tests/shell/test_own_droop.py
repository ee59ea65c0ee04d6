"""A PCS with droop of its own: `gate check` says who follows the frequency."""

from __future__ import annotations

import pytest

from sekisho.gate.checking import Stands
from sekisho.gate.device_check import droop_check
from sekisho.gate.settings import SouthRole
from sekisho.shell.gate.contact import meet
from sekisho.shell.gate.describe import Describe
from sekisho.shell.modbus.server import TcpServer
from tests.facts.gate import scene
from tests.modbus_bank import Table
from tests.sunspec_devices import PCS, bank


class Wire(Table):
    """The registers of a SunSpec device on the wire."""

    def __init__(self, device):
        super().__init__(65_536)
        for address, word in device.held.items():
            self.holding[address] = word


async def asked(*models, **held):
    device = bank(*models)
    for name, word in held.items():
        device.put(711, name, word)
    server = await TcpServer(Wire(device)).start()
    try:
        south = scene.south("pcs-1", SouthRole.PCS, server.port, 5_000_000)
        met = await meet(south, Describe({}))
        return met, droop_check(south, met.connected.device_map, met.droop)
    finally:
        await server.close()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("enabled", "stands", "said"),
    [(0, Stands.GOOD, "is off"), (1, Stands.NOTED, "is on"), (0xFFFF, Stands.NOTED, "not told")],
)
async def test_who_follows_the_frequency_is_said(enabled, stands, said):
    met, answer = await asked(*PCS, Ena=enabled)
    assert met.connected.device_map.droop is not None
    assert answer is not None
    assert answer.stands is stands
    assert said in answer.said.en


@pytest.mark.asyncio
async def test_a_pcs_without_droop_is_not_spoken_of():
    without = [model for model in PCS if model.id != 711]
    met, answer = await asked(*without)
    assert (met.droop, answer) == (None, None)
