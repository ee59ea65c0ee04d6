"""A plant in a process of its own, which ends with its parent."""

from __future__ import annotations

import asyncio
import multiprocessing
import multiprocessing.reduction
import signal
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Self

from sekisho.codec.points import Point
from sekisho.shell.lab.plant import TICK_MS, LivePlant
from sekisho.shell.lab.plant_control import ControlServer, PlantControl
from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from multiprocessing.connection import Connection

    from sekisho.lab.build import PlantPlan
    from sekisho.terms.ids import DeviceId

_START_S = 20.0
_END_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How a plant is served."""

    plan: PlantPlan
    tick_ms: int = TICK_MS
    together: Collection[Collection[DeviceId]] = ()
    """Devices that share one address."""
    serial: Collection[DeviceId] = ()
    """Devices on a pty."""
    ports: Mapping[DeviceId, int] = field(default_factory=dict)
    """Where devices listen; others take any free port."""


class PlantProcess:
    """A running plant and its control channel; a context manager."""

    def __init__(self, service: Service) -> None:
        """Starts it, and waits until it serves.

        Raises:
            WorldError: it does not come up.
        """
        # a point carries a prepared reader, which is made anew on the other side
        multiprocessing.reduction.register(Point, _parts)
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_child, args=(service, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self._held = ours
        """The child ends when this is closed, by us or by our death."""
        try:
            started = ours.poll(_START_S)
            port: int | None = ours.recv() if started else None
        except EOFError:
            port = None
        if port is None:
            self._end()
            raise WorldError(
                Problem(
                    "lab.plant",
                    Text("模擬プラントが起動しません。", "The simulated plant does not start."),
                    Text("もう一度実行してください。", "Run it again."),
                )
            )
        self.port = port
        """Of the control channel."""
        self.control = PlantControl(port)

    @property
    def pid(self) -> int | None:
        """Of the child."""
        return self._process.pid

    def __enter__(self) -> Self:
        """As it is."""
        return self

    def __exit__(self, *_: object) -> None:
        """Ends it."""
        self.close()

    def close(self) -> None:
        """Ends the plant, and waits for it."""
        self.control.close()
        self._end()

    def _end(self) -> None:
        self._held.close()
        self._process.join(_END_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(_END_S)
        self._process.close()


def _parts(point: Point) -> tuple[Callable[..., Point], tuple[dict[str, Any]]]:
    parts = {f.name: getattr(point, f.name) for f in fields(point) if f.init}
    return _point, ({**parts, "states": dict(point.states)},)


def _point(parts: dict[str, Any]) -> Point:
    return Point(**parts)


def _child(service: Service, parent: Connection[Any, Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when it ends
    asyncio.run(_serve(service, parent))


async def _serve(service: Service, parent: Connection[Any, Any]) -> None:
    plant = LivePlant(
        service.plan,
        tick_ms=service.tick_ms,
        together=service.together,
        serial=service.serial,
    )
    await plant.start(service.ports)
    control = ControlServer(plant)
    parent.send(await control.start())
    loop = asyncio.get_running_loop()
    loop.add_reader(parent.fileno(), control.ended.set)  # it becomes readable when it is closed
    await control.ended.wait()
    loop.remove_reader(parent.fileno())
    await control.close()
    await plant.close()
