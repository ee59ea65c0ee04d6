"""Protections that latch: local stop, meter against command, disputed charge, trip."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sekisho.gate.cycle import charge, meter
from sekisho.gate.journal.entries import EntryKind
from sekisho.gate.state import LOCAL_RESET, Latch, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.gate.clock import Clock
    from sekisho.gate.cycle.notes import Notes
    from sekisho.gate.image import PlantImage
    from sekisho.gate.state import Curtailment, Durable, Gate


def protected(gate: Gate, image: PlantImage, off_ms: int, notes: Notes) -> tuple[Durable, bool]:
    """The latches after one more look, and whether the trip must stand open.

    Args:
        gate: latches that stand.
        image: stops pressed, states of charge.
        off_ms: for how long the meter has disagreed with the set-points.
        notes: each new latch is written down.
    """
    durable = gate.durable
    new = frozenset(_new(gate, image, off_ms)) - durable.latches
    for latch in sorted(new):
        notes.add(EntryKind.LATCHED, behind=True, what=str(latch))
    if Latch.TRIPPED in new:
        device = gate.settings.trip.device if gate.settings.trip else None
        notes.add(EntryKind.TRIP, behind=True, device=device)
    if new:
        durable = replace(durable, latches=durable.latches | new)
    # For as long as it is latched: a gate that died on the way opens it at its next start.
    return durable, Latch.TRIPPED in durable.latches


def _new(gate: Gate, image: PlantImage, off_ms: int) -> Iterator[Latch]:
    if stop_pressed(image):
        yield Latch.LOCAL_STOP
    if off_ms >= meter.REST_MS:
        yield Latch.MISMATCH
    if off_ms >= meter.TRIP_MS and gate.settings.trip is not None:
        yield Latch.TRIPPED
    if charge.disputed(gate.run.soc_expected, image):
        yield Latch.CHARGE_DISPUTED


def stop_pressed(image: PlantImage) -> bool:
    """Whether the plant is stopped on the spot: its own contact, or every unit."""
    return image.stop_pressed or (bool(image.pcs) and all(pcs.stopped_locally for pcs in image.pcs))


def reset_locally(gate: Gate, image: PlantImage, notes: Notes, person: str = "") -> Gate:
    """What a person on the spot resets; a stop that is still pressed stays.

    Args:
        gate: everything remembered.
        image: the plant as read.
        notes: takes what is to be journalled.
        person: who asked, as the machine knows them; empty where it does not.
    """
    free = set(gate.durable.latches & LOCAL_RESET)
    if stop_pressed(image):
        free.discard(Latch.LOCAL_STOP)
    for latch in sorted(free):
        notes.add(EntryKind.RELEASED, what=str(latch), by="local", person=person)
    durable = replace(gate.durable, latches=gate.durable.latches - free)
    run = gate.run
    if Latch.CHARGE_DISPUTED in free:
        run = replace(run, soc_expected=None)
    if free & {Latch.MISMATCH, Latch.TRIPPED}:
        run = replace(run, meter=replace(run.meter, off_since=None))
    return replace(gate, durable=durable, run=run)


def ended(durable: Durable, boot_id: str, clock: Clock, notes: Notes, committed: int) -> Durable:
    """Standing orders whose permission has run out are over.

    So are curtailments that were released, once that is safe on disk: it may raise power.
    """
    orders = tuple(s for s in durable.standing if not s.term.over(clock, boot_id))
    limits = tuple(
        c
        for c in durable.curtailments
        if not c.term.surely_over(clock, boot_id) and not 0 < c.lifted <= committed
    )
    if len(orders) == len(durable.standing) and len(limits) == len(durable.curtailments):
        return durable
    kept = {id(one) for one in (*orders, *limits)}
    everything: tuple[Standing | Curtailment, ...] = (*durable.standing, *durable.curtailments)
    for one in everything:
        if id(one) not in kept:
            released = not isinstance(one, Standing) and one.lifted > 0
            notes.add(
                EntryKind.ENDED,
                behind=True,
                command=str(one.order.envelope.id),
                kid=str(one.kid),
                why="released" if released else "expired",
            )
    return replace(durable, standing=orders, curtailments=limits)
