"""One tick: image and memory in; orders, entries and memory out.

The order is always the same: look (frequency, meter, charge, failures), protect (latches), end what
has run out, find the goal, move dispatch as far as ramp and budgets let it, add droop, hold the sum
in its window and on its ramp, share it out. Everything that moved is charged and written down.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.gate.cycle import (
    charge,
    droop,
    foreign,
    frequency,
    meter,
    own_droop,
    own_power,
    pace,
    protect,
    share,
)
from sekisho.gate.cycle.failing import failures, present_alarms
from sekisho.gate.cycle.following import NOWHERE, added
from sekisho.gate.cycle.goal import Pace, droop_stays, goal
from sekisho.gate.cycle.lingering import here, lingered
from sekisho.gate.cycle.notes import Notes
from sekisho.gate.cycle.turn import Turn
from sekisho.gate.cycle.window import dispatch_window, limits, window
from sekisho.gate.failures import Response
from sekisho.gate.journal.entries import EntryKind
from sekisho.gate.state import Latch, Unit
from sekisho.terms.quantity import Watts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.codec.droop import DroopSettings
    from sekisho.gate.clock import Clock
    from sekisho.gate.cycle.failing import Surroundings
    from sekisho.gate.cycle.goal import Goal
    from sekisho.gate.cycle.window import Window
    from sekisho.gate.image import PlantImage, WatchdogState
    from sekisho.gate.state import Gate, Run
    from sekisho.terms.ids import DeviceId

LONGEST_MS = 1_000
"""A tick later than this moves power only by what this much time allows."""
DROOP_NOTE_MS = 1_000
"""Least time between two entries of a set-point that only primary control moved."""
_NONE: Mapping[DeviceId, DroopSettings | None] = MappingProxyType({})
DEAD_BAND = 0.001
"""Share of the rating by which the set-point moves before that is journalled."""


def tick(gate: Gate, image: PlantImage, clock: Clock, around: Surroundings) -> tuple[Gate, Turn]:
    """What the plant is told now.

    Args:
        gate: everything remembered.
        image: the plant as read.
        clock: both clocks.
        around: journal, cloud, certificate.
    """
    notes = Notes(clock)
    elapsed = max(0, min(LONGEST_MS, clock.boot - gate.run.at))
    back = _back(gate, image)
    gate = _returned(gate, back)
    counted = share.base(gate.settings, image, gate.run.units)
    if gate.run.members is None:
        # A start goes on from what the plant holds; that, and what leads away from it, is written down.
        gate = replace(gate, run=replace(gate.run, noted=sum(counted.values())))
    off_ms, gate = _looked(gate, image, clock, around, sum(counted.values()), elapsed, notes)
    durable, trip = protect.protected(gate, image, off_ms, notes)
    durable = protect.ended(durable, gate.boot_id, clock, notes, around.committed)
    gate = replace(gate, durable=durable)
    rewrite, gate = _foreign(gate, image, clock, notes)
    counted = share.base(gate.settings, image, gate.run.units)
    heading = goal(gate, clock, around.committed)
    told: Mapping[DeviceId, DroopSettings | None] = _NONE
    if gate.settings.followers:
        gate, told, heading = own_droop.followed(
            gate, image, heading, counted, around.committed, notes
        )
    gate, orders, allowed = _released(gate, image, clock, heading, counted, elapsed)
    run = _noted(gate, heading, notes)
    gate = replace(gate, run=run, next_entry=gate.next_entry + len(notes.entries))
    turn = Turn(
        orders=orders,
        # What a unit held before it went says nothing of what it holds now.
        rewrite=(rewrite | back) & orders.keys(),
        trip=trip,
        entries=tuple(notes.entries),
        goal=heading,
        window=allowed,
        own_droop=told,
    )
    return gate, turn


def _back(gate: Gate, image: PlantImage) -> frozenset[DeviceId]:
    """Units that can be asked and could not at the last tick."""
    before = gate.run.members
    if before is None:
        return frozenset()
    return frozenset(pcs.device for pcs in image.pcs if share.able(pcs)) - before


def _returned(gate: Gate, back: frozenset[DeviceId]) -> Gate:
    """A unit that comes back begins with what it shows, not with what it was asked before."""
    run = gate.run
    if not back & run.units.keys():
        return gate
    units = {device: unit for device, unit in run.units.items() if device not in back}
    return replace(gate, run=replace(run, units=MappingProxyType(units)))


def _looked(
    gate: Gate,
    image: PlantImage,
    clock: Clock,
    around: Surroundings,
    total: float,
    elapsed: int,
    notes: Notes,
) -> tuple[int, Gate]:
    """What the image shows: for how long the meter has disagreed, and the memory of it all."""
    run = gate.run
    read = frequency.sources(image)
    hertz = frequency.held(run.hertz, read)
    apart = frequency.apart_since(run.apart, read, image.at)
    found = frequency.judged(gate.bounds, read, hertz, apart, image.at)
    latched = Latch.MISMATCH in gate.durable.latches
    followers, reach = own_power.beside(gate, image, found, elapsed)
    total += added(followers)
    view = meter.watched(run.meter, gate.settings, image, total, latched=latched)
    flowed = meter.shown(image, gate.settings)
    power = total if flowed is None else flowed + view.auxiliary
    expected = charge.expected(run.soc_expected, image, gate.settings, power, elapsed)
    failing = failures(gate, image, clock, around, found, meter_at_fault=view.watch.at_fault)
    past = lingered(run.past_failures, failing, clock.boot)
    failed = here(past)
    notes.changes(run.failures, failed, EntryKind.FAILED, EntryKind.RECOVERED)
    watchdogs = _watchdogs(run, image, notes)
    present = present_alarms(run, failed, image, view.off_ms, clock.boot)
    alarmed = lingered(run.past_alarms, present, clock.boot)
    alarms = here(alarmed)
    notes.changes(run.alarms, alarms, EntryKind.ALARM, EntryKind.CLEARED)
    run = replace(
        run,
        at=clock.boot,
        hertz=hertz,
        apart=apart,
        frequency=found,
        meter=view.watch,
        auxiliary=view.auxiliary,
        soc_expected=expected,
        failures=failed,
        failing=failing,
        past_failures=past,
        watchdogs=watchdogs,
        own_droops=followers,
        own_reach=reach,
        alarms=alarms,
        past_alarms=alarmed,
    )
    return view.off_ms, replace(gate, run=run)


def _watchdogs(run: Run, image: PlantImage, notes: Notes) -> Mapping[DeviceId, WatchdogState]:
    after = {pcs.device: pcs.watchdog for pcs in image.pcs}
    for device, state in after.items():
        if run.watchdogs.get(device) is not state:
            notes.add(EntryKind.WATCHDOG, device=str(device), state=str(state))
    return after


def _foreign(
    gate: Gate, image: PlantImage, clock: Clock, notes: Notes
) -> tuple[frozenset[DeviceId], Gate]:
    """Units that hold a value they were not given."""
    run = gate.run
    seen = foreign.remembered(run.foreign, clock.boot)
    units = dict(run.units)
    found: list[DeviceId] = []
    for pcs in image.pcs:
        unit = units.get(pcs.device)
        if pcs.setpoint is None or unit is None or not share.able(pcs):
            continue  # what cannot be asked is run by others, or by nobody
        if not foreign.is_foreign(pcs, unit):
            continue
        found.append(pcs.device)
        # Back at once where that lowers power; from what it holds, at the ramp, where it raises it.
        exact = foreign.start(float(pcs.setpoint.value), unit.exact)
        units[pcs.device] = replace(unit, asked_at=clock.boot, exact=exact)
        notes.add(
            EntryKind.FOREIGN, device=str(pcs.device), asked=unit.asked, found=pcs.setpoint.value
        )
    if not found and seen == run.foreign:
        return frozenset(), gate
    seen = (*seen, *(clock.boot for _ in found))[-2 * foreign.MOST :]
    run = replace(run, foreign=seen, units=MappingProxyType(units))
    return frozenset(found), replace(gate, run=run)


def _released(
    gate: Gate,
    image: PlantImage,
    clock: Clock,
    heading: Goal,
    counted: Mapping[DeviceId, float],
    elapsed: int,
) -> tuple[Gate, dict[DeviceId, Watts], Window]:
    """Dispatch, droop and their sum, moved by one tick and shared out."""
    run = gate.run
    base = sum(counted.values())
    able = frozenset(pcs.device for pcs in image.pcs if share.able(pcs))
    # When units come, go or stop by themselves the plant does not do what was planned: dispatch
    # starts from what is, so that what was lost is regained at its own ramp and paid for.
    planned_for = able == run.members and (not able or abs(base - run.total) < 1)
    before = run.dispatch if planned_for else base - (run.total - run.dispatch)
    side = pace.side_of(gate, before, run.side)
    purses = pace.opened(gate, clock, heading.cause.kid if heading.cause else None)
    hidden = sum(counted[pcs.device] for pcs in image.pcs if not share.able(pcs))
    if gate.settings.followers:
        everything = list(limits(gate, image, clock, run.auxiliary, hidden))
        allowed = own_power.narrowed(everything, image, counted, run.own_reach)
        whole = own_power.narrowed(everything, image, counted, NOWHERE)
    else:
        whole = allowed = window(gate, image, clock, run.auxiliary, hidden)
    most = gate.bounds.ramp_max * elapsed / 1000

    planned = pace.step(gate, heading, before, purses, elapsed, side)
    held = dispatch_window(whole, gate, image, run.own_reach).clamped(planned)
    now = heading.pace is Pace.NOW
    dispatch = 0.0 if now else before + max(-most, min(most, held - before))
    primary = _droop(gate, heading, elapsed)
    wanted = allowed.clamped(dispatch + primary)
    total = 0.0 if now else base + max(-most, min(most, wanted - base))
    # A local stop is the one order that does not wait for a ramp.
    loop = max(min(0.0, primary), min(max(0.0, primary), total - dispatch))
    parts = own_power.loop_parts(gate, image, loop) if gate.settings.followers else {}
    shares = share.shared(total, image, counted, float("inf") if now else most, parts)

    # Where units must first level out, the sum goes only a part of its way; only that is released.
    released = hidden + sum(shares.values()) if shares else total
    part = (released - base) / (total - base) if abs(total - base) >= 1 else 1.0
    dispatch = before + (dispatch - before) * max(0.0, min(1.0, part))

    hours = elapsed / 3_600_000
    new_side = pace.side_of(gate, dispatch, side)
    # Zero may have been passed unseen, around a restart: that reversal is charged now.
    purses = pace.charge(purses, before, dispatch, run.side, new_side, hours)
    run = replace(
        run,
        dispatch=dispatch,
        droop=primary,
        total=released,
        side=new_side,
        members=able,
        units=_units(run, shares, clock),
    )
    gate = replace(gate, run=run, durable=pace.closed(gate.durable, purses, new_side))
    # Whole W, rounded towards zero: never beyond a bound.
    orders = {device: Watts(int(power)) for device, power in shares.items()}
    return gate, orders, allowed


def _droop(gate: Gate, heading: Goal, elapsed: int) -> float:
    """Primary control after this tick, less what units give by themselves."""
    before = gate.run.droop
    if heading.pace is Pace.NOW:
        return 0.0
    stays = droop_stays(gate)
    if stays is Response.STOP:
        most = gate.bounds.ramp_max * elapsed / 1000
        return before - max(-most, min(most, before))
    stopped = bool(gate.durable.latches) or stays is Response.REST
    to = None if stopped else droop.wanted(gate.bounds, gate.run.frequency)
    if to and gate.settings.followers:
        to = own_power.left_to_loop(gate, to)
    if to is not None and stays is Response.REDUCE_ONLY:
        to = max(min(0.0, before), min(max(0.0, before), to))
    return droop.moved(before, to, gate.bounds, elapsed)


def _units(run: Run, shares: Mapping[DeviceId, float], clock: Clock) -> Mapping[DeviceId, Unit]:
    """What each unit was asked last; a unit that went away keeps what it was asked."""
    units = dict(run.units)
    for device, power in shares.items():
        unit = units.get(device)
        same = unit is not None and unit.asked == int(power)
        at = unit.asked_at if unit is not None and same else clock.boot
        units[device] = Unit(asked=Watts(int(power)), exact=power, asked_at=at)
    return MappingProxyType(units)


def _noted(gate: Gate, heading: Goal, notes: Notes) -> Run:
    """The goal and the set-point, written down when they changed."""
    run = gate.run
    cause = str(heading.cause.order.envelope.id) if heading.cause else ""
    if heading.pace is not Pace.HOLD and (cause, heading.power) != run.heading:
        notes.add(
            EntryKind.GOAL,
            behind=True,
            command=cause or None,
            power=heading.power,
            pace=str(heading.pace),
            dispatch=round(run.dispatch),
        )
        run = replace(run, heading=(cause, heading.power))
    moved = abs(run.total - run.noted)
    arrived = moved >= 1 and run.total == heading.power
    # Primary control follows every breath of the grid: written at most once a second, it does not
    # fill the journal in days. Dispatch is written whenever it has moved by the dead band.
    band = max(1.0, DEAD_BAND * gate.settings.rated)
    breathes = abs(run.dispatch - run.noted_dispatch) < band and gate.bounds.droop is not None
    recent = run.noted_at is not None and run.at - run.noted_at < DROOP_NOTE_MS
    soon = breathes and recent
    begins = run.noted_at is None
    if (moved >= band or arrived or begins) and not soon:
        notes.add(
            EntryKind.SETPOINT,
            behind=True,
            power=round(run.total),
            dispatch=round(run.dispatch),
            droop=round(run.droop),
            command=cause or None,
        )
        run = replace(run, noted=run.total, noted_dispatch=run.dispatch, noted_at=run.at)
    return run
