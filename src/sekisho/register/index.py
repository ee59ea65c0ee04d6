"""The register, looked up by every key. Built once, asked many times.

Exact keys are dictionaries. For proposals there are two more: all model keys with one character
left out (two keys that differ by one inserted, missing, changed or swapped character share one of
these), and skeletons without punctuation. Both find near names without comparing all with all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.register.cells import series_name
from sekisho.register.makers import one_maker
from sekisho.register.normalise import (
    maker_keys,
    model_key,
    number_key,
    product_key,
    skeleton,
    version_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sekisho.register.model import Label, Register, Vanished


@dataclass(frozen=True, slots=True)
class Row:
    """One label with its keys."""

    at: int
    """Its place in the register, which decides between equals."""
    label: Label
    number: str | None
    makers: frozenset[str]
    models: frozenset[str]
    products: frozenset[str]
    series: frozenset[str]
    versions: frozenset[str]


class Index:
    """All look-ups into one register."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.listed = Shelf(register.labels)
        self.gone = Shelf(entry.label for entry in register.vanished)

    def vanished(self, row: Row) -> Vanished:
        """The entry of a row that was found among the vanished."""
        return self.register.vanished[row.at]


class Shelf:
    """Labels of one kind (those on the list, or those that vanished) by their keys."""

    def __init__(self, labels: Iterable[Label]) -> None:
        self.rows = [_row(at, label) for at, label in enumerate(labels)]
        self.by_number: dict[str, list[Row]] = {}
        self.by_model: dict[str, list[Row]] = {}
        self.by_product: dict[str, list[Row]] = {}
        self.by_series: dict[str, list[Row]] = {}
        self.by_maker: dict[str, list[Row]] = {}
        for row in self.rows:
            if row.number is not None:
                self.by_number.setdefault(row.number, []).append(row)
            _put(self.by_model, row.models, row)
            _put(self.by_product, row.products, row)
            _put(self.by_maker, row.makers, row)
            _put(self.by_series, row.series, row)
        self._near: dict[str, list[str]] | None = None
        self._skeletons: dict[str, list[str]] | None = None

    def near_models(self, key: str) -> Iterator[str]:
        """Model keys that differ from this one by one character, or by punctuation only."""
        if self._near is None or self._skeletons is None:
            self._near, self._skeletons = {}, {}
            for known in self.by_model:
                self._skeletons.setdefault(skeleton(known), []).append(known)
                for shorter in _with_one_left_out(known):
                    self._near.setdefault(shorter, []).append(known)
        near, seen = self._near, {key}
        for asked in _with_one_left_out(key):
            for known in near.get(asked, ()):
                if known not in seen:
                    seen.add(known)
                    yield known
        bare = skeleton(key)
        for known in self._skeletons.get(bare, ()) if bare else ():
            if known not in seen:
                seen.add(known)
                yield known


LONGEST_NEAR = 64
"""Longer texts are no model numbers and get no neighbours; the work stays bounded."""


def _with_one_left_out(key: str) -> set[str]:
    if len(key) > LONGEST_NEAR:
        return {key}
    return {key[:at] + key[at + 1 :] for at in range(len(key))} | {key}


def _put(shelf: dict[str, list[Row]], keys: Iterable[str], row: Row) -> None:
    for key in keys:
        shelf.setdefault(key, []).append(row)


def _row(at: int, label: Label) -> Row:
    return Row(
        at=at,
        label=label,
        number=number_key(label.number) if label.number else None,
        makers=makers_of(label.makers),
        models=frozenset(filter(None, map(model_key, label.models))),
        products=frozenset(filter(None, map(product_key, label.products))),
        series=frozenset(filter(None, (product_key(series_name(p)) for p in label.products))),
        versions=frozenset(filter(None, map(version_key, label.versions))),
    )


def makers_of(names: Iterable[str]) -> frozenset[str]:
    """The keys of a row's makers, with the names of other languages that we know."""
    return frozenset(one_maker(key) for name in names for key in maker_keys(name))
