"""Whether a device is a product on the list.

**Accepting.** Everything stated on both sides must agree: number, maker, model, version. A stated
value that disagrees is a `Conflict`. A number alone accepts only where the device states no model.
A model accepts only together with an agreeing maker. A product name accepts only for a label that
says that it covers the whole series, and only the exact name.

**Proposing.** Similarity only proposes `Candidates` for a person (see `similar`). Finding nothing is
a strong statement, because a device without a label breaks a rule; so a name that cannot be
compared (another language, a row without model numbers) is proposed rather than denied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.register import match_texts as say
from sekisho.register import similar
from sekisho.register.cells import series_name
from sekisho.register.index import Index
from sekisho.register.makers import one_maker
from sekisho.register.model import (
    Accepted,
    Candidates,
    Conflict,
    Gone,
    How,
    Unlisted,
    Unnamed,
)
from sekisho.register.normalise import maker_key, model_key, number_key, product_key, version_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sekisho.register.index import Row, Shelf
    from sekisho.register.model import Label, Match
    from sekisho.site.model import Identity
    from sekisho.terms.texts import Text

__all__ = ["Asked", "Index", "match"]

MOST_CANDIDATES = 8
"""More than a person compares; the best ones come first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a device states, with its keys; a key is "" where nothing is stated."""

    identity: Identity
    number: str
    makers: frozenset[str]
    model: str
    product: str
    series: str
    version: str

    @staticmethod
    def of(identity: Identity) -> Asked:
        """The keys of an identity."""
        return Asked(
            identity,
            number_key(identity.label or ""),
            frozenset(filter(None, [one_maker(maker_key(identity.maker or ""))])),
            model_key(identity.model or ""),
            product_key(identity.product or ""),
            product_key(series_name(identity.product or "")),
            version_key(identity.version or ""),
        )


def match(identity: Identity, index: Index) -> Match:
    """Looks a device up; see the module's text for what accepts and what only proposes."""
    asked = Asked.of(identity)
    if not (asked.number or asked.model or asked.product):
        return Unnamed()
    found = _settled(asked, index.listed)
    if found is not None:
        return found
    if not index.gone.rows:
        return _proposed(asked, index)
    gone = _settled(asked, index.gone)
    if isinstance(gone, Accepted):
        first = next(row for row in index.gone.rows if row.label is gone.labels[0])
        return Gone(vanished=index.vanished(first))
    proposed = _proposed(asked, index)
    if not isinstance(proposed, Unlisted):
        return proposed
    near = similar.rows(asked, index.gone)
    return Gone(vanished=index.vanished(near[0])) if near else proposed


# ---- accepting -------------------------------------------------------------------------------


def _settled(asked: Asked, shelf: Shelf) -> Match | None:
    """What the exact keys say; None where they find nothing."""
    if asked.number:
        rows = shelf.by_number.get(asked.number, [])
        if rows:
            return _by_number(asked, rows)
    if asked.model:
        rows = shelf.by_model.get(asked.model, [])
        if rows:
            return _by_model(asked, rows)
    return _by_series(asked, shelf)


def _by_number(asked: Asked, rows: Sequence[Row]) -> Match:
    """The stated number stands on the list: the rest must agree with one of its rows."""
    agreeing = [row for row in rows if _conflict(asked, row) is None]
    if not agreeing:
        return _worst_of(_conflict(asked, row) for row in rows)
    if not asked.model:
        return _number_alone(asked, agreeing)
    with_model = [row for row in agreeing if asked.model in row.models]
    if with_model:
        return _accept(asked, with_model, How.NUMBER_AND_MODEL)
    series = [row for row in agreeing if _is_series(asked, row)]
    if series:
        return _accept(asked, series, How.SERIES, say.MODEL_NOT_LISTED)
    return _candidates(agreeing, say.ROW_WITHOUT_MODELS)


def _number_alone(asked: Asked, rows: Sequence[Row]) -> Match:
    """No model stated. The product, where stated on both sides, must then be the very same."""
    same = [row for row in rows if not asked.product or not row.products or _same_name(asked, row)]
    if not same:
        row = rows[0]
        return Conflict(
            label=row.label,
            field=say.PRODUCT,
            stated=asked.identity.product or "",
            listed=_shown(row.label.products),
        )
    return _accept(asked, same, How.NUMBER_ALONE, say.NUMBER_ALONE)


def _same_name(asked: Asked, row: Row) -> bool:
    return asked.product in row.products or _is_series(asked, row)


def _by_model(asked: Asked, rows: Sequence[Row]) -> Match:
    """The stated model stands on the list; a stated number did not."""
    if asked.makers:
        agreeing = [row for row in rows if _conflict(asked, row) is None]
        accepted = [row for row in agreeing if row.makers]
        if accepted:
            return _accept(asked, accepted, How.MODEL)
        if agreeing:
            return _candidates(agreeing, say.LIST_NAMES_NO_MAKER)
        return _worst_of(_conflict(asked, row) for row in rows)
    if asked.number and all(row.number is not None for row in rows):
        return _worst_of(_conflict(asked, row) for row in rows)
    return _candidates(rows, say.GIVE_MAKER)


def _by_series(asked: Asked, shelf: Shelf) -> Match | None:
    """A product name of a label that covers the whole series, with an agreeing maker."""
    if not asked.series or not asked.makers:
        return None
    rows = [
        row
        for row in shelf.by_series.get(asked.series, ())
        if _is_series(asked, row) and row.makers & asked.makers and _conflict(asked, row) is None
    ]
    if not rows:
        return None
    caveat = say.MODEL_NOT_LISTED if asked.model else say.NO_MODEL_STATED
    return _accept(asked, rows, How.SERIES, caveat)


def _is_series(asked: Asked, row: Row) -> bool:
    return row.label.covers_series and bool(asked.series) and asked.series in row.series


def _conflict(asked: Asked, row: Row) -> Conflict | None:
    """The first stated value that disagrees with the row, or None."""
    label, identity = row.label, asked.identity
    if asked.number and row.number is not None and asked.number != row.number:
        return _says(row, say.NUMBER, identity.label, (label.number or "",))
    if asked.makers and row.makers and not asked.makers & row.makers:
        return _says(row, say.MAKER, identity.maker, label.makers)
    if asked.model and row.models and asked.model not in row.models:
        return _says(row, say.MODEL, identity.model, label.models)
    comparable = asked.version and row.versions and not _open_ended(row)
    if comparable and asked.version not in row.versions:
        return _says(row, say.VERSION, identity.version, label.versions)
    return None


def _says(row: Row, field: Text, stated: str | None, listed: Sequence[str]) -> Conflict:
    return Conflict(label=row.label, field=field, stated=stated or "", listed=_shown(listed))


_MOST_SHOWN = 6


def _shown(values: Sequence[str]) -> str:
    more = f" … (+{len(values) - _MOST_SHOWN})" if len(values) > _MOST_SHOWN else ""
    return " / ".join(values[:_MOST_SHOWN]) + more


_SERIOUS_FIRST = (say.VERSION, say.NUMBER, say.MODEL, say.MAKER)
"""The row that agrees in most is shown: one that disagrees only in its version comes first."""


def _worst_of(conflicts: Iterable[Conflict | None]) -> Conflict:
    """The conflict of the row that agrees in most of what is stated."""
    return min(
        (conflict for conflict in conflicts if conflict is not None),
        key=lambda conflict: _SERIOUS_FIRST.index(conflict.field),
    )


def _accept(asked: Asked, rows: Sequence[Row], how: How, *caveats: Text) -> Accepted | Candidates:
    if asked.version and any(_open_ended(row) for row in rows):
        return _candidates(rows, say.VERSION_RANGE)
    said = list(caveats)
    if not asked.number or any(row.number is None for row in rows):
        said.append(say.NUMBER_UNCONFIRMED if asked.number else say.NO_NUMBER_STATED)
    if how is How.NUMBER_AND_MODEL and not asked.makers:
        said.append(say.NO_MAKER_STATED)
    if any(row.versions for row in rows) and not asked.version:
        said.append(say.VERSION_NOT_STATED.fill(versions=_shown(_versions(rows))))
    if asked.version and not all(row.versions for row in rows):
        said.append(say.VERSION_NOT_LISTED)
    return Accepted(labels=_labels(rows), how=how, caveats=tuple(said))


_OPEN_ENDED = re.compile(r"以[降上後]|～|~|まで|or (?:later|above|higher)|later|[*x]$|\+$|>|≧")


def _open_ended(row: Row) -> bool:
    """A range of versions (1.2 以降) equals no stated version and excludes none."""
    return any(_OPEN_ENDED.search(version) for version in row.versions)


def _versions(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(version for row in rows for version in row.label.versions))


# ---- proposing -------------------------------------------------------------------------------


def _proposed(asked: Asked, index: Index) -> Match:
    rows = similar.rows(asked, index.listed)
    if not rows:
        return Unlisted()
    exact = [row for row in rows if asked.product and asked.product in row.products]
    if exact and not asked.model:
        return _candidates([*exact, *rows], say.PRODUCT_NAME_ONLY)
    return _candidates(rows, say.SIMILAR)


def _candidates(rows: Iterable[Row], why: Text) -> Candidates:
    return Candidates(labels=_labels(rows)[:MOST_CANDIDATES], why=why)


def _labels(rows: Iterable[Row]) -> tuple[Label, ...]:
    return tuple({row.at: row.label for row in rows}.values())
