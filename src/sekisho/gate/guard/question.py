"""The question: one command as it came, and everything that its answer depends on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sekisho.codec.command import CommandClass, Schedule, Setpoint, class_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekisho.codec.command import Command, Dispatch
    from sekisho.codec.jws import Unverified
    from sekisho.codec.trust import TrustedKey
    from sekisho.gate.clock import Clock
    from sekisho.gate.guard.pressure import Pressure
    from sekisho.gate.image import PlantImage
    from sekisho.gate.state import Gate

Verify: TypeAlias = "Callable[[Unverified, bytes], bool]"
"""Whether the owner of a public key (32 bytes) signed this; `codec.jws.verify` is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A command, and the world at the moment it came."""

    envelope: Unverified
    digest: bytes
    """SHA-256 of the bytes as they came."""
    command: Command
    key: TrustedKey | None
    """The key that the command names, where the trust list has it; not yet proven."""
    verify: Verify
    gate: Gate
    image: PlantImage
    clock: Clock
    pressure: Pressure

    @property
    def lane(self) -> CommandClass:
        """Whose share of the work it asks for: safety's only with a key that may ask safety."""
        lane = class_of(self.command)
        if lane is CommandClass.DISPATCH or self.key is None:
            return CommandClass.DISPATCH
        safe = any(grant.product is None for grant in self.key.may)
        return CommandClass.SAFETY if safe else CommandClass.DISPATCH


def dispatched(command: Command) -> Dispatch | None:
    """The command, if it asks for power."""
    return command if isinstance(command, Setpoint | Schedule) else None
