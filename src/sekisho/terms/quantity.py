"""Quantities as types. Power is at the connection point; export (discharge) is positive."""

from __future__ import annotations

from typing import NewType

Kilowatts = NewType("Kilowatts", float)
"""Active power in kW; export positive."""

KilowattHours = NewType("KilowattHours", float)
"""Energy in kWh."""
