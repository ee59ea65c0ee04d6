"""Nameplates of running devices: written down when first read, and whenever another one is read.

A device that was exchanged, or that calls itself something else after an update, shows in the journal.
Whether it is the labelled one is asked by `gate check`; this only keeps what was seen. Devices that
state no SunSpec common block are asked by function 43/14 in `gate check`, not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.journal.entries import EntryKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.codec.sunspec.common import Common
    from sekisho.shell.gate.engine import Engine
    from sekisho.shell.gate.worker import Worker
    from sekisho.terms.ids import DeviceId


class Identities:
    """What each device called itself last."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.noted: dict[DeviceId, Common] = {}
        """By device."""

    def look(self, workers: Mapping[DeviceId, Worker]) -> None:
        """Writes down every nameplate that is new or another one than before."""
        for device, worker in workers.items():
            common = worker.described.common if worker.described is not None else None
            if common is None or self.noted.get(device) == common:
                continue
            again = device in self.noted
            self.noted[device] = common
            self._engine.note(
                EntryKind.IDENTITY,
                {
                    "device": str(device),
                    "maker": common.maker,
                    "model": common.model,
                    "version": common.version,
                    "serial": common.serial,
                    "changed": again,
                },
            )
