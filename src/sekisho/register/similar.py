"""Near names, for a person to look at. Nothing here ever accepts.

Proposed are, best first:

1. labels with a model key one character away (inserted, missing, changed or swapped) or equal but
   for punctuation, whatever the maker: a maker may be written in the other language;
2. a registration number one character away;
3. labels of the stated maker whose model or product resembles what is stated (`SAME_MAKER`), or
   whose row cannot be compared: it names no model, or its names are in the other script;
4. labels of any maker with the same product name, or one that resembles it closely (`ANY_MAKER`).

Another product of the same maker with a clearly different name is not proposed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sekisho.register.normalise import product_key, skeleton

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.register.index import Row, Shelf
    from sekisho.register.match import Asked

SAME_MAKER = 68.0
"""Of 100, within one maker. Siblings such as SK-PCS-2500 and SK-PCS-2750 score 80 and more, another
kind of box of the same maker (SK-PCS-2500, HG-EMS-3) scores below 50."""
ANY_MAKER = 86.0
"""Of 100, where the makers differ or are not stated: short generic names of different makers
(ゲートウェイ, PCS) are below it unless nearly all letters agree."""
MOST = 16
_EXACT, _NEAR, _SCRIPT, _SILENT, _OWN_MAKER = 200.0, 150.0, 40.0, 30.0, 10.0
_LONGEST = 256


def rows(asked: Asked, shelf: Shelf) -> list[Row]:
    """Rows that a person should look at, best first; empty where nothing resembles it."""
    found: dict[int, tuple[float, Row]] = {}
    for score, row in _proposals(asked, shelf):
        own = score + (_OWN_MAKER if asked.makers & row.makers else 0.0)
        if row.at not in found or found[row.at][0] < own:
            found[row.at] = (own, row)
    best = sorted(found.values(), key=lambda pair: (-pair[0], pair[1].at))
    return [row for _, row in best[:MOST]]


def _proposals(asked: Asked, shelf: Shelf) -> Iterator[tuple[float, Row]]:
    for stated in dict.fromkeys((asked.model, *_words(asked.product))):
        yield from _near_models(stated, shelf)
    if asked.number:
        yield from ((_NEAR, row) for row in _near_numbers(asked.number, shelf))
    for name in _names(asked):
        yield from ((_EXACT, row) for row in shelf.by_product.get(name, ()))
    yield from ((_EXACT, row) for row in shelf.by_series.get(asked.series, ()))
    own = {row.at: row for maker in asked.makers for row in shelf.by_maker.get(maker, ())}
    if own:
        resembles = _resemblance()
        for row in own.values():
            score = _same_maker(asked, row, resembles)
            if score:
                yield score, row
    for name, score in _near_products(asked, shelf):
        yield from ((score, row) for row in shelf.by_product[name])


def _near_models(stated: str, shelf: Shelf) -> Iterator[tuple[float, Row]]:
    if not stated:
        return
    yield from ((_EXACT, row) for row in shelf.by_model.get(stated, ()))
    for near in shelf.near_models(stated):
        yield from ((_NEAR, row) for row in shelf.by_model[near])


def _words(product: str) -> list[str]:
    """Parts of a product name that may be a model number: with a digit or a dash in them."""
    return [
        word
        for word in (product, *product.split())
        if len(word) > 3 and any(c.isdigit() or c == "-" for c in word)  # noqa: PLR2004 - a model has four letters or more, as PCS2
    ]


def _names(asked: Asked) -> list[str]:
    """What may be a product name; people also write it where the model belongs."""
    return [name for name in dict.fromkeys((asked.product, product_key(asked.model))) if name]


def _same_maker(asked: Asked, row: Row, resembles: Resembles) -> float:
    """How much a row of the stated maker resembles the device; 0 where it clearly does not."""
    best = 0.0
    if asked.model:
        best = resembles(asked.model, row.models)
    for name in _names(asked):
        best = max(best, resembles(name, row.products))
        if row.series != row.products:
            best = max(best, resembles(name, row.series))
    if best >= SAME_MAKER:
        return best
    if asked.product and row.products and _comparable(asked.product, row.products):
        return 0.0  # the names can be compared, and they differ
    if asked.model and row.models:
        return 0.0
    if asked.product and row.products:
        return _SCRIPT
    return _SILENT if asked.model and not row.models else 0.0


Resembles = Callable[[str, Iterable[str]], float]


def _resemblance() -> Resembles:
    """The measure of likeness, 0 to 100; its library is loaded where something is not found."""
    from rapidfuzz.fuzz import ratio, token_sort_ratio  # noqa: PLC0415 - heavy, and only proposals need it

    def resembles(stated: str, known: Iterable[str]) -> float:
        stated = stated[:_LONGEST]
        spaced = " " in stated
        best = 0.0
        for name in known:
            score = ratio(stated, name)
            if spaced or " " in name:
                score = max(score, token_sort_ratio(stated, name))
            if (stated in name or name in stated) and min(len(stated), len(name)) > _SHORT:
                score = max(score, _WITHIN)
            best = max(best, score)
        return best

    return resembles


_SHORT, _WITHIN = 3, 90.0
"""One name within the other (Box, Box 2) resembles it, unless it is as short as PCS."""


def _near_products(asked: Asked, shelf: Shelf) -> Iterable[tuple[str, float]]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415  (see above)

    if not asked.product or not shelf.by_product:
        return []
    hits = process.extract(
        asked.product[:_LONGEST],
        list(shelf.by_product),
        scorer=fuzz.ratio,
        score_cutoff=ANY_MAKER,
        limit=MOST,
    )
    return [(name, score) for name, score, _ in hits]


def _near_numbers(number: str, shelf: Shelf) -> list[Row]:
    from rapidfuzz.distance import OSA  # noqa: PLC0415  (see above)

    bare = skeleton(number)
    return [
        row
        for known, found in shelf.by_number.items()
        if abs(len(known) - len(number)) <= 1
        and (OSA.distance(known, number, score_cutoff=1) <= 1 or skeleton(known) == bare)
        for row in found
    ]


def _comparable(stated: str, known: Iterable[str]) -> bool:
    """Whether two names are in one script: an English name cannot be compared with a Japanese."""
    return any(name.isascii() == stated.isascii() for name in known)
