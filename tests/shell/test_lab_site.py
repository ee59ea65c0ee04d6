"""The sample site's plant, found on its real wire by what the gate asks at connect."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sekisho.codec.meanings import DeviceRole
from sekisho.gate.tables import read_gated
from sekisho.lab.build import built
from sekisho.shell.device_data import load_profile
from sekisho.shell.gate.describe import Describe, client_of
from sekisho.shell.lab.plant_process import PlantProcess
from sekisho.shell.lab.site_plant import moved, service_of
from tests.plants import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path

DEMO = EXAMPLES / "demo-site" / "site.toml"


OWN_RELAY = """\
[device]
role = "trip"
title = "A relay (invented)"
source = "none: invented for this test"
invented = true

[[point]]
meaning = "trip"
space = "coil"
address = 9
kind = "bit"
keeping = "volatile"
write = 1
"""


def test_the_gate_finds_every_device_of_the_sample_plant(tmp_path: Path) -> None:
    """On TCP and on a serial line, by SunSpec and by a profile beside the site file."""
    site, there = tmp_path / "site.toml", tmp_path / "there"
    text = DEMO.read_text("utf-8")
    text = text.replace('"tcp://192.0.2.14:502"', '"rtu:///dev/ttyS0?baud=19200&parity=N"')
    text = text.replace("[fallback]", 'profile = "own/relay.toml"\n\n[fallback]')
    site.write_text(text.replace("coil = 0", "coil = 9"), encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "relay.toml").write_text(OWN_RELAY, encoding="utf-8")
    there.mkdir()
    with PlantProcess(service_of(site, soc=0.6)) as process:
        addresses = process.control.addresses()
        assert addresses["meter-1"].startswith("rtu:///dev/")
        copy = moved(site, there, addresses, "mqtts://127.0.0.1:8883", "sha256:" + "0" * 64)
        settings = read_gated(copy.read_text("utf-8"), str(copy)).settings
        profiles = {"own/relay.toml": load_profile("own/relay.toml", there)}

        async def found() -> dict[str, tuple[DeviceRole, str | None]]:
            described: dict[str, tuple[DeviceRole, str | None]] = {}
            for device in settings.south:
                client = client_of(device)
                await client.connect()
                told = await Describe(profiles)(client, device)
                model = None if told.common is None else told.common.model
                described[device.device] = (told.device_map.role, model)
                await client.close()
            return described

        plates = {
            str(name): device.plate.model
            for name, device in built(service_of(site).plan)[1].items()
        }
        assert asyncio.run(found()) == {
            "pcs-1": (DeviceRole.PCS, plates["pcs-1"]),
            "pcs-2": (DeviceRole.PCS, plates["pcs-2"]),
            "bms-1": (DeviceRole.BMS, plates["bms-1"]),
            "meter-1": (DeviceRole.METER, plates["meter-1"]),
            "trip-1": (DeviceRole.TRIP, None),
        }
        assert all(seen["resets"] == 0 for seen in process.control.seen().values())
        assert process.control.truth()["batteries"][0]["soc"] > 0.59
