"""What a new trust.json or bounds.json changes, and which of it lets more happen than before.

Both documents are laid flat, member by member. A table says in which direction each member gives
more; a member that the table does not know gives more whatever it does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from sekisho.codec.bounds_document import bounds_payload
from sekisho.codec.command import Kind
from sekisho.codec.members import written
from sekisho.codec.trust import Grant
from sekisho.codec.trust_document import grant_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sekisho.codec.bounds import Bounds
    from sekisho.codec.trust import Budget, Trust, TrustedKey
    from sekisho.terms.ids import KeyId

Plain: TypeAlias = int | str | bool | None


class More(StrEnum):
    """In which direction a member gives more."""

    UP = "up"
    DOWN = "down"
    EITHER = "either"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One member that changes."""

    member: str
    before: Plain
    after: Plain
    raises: bool
    """Whether more may happen after it."""


_BOUNDS: Mapping[str, More] = MappingProxyType(
    {
        "export_max": More.UP,
        "import_max": More.UP,
        "connection_export_max": More.UP,
        "connection_import_max": More.UP,
        "soc_min": More.DOWN,
        "soc_max": More.UP,
        "soc_reserve": More.DOWN,
        "temperature_min": More.DOWN,
        "temperature_max": More.UP,
        "ramp_dispatch": More.UP,
        "ramp_max": More.UP,
        "reversals_per_hour": More.UP,
        "frequency_min": More.DOWN,
        "frequency_max": More.UP,
        "frequency_disturbed": More.UP,
        "life.setpoint": More.UP,
        "life.schedule": More.UP,
        "life.curtail": More.UP,
        "life.stop": More.UP,
        "life.release": More.UP,
    }
)
"""Primary control (`droop`) and the nominal frequency are not here: any change of them counts."""
_BUDGET = ("change_per_minute", "change_per_hour", "reversals_per_hour", "energy_per_day")
_CURTAIL = Grant(Kind.CURTAIL)
_OF_ANY = frozenset({"site", "version", "issued_at"})


def bounds_differences(before: Bounds, after: Bounds) -> tuple[Difference, ...]:
    """Every member of bounds.json that changes."""
    old, new = _flat(before), _flat(after)
    return tuple(
        Difference(
            member=name,
            before=old.get(name),
            after=new.get(name),
            raises=_gives_more(_BOUNDS.get(name, More.EITHER), old.get(name), new.get(name)),
        )
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    )


def trust_differences(
    before: Trust, after: Trust, curtailing: frozenset[KeyId] = frozenset()
) -> tuple[Difference, ...]:
    """Every member of trust.json that changes, key by key.

    Args:
        before: what is in force.
        after: what would be.
        curtailing: keys by which a curtailment stands now: it ends with what the key loses, and the
            plant may do more from then on.
    """
    found: list[Difference] = list(_budgets("all_keys", before.all_keys, after.all_keys))
    old, new = ({key.kid: key for key in one.keys} for one in (before, after))
    for kid in sorted(old.keys() | new.keys()):
        was, becomes = old.get(kid), new.get(kid)
        if was is None and becomes is not None:
            found.append(_told(kid, None, _summary(becomes), raises=not becomes.revoked))
        elif was is not None and becomes is None:
            found.append(_told(kid, _summary(was), None, raises=kid in curtailing))
        elif was is not None and becomes is not None:
            found += _key(was, becomes, holds=kid in curtailing)
    return tuple(found)


def raises(differences: tuple[Difference, ...]) -> bool:
    """Whether any of them lets more happen."""
    return any(one.raises for one in differences)


def _flat(bounds: Bounds) -> dict[str, Plain]:
    flat: dict[str, Plain] = {}
    for name, value in json.loads(bounds_payload(bounds)).items():
        if name in _OF_ANY:
            continue
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": number for inner, number in value.items()}
        else:
            flat[name] = value
    return flat


def _gives_more(more: More, before: Plain, after: Plain) -> bool:
    if not isinstance(before, int) or not isinstance(after, int):
        return True
    match more:
        case More.UP:
            return after > before
        case More.DOWN:
            return after < before
        case More.EITHER:
            return True


def _key(was: TrustedKey, becomes: TrustedKey, *, holds: bool) -> Iterator[Difference]:
    """What changes about a key; `holds`: a curtailment stands by it."""
    kid = was.kid
    if was.issuer != becomes.issuer:
        yield _told(f"{kid}.issuer", was.issuer, becomes.issuer, raises=True)
    if was.revoked is not becomes.revoked:
        yield _told(f"{kid}.revoked", was.revoked, becomes.revoked, raises=was.revoked or holds)
    if was.may != becomes.may:
        lifted = holds and _CURTAIL not in becomes.may
        added = bool(becomes.may - was.may) or lifted
        words = (" ".join(grant_words(one.may)) for one in (was, becomes))
        yield _told(f"{kid}.may", *words, raises=added)
    if was.power_max != becomes.power_max:
        more = becomes.power_max is None or (
            was.power_max is not None and becomes.power_max > was.power_max
        )
        yield _told(f"{kid}.power_max", was.power_max, becomes.power_max, raises=more)
    if was.valid_from != becomes.valid_from:
        more = becomes.valid_from < was.valid_from
        times = (written(one.valid_from) for one in (was, becomes))
        yield _told(f"{kid}.valid_from", *times, raises=more)
    if was.valid_until != becomes.valid_until:
        more = becomes.valid_until > was.valid_until or holds
        times = (written(one.valid_until) for one in (was, becomes))
        yield _told(f"{kid}.valid_until", *times, raises=more)
    if was.start_delay_max_s != becomes.start_delay_max_s:
        less = becomes.start_delay_max_s < was.start_delay_max_s
        delays = (was.start_delay_max_s, becomes.start_delay_max_s)
        yield _told(f"{kid}.start_delay_max_s", *delays, raises=less)
    yield from _budgets(f"{kid}.budget", was.budget, becomes.budget)


def _budgets(where: str, was: Budget, becomes: Budget) -> Iterator[Difference]:
    for name in _BUDGET:
        old, new = getattr(was, name), getattr(becomes, name)
        if old != new:
            yield _told(f"{where}.{name}", old, new, raises=new > old)


def _summary(key: TrustedKey) -> str:
    state = "revoked" if key.revoked else " ".join(grant_words(key.may))
    return f"{key.issuer}: {state}"


def _told(member: str, before: Plain, after: Plain, *, raises: bool) -> Difference:
    return Difference(member=member, before=before, after=after, raises=raises)
