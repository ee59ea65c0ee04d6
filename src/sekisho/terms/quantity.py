"""Quantities as types. Power is at the connection point; export (discharge) is positive."""

from __future__ import annotations

from typing import NewType

Kilowatts = NewType("Kilowatts", float)
"""Active power in kW; export positive."""

KilowattHours = NewType("KilowattHours", float)
"""Energy in kWh."""

Watts = NewType("Watts", int)
"""Active power in whole W, as commands and set-points carry it; export positive."""

WattHours = NewType("WattHours", int)
"""Energy in whole Wh."""

Hertz = NewType("Hertz", float)
"""Grid frequency in Hz."""

Share = NewType("Share", float)
"""A part of a whole, 0 to 1: state of charge, share of a rating."""

Celsius = NewType("Celsius", float)
"""Temperature in °C."""

WallMs = NewType("WallMs", int)
"""Milliseconds since 1970-01-01T00:00:00Z by the wall clock, which can be stepped."""

BootMs = NewType("BootMs", int)
"""Milliseconds of CLOCK_BOOTTIME, which never steps and begins anew at each start of the machine."""
