"""The faults of a simulated device's wire, as the switches of its server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.lab.faults import Corrupt, Cut, Dumb, Late, Refused, Silent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.lab.faults import Fault
    from sekisho.shell.modbus.faults import Faults


def set_wire(faults: Iterable[Fault], switches: Faults) -> bool:
    """Sets a server's switches as some faults ask; all others are off.

    Returns:
        Whether connections that stand are to be ended.
    """
    switches.deaf = switches.drop = switches.corrupt = switches.cut = 0.0
    switches.delay_s = 0.0
    switches.refuse = None
    ended = False
    for fault in faults:
        match fault:
            case Silent():
                switches.deaf = 1.0
            case Dumb():
                switches.drop = 1.0
            case Late(ms):
                switches.delay_s = ms / 1_000
            case Refused(code):
                switches.refuse = code
            case Corrupt(share):
                switches.corrupt = share
            case Cut(share):
                switches.cut = share
                ended = True
            case _:
                pass  # what the device itself does or says
    return ended
