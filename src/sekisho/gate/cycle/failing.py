"""What has failed, and what people must look at, as far as one image shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.gate.cycle import foreign, meter, own_droop
from sekisho.gate.cycle.frequency import Sure
from sekisho.gate.failures import Failure
from sekisho.gate.image import SLOW_MS, Link, WatchdogState, fresh
from sekisho.gate.state import Alarm

if TYPE_CHECKING:
    from sekisho.gate.clock import Clock
    from sekisho.gate.cycle.frequency import Frequency
    from sekisho.gate.image import BmsImage, PlantImage
    from sekisho.gate.state import Gate, Run
    from sekisho.terms.quantity import BootMs

DISK_MS = 2_000
"""A commit older than this stops what would raise power."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the tasks around the cycle know: journal, cloud, certificate."""

    committed: int
    """Number of the last journal entry that is safe on disk."""
    behind_ms: int = 0
    """Age of the oldest entry that is not safe yet; 0: none."""
    disk_failed: bool = False
    """The last attempt to commit failed."""
    cloud_lost: bool = False
    certificate_ends_soon: bool = False


def failures(
    gate: Gate,
    image: PlantImage,
    clock: Clock,
    around: Surroundings,
    frequency: Frequency,
    *,
    meter_at_fault: bool,
) -> frozenset[Failure]:
    """Everything that has failed now."""
    out = [pcs.link is Link.LOST or pcs.faulted for pcs in image.pcs]
    keys = gate.trust.keys
    trusted = any(key.valid_at(clock.wall) and not key.revoked for key in keys)
    found = {
        Failure.CLOUD: around.cloud_lost,
        Failure.BROKER_CERTIFICATE: around.certificate_ends_soon,
        Failure.DISK: around.disk_failed or around.behind_ms > DISK_MS,
        Failure.CLOCK: not clock.sure,
        Failure.METER: meter_at_fault,
        Failure.BMS: not all(_known(bms, image.at) for bms in image.bms),
        Failure.FREQUENCY: not isinstance(frequency, Sure),
        Failure.ONE_PCS: any(out) and not all(out),
        Failure.ALL_PCS: all(out),
        Failure.TRUST_EXPIRED: clock.sure and not trusted,
    }
    return frozenset(failure for failure, present in found.items() if present)


def _known(bms: BmsImage, now: BootMs) -> bool:
    """Whether a battery says what it holds, takes and gives."""
    if bms.link is Link.LOST or bms.faulted:
        return False
    return (
        fresh(bms.soc, now, SLOW_MS) is not None
        and fresh(bms.charge_limit, now, SLOW_MS) is not None
        and fresh(bms.discharge_limit, now, SLOW_MS) is not None
    )


def present_alarms(
    run: Run, failed: frozenset[Failure], image: PlantImage, off_ms: int, now: BootMs
) -> frozenset[Alarm]:
    """Every alarm whose cause is there now.

    Args:
        run: foreign values of the last minute, units that follow the frequency themselves.
        failed: what counts as failed.
        image: watchdogs and local stops.
        off_ms: for how long the meter has disagreed with the set-points.
        now: this moment.
    """
    present = {
        Alarm.MISMATCH: off_ms >= meter.ALARM_MS,
        Alarm.FOREIGN_WRITER: bool(foreign.remembered(run.foreign, now)),
        Alarm.WATCHDOG: any(pcs.watchdog is WatchdogState.FAILED for pcs in image.pcs),
        Alarm.JOURNAL: Failure.DISK in failed,
        Alarm.LOCAL_STOP: any(pcs.stopped_locally for pcs in image.pcs),
        Alarm.OWN_DROOP: own_droop.wrong(run, image),
        Alarm.STOP_CONTACT: image.stop_unknown,
    }
    return frozenset(alarm for alarm, here in present.items() if here)
