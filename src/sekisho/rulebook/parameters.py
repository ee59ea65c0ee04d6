"""Legal quantities as dated data: which value holds on a day, as known on another day.

A value holds from its `since` (None: always) until a value of the same name with a later `since`.
Of two values with the same `since`, the one learned later replaces the earlier: an amendment of a
date that has not come yet. Two different values learned on one day for one `since` are a fault of
the statement.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekisho.rulebook.statement import Parameter, Scalar, Statement


def holding(statement: Statement, day: date, known_at: date) -> tuple[Parameter, ...]:
    """The parameters that hold on `day`, as known at `known_at`, in the statement's order.

    Raises:
        ValueError: the statement contradicts itself; a fault of ours, caught by the tests.
    """
    found: dict[str, Parameter] = {}
    for parameter in statement.parameters:
        if parameter.learned > known_at:
            continue
        if parameter.since is not None and parameter.since > day:
            continue
        rival = found.get(parameter.name)
        if rival is None or _rank(rival) < _rank(parameter):
            found[parameter.name] = parameter
        elif _rank(rival) == _rank(parameter) and rival.value != parameter.value:
            raise ValueError(f"{statement.id}: {parameter.name} has two values at once")
    return tuple(found.values())


def values(statement: Statement, day: date, known_at: date) -> tuple[tuple[str, Scalar], ...]:
    """Names and values that hold on `day`, as known at `known_at`.

    Raises:
        ValueError: the statement contradicts itself; a fault of ours, caught by the tests.
    """
    return tuple((p.name, p.value) for p in holding(statement, day, known_at))


def turning_days(statement: Statement, known_at: date) -> tuple[date, ...]:
    """Every day on which a value of the rule starts to hold or a date of the rule falls, sorted."""
    days: set[date] = set()
    for parameter in statement.parameters:
        if parameter.learned > known_at:
            continue
        if parameter.since is not None:
            days.add(parameter.since)
        if isinstance(parameter.value, date):
            days.add(parameter.value)
    return tuple(sorted(days))


def _rank(parameter: Parameter) -> tuple[date, date]:
    return (parameter.since or date.min, parameter.learned)
