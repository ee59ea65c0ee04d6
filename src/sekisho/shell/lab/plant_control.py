"""The plant's control channel: one JSON object on a line, on loopback, for tests and attackers.

`{"do": "on", "device": "pcs-1", "fault": "lie", "meaning": "state-of-charge", "add": 0.3}` is
answered by `{"ok": true}`, a mistake by `{"ok": false, "why": "…"}`. Whoever reaches it does what he
likes with the simulated plant; it listens on loopback only.
"""

from __future__ import annotations

import asyncio
import json
import socket
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Self

from sekisho.lab.fault_text import KINDS, as_plain, from_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.lab.faults import Fault
    from sekisho.shell.lab.plant import LivePlant

HOST = "127.0.0.1"
MOST_LINE = 65_536
_PATIENCE_S = 10.0


class ControlServer:
    """Carries out what arrives; at the plant's side."""

    def __init__(self, plant: LivePlant) -> None:
        """The channel of a plant that runs."""
        self._plant = plant
        self._server: asyncio.Server | None = None
        self.ended = asyncio.Event()
        """Somebody asked the plant to end."""

    async def start(self) -> int:
        """Listens; the port."""
        self._server = await asyncio.start_server(self._serve, HOST, 0, limit=MOST_LINE)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        """Stops listening."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(json.dumps(await self._answer(line)).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):  # gone, or a line beyond the limit
            pass
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            asked = json.loads(line)
            return {"ok": True, **await self._do(asked)}
        except (ValueError, KeyError, TypeError) as error:
            return {"ok": False, "why": f"{type(error).__name__}: {error}"}

    async def _do(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        match asked["do"]:
            case "truth":
                return {"truth": asdict(self._plant.truth())}
            case "addresses":
                return {"addresses": self._plant.addresses()}
            case "seen":
                return {"seen": _seen(self._plant)}
            case "faults":
                return {"faults": _faults(self._plant)}
            case "on" | "off" | "unplug" | "plug":
                await self._to_device(asked)
            case "end":
                self.ended.set()
            case _:
                self._to_plant(asked)
        return {}

    async def _to_device(self, asked: Mapping[str, Any]) -> None:
        plant = self._plant
        match asked["do"]:
            case "on":
                rest = {k: v for k, v in asked.items() if k not in {"do", "device"}}
                plant.switch_on(asked["device"], from_plain(rest))
            case "off":
                kind = asked.get("fault")
                plant.switch_off(asked["device"], None if kind is None else KINDS[kind])
            case "unplug":
                await plant.unplug(asked["device"])
            case "plug":
                await plant.plug(asked["device"])
            case _:
                pass

    def _to_plant(self, asked: Mapping[str, Any]) -> None:
        plant = self._plant
        match asked["do"]:
            case "frequency":
                plant.plant.grid.offset = float(asked["offset"])
            case "auxiliary":
                plant.plant.auxiliary_w = float(asked["watts"])
            case "soc":
                for block in plant.plant.blocks:
                    block.battery.stored = float(asked["share"]) * block.battery.plate.energy_wh
            case "close-breaker":
                plant.plant.relay.reset_on_the_spot()
            case other:
                raise ValueError(f"nothing is called {other!r}")


def _faults(plant: LivePlant) -> dict[str, Any]:
    return {
        name: [as_plain(fault) for fault in device.faults] for name, device in plant.devices.items()
    }


_COUNTED = (
    *("connections", "most_connections", "connections_ever", "resets"),
    *("requests", "write_frames", "malformed", "broadcasts"),
)


def _seen(plant: LivePlant) -> dict[str, Any]:
    return {
        name: {counted: getattr(plant.seen(name), counted) for counted in _COUNTED}
        for name in plant.devices
    }


class PlantControl:
    """The other end of the channel, without a loop of its own: tests, benches and attackers."""

    def __init__(self, port: int) -> None:
        """Connects.

        Raises:
            OSError: there is no plant.
        """
        self._socket = socket.create_connection((HOST, port), timeout=_PATIENCE_S)
        self._lines = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        """As it is."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hangs up."""
        self.close()

    def close(self) -> None:
        """Hangs up; the plant runs on."""
        self._lines.close()
        self._socket.close()

    def ask(self, do: str, **words: object) -> dict[str, Any]:
        """One request.

        Raises:
            ValueError: the plant refuses it, and says why.
            OSError: the plant is gone.
        """
        self._socket.sendall(json.dumps({"do": do, **words}).encode() + b"\n")
        line = self._lines.readline()
        if not line:
            raise ConnectionError("the plant is gone")
        answer: dict[str, Any] = json.loads(line)
        if not answer.pop("ok"):
            raise ValueError(answer["why"])
        return answer

    def truth(self) -> dict[str, Any]:
        """What is true now: the fields of `lab.plant.Truth`."""
        found: dict[str, Any] = self.ask("truth")["truth"]
        return found

    def seen(self) -> dict[str, dict[str, int]]:
        """What clients did, by device: connections, resets, write frames."""
        found: dict[str, dict[str, int]] = self.ask("seen")["seen"]
        return found

    def addresses(self) -> dict[str, str]:
        """Where each device is reached, as `[[south]] connect` writes it."""
        found: dict[str, str] = self.ask("addresses")["addresses"]
        return found

    def on(self, device: str, fault: Fault) -> None:
        """Something goes wrong with a device."""
        self.ask("on", device=device, **as_plain(fault))

    def off(self, device: str, fault: type[Fault] | None = None) -> None:
        """It is mended: one kind of fault, or all."""
        name = None if fault is None else next(n for n, kind in KINDS.items() if kind is fault)
        self.ask("off", device=device, fault=name)
