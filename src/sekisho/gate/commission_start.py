"""What must be so before and while the plant is moved for commissioning.

Commissioning moves the plant without a command, so it asks what a command would be asked: nothing
latched, nothing standing that forbids it, every device there and armed, and the step inside the
bounds. What fails is told before anything is moved; what fails on the way ends it at rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.commission import plan
from sekisho.gate.image import FAST_MS, SLOW_MS, Link, OwnDroop, WatchdogState, fresh
from sekisho.terms.errors import Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.gate.image import BmsImage, MeterImage, PcsImage, PlantImage
    from sekisho.gate.state import Gate

_LOOK = Text("原因を除いてからやり直してください。", "Remove the cause, then try again.")


def obstacles(gate: Gate, image: PlantImage) -> tuple[Problem, ...]:
    """Why the plant must not be moved now; empty where it may."""
    return (*_standing(gate), *_devices(image), *_battery(gate, image))


def _standing(gate: Gate) -> Iterator[Problem]:
    durable, bounds = gate.durable, gate.bounds
    if durable.latches:
        names = ", ".join(sorted(durable.latches))
        yield Problem(
            "gate",
            Text("保護が働いています: {names}", "Something has latched: {names}").fill(names=names),
            Text(
                "原因を除き、復帰・解除してからやり直してください。",
                "Remove the cause and release it, then try again.",
            ),
        )
    step = max(abs(sum(phase.values())) for phase in plan(gate.settings))
    export = min(
        bounds.export_max,
        bounds.connection_export_max,
        *(c.order.export_max for c in durable.curtailments),
    )
    import_ = min(
        bounds.import_max - gate.settings.auxiliary_most,
        bounds.connection_import_max - gate.settings.auxiliary_most,
        *(c.order.import_max - gate.settings.auxiliary_most for c in durable.curtailments),
    )
    if step > min(export, import_):
        yield Problem(
            "bounds.json",
            Text(
                "試運転の {step} W が、上限または抑制({limit} W)を超えます。",
                "The step of {step} W is over the bounds or a curtailment ({limit} W).",
            ).fill(step=f"{step:_}", limit=f"{max(0, min(export, import_)):_}"),
            Text(
                "抑制が終わるのを待つか、上限を見直してください。",
                "Wait for the end of the curtailment, or mend the bounds.",
            ),
        )


def _devices(image: PlantImage) -> Iterator[Problem]:
    if image.stop_pressed:
        yield Problem("gate", Text("停止が押されています。", "A stop is pressed."), _LOOK)
    if image.stop_unknown:
        what = Text("停止接点を読めません。", "The stop contact cannot be read.")
        yield Problem("[stop_contact]", what, _LOOK)
    devices: tuple[PcsImage | BmsImage | MeterImage, ...] = (
        *image.pcs,
        *image.bms,
        *image.meters,
    )
    for device in devices:
        if device.link is not Link.UP:
            yield Problem(
                device.device,
                Text("応答しません。", "It does not answer."),
                Text("sekisho gate check で確かめてください。", "See sekisho gate check."),
            )
    for pcs in image.pcs:
        if pcs.link is Link.UP:
            yield from _pcs(pcs, image)


def _pcs(pcs: PcsImage, image: PlantImage) -> Iterator[Problem]:
    """What stands in the way at a PCS that answers."""
    if pcs.watchdog not in {WatchdogState.ARMED, WatchdogState.WAIVED}:
        yield Problem(
            pcs.device,
            Text("ウォッチドッグが働いていません。", "Its watchdog is not armed."),
            Text("sekisho gate check で確かめてください。", "See sekisho gate check."),
        )
    if pcs.own_droop not in {None, OwnDroop.OFF}:
        what = Text("自身の周波数応動が切れていません。", "Its own droop is not known to be off.")
        yield Problem(pcs.device, what, _LOOK)
    if pcs.stopped_locally or pcs.faulted:
        yield Problem(
            pcs.device,
            Text("現地で停止中か、故障中です。", "It is stopped on the spot, or at fault."),
            _LOOK,
        )
    if fresh(pcs.power, image.at, FAST_MS) is None:
        yield Problem(pcs.device, Text("電力を読めません。", "Its power cannot be read."), _LOOK)


def _battery(gate: Gate, image: PlantImage) -> Iterator[Problem]:
    bounds = gate.bounds
    for bms in image.bms:
        if bms.link is not Link.UP:
            continue
        soc = fresh(bms.soc, image.at, SLOW_MS)
        if bms.faulted or soc is None or not bounds.soc_min < soc < bounds.soc_max:
            yield Problem(
                bms.device,
                Text(
                    "充電率が分からないか、上限・下限の外です。",
                    "Its state of charge is not known, or out of its bounds.",
                ),
                _LOOK,
            )
        low = fresh(bms.temperature_min, image.at, SLOW_MS)
        high = fresh(bms.temperature_max, image.at, SLOW_MS)
        if (low is not None and low < bounds.temperature_min) or (
            high is not None and high > bounds.temperature_max
        ):
            yield Problem(
                bms.device, Text("温度が範囲外です。", "Its temperature is out of bounds."), _LOOK
            )
