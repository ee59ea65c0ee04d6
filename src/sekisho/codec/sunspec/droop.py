"""Model 711: the droop of the PCS itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sekisho.codec.droop import Droop
from sekisho.codec.meanings import Meaning, Unit
from sekisho.codec.points import Keeping, Point
from sekisho.codec.sunspec.scaling import implemented, scaled

if TYPE_CHECKING:
    from sekisho.codec.sunspec.typed import Group

_READ_WRITE = 0
"""ReadOnly of a control that can be written."""
_CONTROL = (
    (Meaning.DROOP_DEADBAND_OVER, "DbOf", Unit.HERTZ),
    (Meaning.DROOP_DEADBAND_UNDER, "DbUf", Unit.HERTZ),
    (Meaning.DROOP_SLOPE_OVER, "KOf", Unit.SHARE),
    (Meaning.DROOP_SLOPE_UNDER, "KUf", Unit.SHARE),
    (Meaning.DROOP_RESPONSE, "RspTms", Unit.SECOND),
)


def droop_of(group: Group | None) -> Droop | None:
    """How the droop is set; None where the model is not there or has no control to write."""
    controls = () if group is None else group.groups.get("Ctl", ())
    if group is None or not controls:
        return None
    enable = scaled(group, "Ena", Meaning.DROOP_ENABLE)
    adopt = scaled(group, "AdptCtlReq", Meaning.DROOP_ADOPT)
    adopted = scaled(group, "AdptCtlRslt", Meaning.DROOP_ADOPTED)
    active = _control(controls[0])
    stored = next(
        (n for n, c in enumerate(controls, start=1) if c.raw("ReadOnly") == _READ_WRITE), None
    )
    written = None if stored is None else _control(controls[stored - 1])
    if not (enable and adopt and adopted and active and stored and written):
        return None
    return Droop(
        active=(enable, adopted, *active),
        stored=tuple(replace(p, keeping=Keeping.VOLATILE) for p in written),
        number=stored,
        adopt=adopt,
        enable=enable,
    )


def _control(group: Group) -> tuple[Point, ...] | None:
    points = [scaled(group, name, meaning, unit) for meaning, name, unit in _CONTROL]
    complete = tuple(p for p in points if p is not None)
    if len(complete) != len(points):
        return None
    # A device that has it and holds 0 would never charge by its droop.
    least = implemented(group, "PMin", Meaning.DROOP_POWER_MIN, Unit.PERCENT)
    return complete if least is None else (*complete, least)
