"""The list of labelled products (適合ラベル取得製品リスト) as values.

One label is one registration; it may cover many model numbers and several versions. A list is
what IPA published, or an excerpt that somebody copied, on one day. `learned` is the day from which
we knew it: a question asked `known_at` an earlier day does not see it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from sekisho.terms.texts import Text


class LabelStatus(StrEnum):
    """Status words of the list; the Japanese word is kept beside it in `Label.status_raw`."""

    VALID = "valid"
    """有効."""
    EXTENSION_PENDING = "extension-pending"
    """失効猶予（延長申請中）."""
    EXPIRED = "expired"
    """失効（有効期限切れ）."""
    WITHDRAWN = "withdrawn"
    """失効（自主取下げ）."""
    REVOKED = "revoked"
    """取消し."""
    UNKNOWN = "unknown"
    """A word that we do not know, or none; kept and flagged, never dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One registration as one list prints it."""

    key: str
    """Identity across lists: the normalised number, or maker and product where none is printed.
    Never derived from other content, which may change."""
    number: str | None
    """Registration number (登録番号) as printed."""
    makers: tuple[str, ...]
    """The applicant's names as printed (Japanese, English)."""
    products: tuple[str, ...]
    """Product names as printed (Japanese, English)."""
    models: tuple[str, ...]
    """Model numbers, split out of the raw cell."""
    versions: tuple[str, ...]
    level: int | None
    """★1 to ★4."""
    status: LabelStatus
    status_raw: str
    issued: date | None
    expires: date | None
    covers_series: bool
    """Whether the list says that the label covers the whole series of that product name."""
    note: str = ""
    raw: tuple[tuple[str, str], ...] = ()
    """The row's cells by header, as read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListInfo:
    """Which list this is."""

    list_date: date
    learned: date
    sha256: str
    source: str
    """Name of the file, or what the shipped excerpt calls itself."""
    complete: bool
    """False for an excerpt: absence from it says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list with its labels, in the order of the list."""

    info: ListInfo
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vanished:
    """A label that stood on an earlier list and not on the newest; which is not revoked."""

    label: Label
    last_seen: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """What is known on one day: the newest list, and what earlier lists add to it."""

    info: ListInfo
    labels: tuple[Label, ...]
    vanished: tuple[Vanished, ...] = ()
    extended: frozenset[str] = field(default_factory=frozenset)
    """Keys of labels whose expiry moved later from one list to the next."""
    first_seen: tuple[tuple[str, date], ...] = ()
    """For each key, the date of the earliest list that has it."""


class How(StrEnum):
    """On what a match rests."""

    NUMBER_AND_MODEL = "number-and-model"
    NUMBER_ALONE = "number-alone"
    MODEL = "maker-and-model"
    SERIES = "series"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Everything stated on both sides agrees."""

    labels: tuple[Label, ...]
    how: How
    caveats: tuple[Text, ...] = ()
    """What was not stated on one of the sides, to be confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A stated value disagrees with the list; both are shown."""

    label: Label
    field: Text
    stated: str
    listed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Similar labels for a person to confirm, most similar first; never an acceptance."""

    labels: tuple[Label, ...]
    why: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """It would have matched a label that stood on an earlier list and has vanished since."""

    vanished: Vanished


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlisted:
    """Nothing on the list is it or resembles it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unnamed:
    """The site file states neither number, model nor product: there is nothing to look up."""


Match = Accepted | Conflict | Candidates | Gone | Unlisted | Unnamed
