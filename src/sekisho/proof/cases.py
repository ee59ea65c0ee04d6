"""Named stories of a criterion (`cases.toml`): evidence, a day, and what the judge must answer.

`[[whole]]` is evidence that together gives `met`; the stories change it. An observation is written with
its `kind` and what matters; what is left out is empty, none, zero or false. `age` is days before the day
of the question (default 1), `dated_age` the same for the date that a document bears, `undated = true` takes that
date away, `vouched = false` says that nobody stands for it.

    [[whole]]
    kind = "document-seen"
    document = "disclosure-policy"
    dated_age = 30
    states = [{ item = "S1.1-05/1", says = "fulfilled" }]

    [[case]]
    name = "the policy is 366 days old"
    change = [{ n = 1, dated_age = 366 }]      # `n` counts [[whole]] from 1
    expect = "undetermined"
    items = { 1 = "undetermined" }

`without = [1]` takes pieces away, `add = [{ … }]` adds some, `gate = true` asks for the program's own gate
without hardware, `hardware = "…"` for one that has a model.
"""

from __future__ import annotations

import dataclasses
import typing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import UnionType

from pydantic import TypeAdapter, ValidationError

from sekisho.evidence.observation import Observation, Record
from sekisho.proof.evidence import Product
from sekisho.rulebook.tables import toml_table
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.quantity import WallMs
from sekisho.terms.texts import Text
from sekisho.terms.verdict import Verdict

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sekisho.terms.ids import CriterionId

DAY = date(2026, 11, 22)
"""The day of every story."""
_KEYS = frozenset({"name", "without", "change", "add", "expect", "items", "gate", "hardware"})
_SHA = "0" * 64
_KINDS = {kind.__dataclass_fields__["kind"].default: kind for kind in typing.get_args(Observation)}

Row = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One case."""

    name: str
    records: tuple[tuple[Record, bool], ...]
    """Each record, and whether it is vouched for."""
    product: Product
    expected: Verdict
    items: Mapping[int, Verdict]
    """Expected verdicts of single items, by their number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories:
    """A criterion's cases."""

    whole: tuple[tuple[Record, bool], ...]
    """Evidence that gives `met`."""
    stories: tuple[Story, ...]


def read_cases(text: str, criterion: CriterionId) -> Stories:
    """The stories of a `cases.toml`.

    Raises:
        InputError: a story is not well formed; it is named.
    """
    where = f"{criterion}/cases.toml"
    table = toml_table(text, where)
    whole = _rows(table.get("whole", []))
    try:
        return Stories(
            whole=tuple(_record(row) for row in whole),
            stories=tuple(_story(row, whole) for row in _rows(table.get("case", []))),
        )
    except (KeyError, TypeError, ValueError, ValidationError, IndexError) as error:
        raise InputError(
            Problem(
                where,
                Text(f"事例として読めません: {error!r}", f"not a story: {error!r}"),
                Text("事例の書式に合わせてください", "write it in the form of the stories"),
            )
        ) from None


def _story(row: Row, whole: Sequence[Row]) -> Story:
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise ValueError(f"unknown keys {unknown}")
    rows = {number: dict(one) for number, one in enumerate(whole, 1)}
    for change in _rows(row.get("change", [])):
        number = change.pop("n")
        rows[int(str(number))].update(change)
    for number in typing.cast("list[int]", row.get("without", [])):
        del rows[number]
    added = _rows(row.get("add", []))
    hardware = str(row.get("hardware", ""))
    items = typing.cast("dict[str, str]", row.get("items", {}))
    return Story(
        name=str(row["name"]),
        records=tuple(_record(one) for one in (*rows.values(), *added)),
        product=Product(own_gate=bool(row.get("gate")) or bool(hardware), hardware=hardware),
        expected=Verdict(str(row["expect"])),
        items={int(number): Verdict(word) for number, word in items.items()},
    )


def _record(row: Row) -> tuple[Record, bool]:
    said = dict(row)
    age = int(str(said.pop("age", 1)))
    vouched = bool(said.pop("vouched", True))
    if "dated_age" in said:
        said["dated"] = DAY - timedelta(days=int(str(said.pop("dated_age"))))
        said.setdefault("sha256", _SHA)
    if said.pop("undated", False):
        said["dated"] = None
    if said.get("sha256") == "":
        said["sha256"] = None
    kind = _KINDS[str(said["kind"])]
    noon = datetime.combine(DAY - timedelta(days=age), time(3), UTC)
    record = Record(
        at=WallMs(int(noon.timestamp() * 1_000)),
        program="sekisho",
        method="story",
        target="it",
        transcript=None,
        observed=_adapter(kind).validate_python(_filled(kind, said)),
    )
    return record, vouched


@lru_cache(maxsize=64)
def _adapter(kind: type[Observation]) -> TypeAdapter[Observation]:
    return TypeAdapter(kind)


def _filled(kind: type, said: Mapping[str, object]) -> dict[str, object]:
    """What a story says of one value, with what it leaves out."""
    fields = {field.name for field in dataclasses.fields(kind)}
    if set(said) - fields:
        raise ValueError(f"{kind.__name__} has no {sorted(set(said) - fields)}")
    hints = _hints(kind)
    return {
        name: _value(hints[name], said[name]) if name in said else _nothing(hints[name])
        for name in fields
        if name in said or name != "kind"
    }


@lru_cache(maxsize=256)
def _hints(kind: type) -> dict[str, object]:
    return typing.get_type_hints(kind)


def _value(hint: object, value: object) -> object:
    if typing.get_origin(hint) is tuple and isinstance(value, list):
        inner = typing.get_args(hint)[0]
        return [_value(inner, one) for one in value]
    if _is_union(hint):
        inner = next(part for part in typing.get_args(hint) if part is not type(None))
        return _value(inner, value)
    if isinstance(value, dict) and isinstance(hint, type):
        return _filled(hint, value)
    return value


def _nothing(hint: object) -> object:
    if typing.get_origin(hint) is tuple:
        return ()
    if _is_union(hint):
        return None
    return {str: "", int: 0, bool: False, WallMs: 0}.get(typing.cast("type", hint), "unknown")


def _is_union(hint: object) -> bool:
    return typing.get_origin(hint) in {UnionType, typing.Union}


def _rows(value: object) -> list[Row]:
    if isinstance(value, list) and all(isinstance(row, dict) for row in value):
        return [dict(row) for row in value]
    raise TypeError(f"{value!r} is no list of tables")
