"""From many lists to what is known on one day.

Only lists learned by that day count. The newest list date speaks; of two readings of one list
date, the one learned later. Earlier lists add three things: since when a label is known, whether
its expiry has moved later, and which labels have vanished, which is not the same as revoked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.register.model import Register, Vanished
from sekisho.register.normalise import maker_keys, product_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sekisho.register.model import Label, Listing


def known_listings(listings: Iterable[Listing], known_at: date) -> list[Listing]:
    """The lists that speak on that day, one for each list date, oldest first.

    Args:
        listings: in the order of import; of two with the same dates the later one stays.
        known_at: lists learned after this day are not seen.
    """
    speaking: dict[date, Listing] = {}
    for listing in sorted(listings, key=lambda known: known.info.learned):
        if listing.info.learned <= known_at:
            speaking[listing.info.list_date] = listing
    return [speaking[day] for day in sorted(speaking)]


def register_at(listings: Iterable[Listing], known_at: date) -> Register | None:
    """What is known on a day; None where no list was known yet."""
    known = known_listings(listings, known_at)
    if not known:
        return None
    newest = known[-1]
    return Register(
        info=newest.info,
        labels=newest.labels,
        vanished=vanished(known),
        extended=_extended(known),
        first_seen=_first_seen(known),
    )


def _first_seen(known: Sequence[Listing]) -> tuple[tuple[str, date], ...]:
    seen: dict[str, date] = {}
    for listing in known:
        for label in listing.labels:
            seen.setdefault(label.key, listing.info.list_date)
    return tuple(seen.items())


def _extended(known: Sequence[Listing]) -> frozenset[str]:
    extended: set[str] = set()
    expiry: dict[str, date] = {}
    for listing in known:
        latest: dict[str, date] = {}
        for label in listing.labels:
            if label.expires is not None:
                latest[label.key] = max(label.expires, latest.get(label.key, label.expires))
        extended |= {key for key, day in latest.items() if key in expiry and day > expiry[key]}
        expiry |= latest
    return frozenset(extended)


def vanished(known: Sequence[Listing]) -> tuple[Vanished, ...]:
    """Labels of earlier lists that the newest complete list has no more.

    Absence from an excerpt says nothing. A row of an excerpt that prints no number cannot be
    followed to a complete list, where the same product may have another name: it never vanishes.
    """
    *earlier, newest = known
    if not newest.info.complete:
        return ()
    present = {label.key for label in newest.labels}
    named = {name for label in newest.labels for name in _names(label)}
    last: dict[str, Vanished] = {}
    for listing in earlier:
        for label in listing.labels:
            followed = label.number is not None or listing.info.complete
            if (
                followed
                and label.key not in present
                and not (label.number is None and named & _names(label))
            ):
                last[label.key] = Vanished(label=label, last_seen=listing.info.list_date)
    return tuple(last[key] for key in sorted(last))


def _names(label: Label) -> set[tuple[str, str]]:
    makers = {key for maker in label.makers for key in maker_keys(maker)}
    return {(maker, product_key(name)) for maker in makers for name in label.products}
