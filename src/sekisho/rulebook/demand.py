"""What a judge answers: what a rule asks of one device (or of the site) on one day.

A judge does not look at the register. It says whether a label is wanted and who may hold it; the
machinery looks whether there is one. So one judge serves every day and every register.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekisho.rulebook.statement import Scalar
    from sekisho.site.model import Device, Site
    from sekisho.site.topology import Topology
    from sekisho.terms.ids import DeviceId
    from sekisho.terms.texts import Text
    from sekisho.terms.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Out:
    """The rule does not ask anything here."""

    reason: Text
    on_every_day: bool = False
    """True where no other date of the site could change that; a date that is missing is then no
    assumption."""


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Whether or what the rule asks cannot be said."""

    reason: Text
    remedy: Text


@dataclass(frozen=True, slots=True)
class WantsLabel:
    """A valid label is asked for, held by any one of `holders`."""

    holders: tuple[DeviceId, ...]
    reason: Text
    without: Verdict
    """`broken`, or `undetermined` where the text leaves open whether this device is meant."""
    doubt: Text | None = None
    """For `undetermined`: what is open."""


@dataclass(frozen=True, slots=True)
class WantsAttestation:
    """A document is asked for."""

    key: str
    reason: Text
    remedy: Text


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """The declared plant itself shows that the rule is met (for example a dedicated line)."""

    reason: Text


@dataclass(frozen=True, slots=True)
class Violated:
    """The declared plant itself shows that the rule is broken."""

    reason: Text
    remedy: Text


Demand = Out | Unsettled | WantsLabel | WantsAttestation | Fulfilled | Violated


@dataclass(frozen=True, slots=True)
class Case:
    """What a judge is told."""

    site: Site
    device: Device | None
    """None for duties and other rules about the site as a whole."""
    day: date
    """The trigger date."""
    topology: Topology
    parameters: tuple[tuple[str, Scalar], ...]
    """Values that hold on `day`, as known; read by `value`."""

    def value(self, name: str) -> Scalar | None:
        """The parameter's value on the day, or None before it has one."""
        for key, value in self.parameters:
            if key == name:
                return value
        return None

    def precedes(self, name: str) -> bool:
        """Whether the day comes before the date that the parameter states; no date precedes nothing."""
        stated = self.value(name)
        return isinstance(stated, date) and self.day < stated
