"""The droop of the PCS themselves: when it may be on.

A unit that follows the frequency by itself may be anywhere between its ratings before the gate can
act, and for as long as the gate is dead. So it is on only while that whole room lies inside every
bound: then no frequency, and no death of the gate, moves power out of them. Else it is off, and the
gate's own loop, which obeys the bounds tick by tick, answers for this unit too.

Switching off is done first and written behind; switching on waits until it is written down. Off at
once, on only after half a minute in which nothing spoke against it.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.gate.cycle import droop, foreign
from sekisho.gate.cycle.following import Against, Follower
from sekisho.gate.cycle.frequency import Sure
from sekisho.gate.cycle.goal import Pace, droop_stays
from sekisho.gate.cycle.own_power import units
from sekisho.gate.cycle.share import able
from sekisho.gate.cycle.window import battery
from sekisho.gate.failures import Failure, Response
from sekisho.gate.image import OwnDroop
from sekisho.gate.journal.entries import EntryKind
from sekisho.gate.own_droop import line_of
from sekisho.gate.state import Alarm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sekisho.codec.droop import DroopSettings
    from sekisho.gate.cycle.goal import Goal
    from sekisho.gate.cycle.notes import Notes
    from sekisho.gate.image import PcsImage, PlantImage
    from sekisho.gate.state import Gate, Run
    from sekisho.terms.ids import DeviceId
    from sekisho.terms.quantity import BootMs

CALM_MS = 30_000
"""Nothing has spoken against it for so long before it is switched on: as long as the gate's own
droop takes to ramp out."""
SETTLE_MS = 5_000
"""A device that does not show what it was asked after so long does not do it."""
FOREIGN_MS = 60_000
"""After a foreign value, or a device that does not do it, it stays off for so long."""


# ---- when it may be on -------------------------------------------------------------------------------


def followed(
    gate: Gate,
    image: PlantImage,
    heading: Goal,
    counted: Mapping[DeviceId, float],
    committed: int,
    notes: Notes,
) -> tuple[Gate, Mapping[DeviceId, DroopSettings | None], Goal]:
    """What each unit's own droop is told now, and the goal as far as it leaves room for it.

    Args:
        gate: everything remembered, after this tick's look.
        image: the plant as read.
        heading: where dispatch is heading.
        counted: what each unit is counted with.
        committed: number of the last entry that is safe on disk.
        notes: takes what is to be journalled.
    """
    mine = units(image)
    line = line_of(gate.bounds, gate.settings)
    against = _plant_against(gate, line, heading, image.at)
    roomy = against is None and _room(gate, image, heading, counted)
    followers: dict[DeviceId, Follower] = {}
    told: dict[DeviceId, DroopSettings | None] = {}
    for pcs in mine:
        before = gate.run.own_droops.get(pcs.device, Follower())
        before = _settled(before, pcs, committed, image.at)
        why = against or _unit_against(before, pcs, line, image.at)
        if why is None and not roomy:
            why = Against.ROOM
        after = replace(_told(before, pcs, line, why, gate, notes), up_since=pcs.since)
        if pcs.own_droop is not after.state:
            notes.add(
                EntryKind.OWN_DROOP,
                behind=pcs.own_droop is OwnDroop.OFF,
                device=str(pcs.device),
                state=str(pcs.own_droop),
            )
            after = replace(after, state=pcs.own_droop)
        followers[pcs.device] = after
        told[pcs.device] = after.line if after.entry <= committed else None
    run = replace(gate.run, own_droops=MappingProxyType(followers))
    if not roomy and any(pcs.own_droop is not OwnDroop.OFF for pcs in mine if able(pcs)):
        # Until it is off for certain, power grows into no room that a unit may take by itself.
        heading = replace(heading, reduce_only=True)
    return replace(gate, run=run), told, heading


def _settled(before: Follower, pcs: PcsImage, committed: int, now: BootMs) -> Follower:
    """A unit that was told to follow, and does not show it in time, does not do it."""
    if before.line is None or before.asked_at is None or pcs.own_droop is OwnDroop.ON:
        return before
    if not _same_connection(before, pcs):
        return before  # it was switched off as it came back
    if before.entry > committed:
        return replace(before, asked_at=now)  # it has not been told yet
    late = now - before.asked_at > SETTLE_MS
    return replace(before, unfit_at=now) if late else before


def _told(
    before: Follower,
    pcs: PcsImage,
    line: DroopSettings | None,
    why: Against | None,
    gate: Gate,
    notes: Notes,
) -> Follower:
    """What a unit is told after one more look."""
    now = gate.run.at
    if why is not None:
        if before.line is not None:
            notes.add(
                EntryKind.OWN_DROOP,
                behind=True,
                device=str(pcs.device),
                state="switched-off",
                why=str(why),
            )
        off = before.line is not None
        at = now if off else before.asked_at
        return replace(before, line=None, entry=0, since=None, asked_at=at)
    if before.line is not None:
        return before
    since = now if before.since is None else before.since
    calm = now - since >= CALM_MS and pcs.own_droop is OwnDroop.OFF
    if not calm or Failure.DISK in gate.run.failures:
        return replace(before, since=since)
    entry = gate.next_entry + len(notes.entries)
    notes.add(EntryKind.OWN_DROOP, device=str(pcs.device), state="switched-on")
    return replace(before, line=line, entry=entry, since=since, asked_at=now)


def _plant_against(
    gate: Gate, line: DroopSettings | None, heading: Goal, now: BootMs
) -> Against | None:
    """What speaks against it at every unit."""
    run, contracted = gate.run, gate.bounds.droop
    if line is None or contracted is None:
        return Against.NO_DROOP
    if gate.durable.commissioned != gate.settings.digest:
        return Against.NOT_COMMISSIONED
    if gate.durable.latches or heading.pace in {Pace.NOW, Pace.SAFETY}:
        return Against.STOPPED
    if droop_stays(gate) is not Response.KEEP:
        return Against.FREQUENCY if not isinstance(run.frequency, Sure) else Against.FAILED
    asked = droop.wanted(gate.bounds, run.frequency)
    if asked is None:
        return Against.FREQUENCY
    if abs(asked) >= contracted.power_max:
        return Against.RESERVE
    if Alarm.MISMATCH in run.alarms:
        return Against.MISMATCH
    if len(foreign.remembered(run.foreign, now)) >= foreign.MOST:
        return Against.FOREIGN
    return None


def _unit_against(
    before: Follower, pcs: PcsImage, line: DroopSettings | None, now: BootMs
) -> Against | None:
    """What speaks against it at one unit."""
    if not able(pcs) or not _same_connection(before, pcs):
        return Against.UNIT
    if _lately(pcs.own_droop_foreign, now):
        return Against.FOREIGN
    if _lately(before.unfit_at, now):
        return Against.UNFIT
    return Against.CHANGED if before.line is not None and before.line != line else None


def _same_connection(before: Follower, pcs: PcsImage) -> bool:
    """Whether the unit has been connected since it was looked at last."""
    return before.up_since is None or before.up_since == pcs.since


def _lately(at: BootMs | None, now: BootMs) -> bool:
    return at is not None and now - at <= FOREIGN_MS


def _room(gate: Gate, image: PlantImage, heading: Goal, counted: Mapping[DeviceId, float]) -> bool:
    """Whether everything that the plant could do by itself lies inside every bound.

    Units with droop of their own anywhere between their ratings; the others anywhere between zero,
    where their watchdogs take them, what they hold and what they are headed for, with the gate's own
    part of primary control on top.
    """
    contracted = gate.bounds.droop
    mine = [pcs for pcs in image.pcs if pcs.own_droop is not None]
    others = [pcs for pcs in image.pcs if pcs.own_droop is None]
    rated = float(sum(pcs.rated for pcs in mine))
    whole = sum(pcs.rated for pcs in image.pcs if able(pcs))
    if contracted is None or not whole:
        return False
    share = sum(pcs.rated for pcs in others if able(pcs)) / whole
    goes, spare = heading.power * share, contracted.power_max * share
    held = [counted[pcs.device] for pcs in others]
    up = rated + spare + max(goes, sum(power for power in held if power > 0))
    down = -rated - spare + min(goes, sum(power for power in held if power < 0))
    return all(low <= down and up <= high for low, high in _ends(gate, image))


def _ends(gate: Gate, image: PlantImage) -> Iterator[tuple[float, float]]:
    """Every bound of power, with the own load that leaves least, and curtailments to come too."""
    bounds, settings = gate.bounds, gate.settings
    least, most = float(settings.auxiliary), float(settings.auxiliary_most)
    yield -float(bounds.import_max), float(bounds.export_max)
    yield -float(bounds.connection_import_max) + most, float(bounds.connection_export_max) + least
    for curtailment in gate.durable.curtailments:
        order = curtailment.order
        yield min(0.0, -float(order.import_max) + most), float(order.export_max)
    if image.bms:
        found = battery(settings, image, bounds, "", bounds.soc_reserve)
        yield found.low, found.high


# ---- what people must look at --------------------------------------------------------------------------


def wrong(run: Run, image: PlantImage) -> bool:
    """Whether a unit's own droop was set by somebody else, cannot be set, or cannot be switched off."""
    return bool(run.own_droops) and any(
        pcs.own_droop is OwnDroop.FAILED
        or _lately(pcs.own_droop_foreign, image.at)
        or _lately(run.own_droops.get(pcs.device, Follower()).unfit_at, image.at)
        for pcs in units(image)
    )
