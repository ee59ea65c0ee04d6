"""What can go wrong with a device, and whose fault it is: one closed family."""

from __future__ import annotations

from enum import StrEnum, unique


class FrameError(ValueError):
    """Bytes that are no Modbus. It is the only error that reading bytes can raise."""


class RequestError(FrameError):
    """A request that a device must refuse, and the exception code that says so."""

    def __init__(self, why: str, code: int) -> None:
        super().__init__(why)
        self.code = code


@unique
class Fault(StrEnum):
    """Whose fault it was."""

    SILENT = "silent"
    """No answer by the deadline, or a gateway says that the device behind it is silent."""
    BUSY = "busy"
    """The device says so (exceptions 5 and 6), or too many wait for it already."""
    REFUSED = "refused"
    """Any other exception reply."""
    MALFORMED = "malformed"
    """An answer that does not fit what was asked, or is no Modbus."""
    DISCONNECTED = "disconnected"
    """There is no connection, or it ended before the answer."""


class ModbusError(Exception):
    """A request that brought no answer. The subclasses below are all there are, one per fault."""

    fault: Fault

    def __init__(self, why: str, *, sent: bool = True, code: int | None = None) -> None:
        super().__init__(why)
        self.sent = sent
        """Whether the frame left us. False: the device was certainly not asked. True, for a write:
        it may have taken effect, and only a read-back can tell. It is never sent again by itself.
        """
        self.code = code
        """The exception code, where the device or a gateway sent one."""


class SilentError(ModbusError):
    """No answer in time."""

    fault = Fault.SILENT


class BusyError(ModbusError):
    """Try again later."""

    fault = Fault.BUSY


class RefusedError(ModbusError):
    """The device does not do what was asked; `code` says why."""

    fault = Fault.REFUSED


class MalformedError(ModbusError):
    """The answer cannot be used."""

    fault = Fault.MALFORMED


class DisconnectedError(ModbusError):
    """The connection is gone."""

    fault = Fault.DISCONNECTED
