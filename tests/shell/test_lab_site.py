"""The sample site's plant, found on its real wire by what the gate asks at connect."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sekisho.codec.points import DeviceRole
from sekisho.gate.tables import read_gated
from sekisho.shell.device_data import load_profile
from sekisho.shell.gate.describe import Describe, client_of
from sekisho.shell.lab.plant_process import PlantProcess
from sekisho.shell.lab.site_plant import moved, service_of
from tests.plants import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path

DEMO = EXAMPLES / "demo-site" / "site.toml"


def test_the_gate_finds_every_device_of_the_sample_plant(tmp_path: Path) -> None:
    with PlantProcess(service_of(DEMO, soc=0.6)) as process:
        addresses = process.control.addresses()
        copy = moved(DEMO, tmp_path, addresses, "mqtts://127.0.0.1:8883", "sha256:" + "0" * 64)
        settings = read_gated(copy.read_text("utf-8"), str(copy)).settings
        profiles = {"relay.toml": load_profile("relay.toml", tmp_path)}

        async def found() -> dict[str, object]:
            described: dict[str, object] = {}
            for device in settings.south:
                client = client_of(device)
                await client.connect()
                told = await Describe(profiles)(client, device)
                described[device.device] = told.device_map.role
                if told.common is not None:
                    described[device.device] = (told.device_map.role, told.common.model)
                await client.close()
            return described

        assert asyncio.run(found()) == {
            "pcs-1": (DeviceRole.PCS, "SK-PCS-2500"),
            "pcs-2": (DeviceRole.PCS, "SK-PCS-2500"),
            "bms-1": (DeviceRole.BMS, "SK-BMS-10"),
            "meter-1": (DeviceRole.METER, "KC-M-3"),
            "relay-1": DeviceRole.TRIP,
        }
        assert all(seen["resets"] == 0 for seen in process.control.seen().values())
