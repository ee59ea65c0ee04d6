"""Faults as names and plain values, for whoever switches them from another process."""

from __future__ import annotations

import re
from dataclasses import fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, get_args

from sekisho.codec.meanings import Meaning
from sekisho.codec.modbus.pdu import ExceptionCode
from sekisho.lab.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping


def name_of(kind: type[Fault]) -> str:
    """The name of a switch: `WrongSign` is `wrong-sign`."""
    return re.sub(r"(?<!^)([A-Z])", r"-\1", kind.__name__).lower()


KINDS: Mapping[str, type[Fault]] = MappingProxyType(
    {name_of(kind): kind for kind in get_args(Fault)}
)
"""Every switch by its name."""


def as_plain(fault: Fault) -> dict[str, str | int | float | None]:
    """A fault as a name and its parameters."""
    plain: dict[str, str | int | float | None] = {"fault": name_of(type(fault))}
    plain.update({field.name: getattr(fault, field.name) for field in fields(fault)})
    return plain


def from_plain(plain: Mapping[str, object]) -> Fault:
    """A fault from its name and parameters.

    Raises:
        ValueError: there is no such switch, or it has no such parameter or position.
    """
    kind = KINDS.get(str(plain.get("fault")))
    if kind is None:
        raise ValueError(f"no fault is called {plain.get('fault')!r}; there are {', '.join(KINDS)}")
    known = {field.name: str(field.type) for field in fields(kind)}
    unknown = plain.keys() - known.keys() - {"fault"}
    if unknown:
        raise ValueError(f"{name_of(kind)} has no {', '.join(sorted(unknown))}")
    given: dict[str, Any] = {
        key: _value(known[key], value) for key, value in plain.items() if key != "fault"
    }
    try:
        return kind(**given)
    except TypeError as error:
        raise ValueError(f"{name_of(kind)}: {error}") from None


def _value(wanted: str, value: object) -> object:
    """A parameter of the kind that its field's annotation names."""
    match wanted.removesuffix(" | None"), value:
        case "Meaning", str():
            return Meaning(value)
        case "ExceptionCode", int():
            return ExceptionCode(value)
        case ("float", int() | float()) | ("int", int()) | ("str", str()):
            return value
        case _ if value is None and wanted.endswith("None"):
            return None
    raise ValueError(f"{value!r} is no {wanted}")
