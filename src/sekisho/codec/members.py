"""Reading an object member by member, strictly, with all faults at once.

The same reader serves signed JSON and the drafts that people write in TOML, so that what a draft
may say and what a gate reads cannot drift apart. A faulty member yields a stand-in value and a
fault; whoever reads throws the result away where there is a fault.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from sekisho.site.faults import Fault, allowed, meant, quoted, together
from sekisho.terms.quantity import WallMs
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sekisho.site.locate import Path

E = TypeVar("E", bound=StrEnum)

FIRST_MS = WallMs(1_577_836_800_000)
"""2020-01-01T00:00:00Z: no command, key or bound of ours is older."""
LAST_MS = WallMs(7_258_118_400_000)
"""2200-01-01T00:00:00Z."""
MOST_FAULTS = 100
"""Unknown members are told until so many faults were found."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d(?:\.\d{1,3})?Z", re.ASCII)

_MISSING = Text("{key} がありません。", "{key} is missing.")
_UNKNOWN = Text("{key} という項目はありません。", 'There is no member "{key}".')
_DROP = Text("その行を消してください。", "Delete it.")
_NOT_WHOLE = Text("{key} は整数ではありません: {value}", "{key} is not a whole number: {value}")
_RANGE = Text("{least} から {most} までの整数を書いてください。", "Write {least} to {most}.")
_OUTSIDE = Text("{key} が範囲外です: {value}", "{key} is out of range: {value}")
_NOT_FORM = Text("{key} の書き方が違います: {value}", "{key} is not written as it must be: {value}")
_NO_TIME = Text("{key} は時刻ではありません: {value}", "{key} is no time: {value}")
_TIME = Text(
    "UTC で 2026-11-24T00:00:00Z の形で書いてください。",
    "Write it in UTC, as 2026-11-24T00:00:00Z.",
)
_WORD = Text("{key} に「{value}」は使えません。", '{key} cannot be "{value}".')
_NOT_FLAG = Text("{key} は true か false です。", "{key} is true or false.")
_NOT_TABLE = Text("{key} は表ではありません。", "{key} is not a table.")
_NOT_LIST = Text("{key} は並びではありません。", "{key} is not a list.")
_AS_SCHEMA = Text("公開している書式のとおりに書いてください。", "Write it as the schema says.")
_COUNT = Text("{least} から {most} 個にしてください。", "Give {least} to {most} of them.")


def instant(text: str) -> WallMs | None:
    """A time of RFC 3339 in UTC with Z and at most milliseconds; None where it is not one."""
    if _INSTANT.fullmatch(text) is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _milliseconds(moment)


def written(moment: WallMs) -> str:
    """A time as `instant` reads it; milliseconds only where there are any."""
    unit = "milliseconds" if moment % 1000 else "seconds"
    stated = _EPOCH + moment * _MILLISECOND
    return stated.isoformat(timespec=unit).removesuffix("+00:00") + "Z"


def _milliseconds(moment: datetime) -> WallMs | None:
    found = WallMs((moment - _EPOCH) // _MILLISECOND)
    return found if FIRST_MS <= found <= LAST_MS else None


class Members:
    """One object that is being read; every member must be asked for, or it is unknown."""

    __slots__ = ("_asked", "_faults", "_hints", "_path", "_table")

    def __init__(
        self, table: Mapping[str, object], path: Path, faults: list[Fault], *, hints: bool = True
    ) -> None:
        """Begins to read; without `hints` no time is spent on guessing what was meant."""
        self._table = table
        self._path = path
        self._faults = faults
        self._hints = hints
        self._asked: set[str] = set()

    def has(self, key: str) -> bool:
        """Whether the member is stated."""
        return key in self._table

    def read(self, key: str) -> bool:
        """Whether the member is stated and was asked for."""
        return key in self._asked

    def integer(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """A whole number from `least` to `most`, both included."""
        value = self._take(key, default)
        if value is None:
            return least
        return self._whole((*self._path, key), key, value, least, most)

    def integers(self, key: str, most_count: int, least: int, most: int) -> tuple[int, ...]:
        """A list of 1 to `most_count` whole numbers."""
        values = self._listing(key, 1, most_count)
        path = (*self._path, key)
        return tuple(
            value
            if type(value) is int and least <= value <= most
            else self._whole((*path, place), key, value, least, most)
            for place, value in enumerate(values)
        )

    def word(self, key: str, form: re.Pattern[str], remedy: Text) -> str:
        """Text of the given form."""
        value = self._take(key, None)
        if value is None:
            return ""
        if isinstance(value, str) and form.fullmatch(value) is not None:
            return value
        self.fault(key, _NOT_FORM.fill(key=key, value=quoted(value)), remedy)
        return ""

    def choice(self, key: str, words: type[E]) -> E:
        """A word of a closed set."""
        value = self._take(key, None)
        if isinstance(value, str):
            with suppress(ValueError):
                return words(value)
        if value is not None:
            remedy = together(self._meant(value, words), allowed(words))
            self.fault(key, _WORD.fill(key=key, value=quoted(value)), remedy)
        return next(iter(words))

    def text(self, key: str, most: int) -> str:
        """Text of at most `most` characters, whatever they are."""
        value = self._take(key, None)
        if isinstance(value, str) and len(value) <= most:
            return value
        if value is not None:
            self.fault(key, _NOT_FORM.fill(key=key, value=quoted(value)), _AS_SCHEMA)
        return ""

    def words(self, key: str, most_count: int, least: int = 1) -> tuple[str, ...]:
        """A list of `least` to `most_count` texts; what they mean is asked by who reads."""
        values = self._listing(key, least, most_count)
        for place, value in enumerate(values):
            if not isinstance(value, str):
                what = _NOT_FORM.fill(key=key, value=quoted(value))
                self._faults.append(Fault((*self._path, key, place), what, _AS_SCHEMA))
        return tuple(value for value in values if isinstance(value, str))

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """True or false."""
        value = self._take(key, default)
        if isinstance(value, bool):
            return value
        if value is not None:
            self.fault(key, _NOT_FLAG.fill(key=key), _AS_SCHEMA)
        return False

    def time(self, key: str) -> WallMs:
        """A time in UTC; TOML's own date-times are read too, when they state an offset of zero."""
        value = self._take(key, None)
        if value is None:
            return FIRST_MS
        found = None
        if isinstance(value, str):
            found = instant(value)
        elif isinstance(value, datetime) and value.utcoffset() == timedelta(0):
            found = _milliseconds(value)
        if found is None:
            self.fault(key, _NO_TIME.fill(key=key, value=quoted(value)), _TIME)
            return FIRST_MS
        return found

    def names(self, most_count: int) -> tuple[str, ...]:
        """The names of the members, where they are names of things; at most so many."""
        if len(self._table) > most_count:
            what = _OUTSIDE.fill(key="members", value=len(self._table))
            self._faults.append(Fault(self._path, what, _COUNT.fill(least=0, most=most_count)))
            return ()
        return tuple(self._table)

    def inner(self, key: str) -> Members:
        """An object inside this one."""
        value = self._take(key, None)
        path = (*self._path, key)
        return Members({}, path, []) if value is None else self._entered(path, key, value)

    def inners(self, key: str, most_count: int) -> tuple[Members, ...]:
        """A list of 0 to `most_count` objects."""
        return tuple(
            self._entered((*self._path, key, place), key, value)
            for place, value in enumerate(self._listing(key, 0, most_count))
        )

    def fault(self, key: str, what: Text, remedy: Text) -> None:
        """Something is wrong with a member."""
        self._faults.append(Fault((*self._path, key), what, remedy))

    def finish(self) -> None:
        """No more is asked: what was not asked for is unknown."""
        if len(self._asked) == len(self._table):
            return
        for key in self._table:
            if len(self._faults) >= MOST_FAULTS:
                return
            if key not in self._asked:
                remedy = together(self._meant(key, self._asked), _DROP)
                shown = quoted(key)
                self._faults.append(Fault((*self._path, key), _UNKNOWN.fill(key=shown), remedy))

    def _meant(self, value: object, words: Iterable[str]) -> Text:
        return meant(quoted(value), words) if self._hints else Text("", "")

    def _take(self, key: str, default: object) -> object:
        if key in self._table:
            self._asked.add(key)
            value = self._table[key]
            if value is None:
                self.fault(key, _NOT_FORM.fill(key=key, value="null"), _AS_SCHEMA)
            return value
        if default is None:
            self.fault(key, _MISSING.fill(key=key), _AS_SCHEMA)
        return default

    def _whole(self, path: Path, key: str, value: object, least: int, most: int) -> int:
        if type(value) is int and least <= value <= most:
            return value
        said = _OUTSIDE if type(value) is int else _NOT_WHOLE
        remedy = _RANGE.fill(least=least, most=most)
        self._faults.append(Fault(path, said.fill(key=key, value=quoted(value)), remedy))
        return least

    def _listing(self, key: str, least: int, most: int) -> list[object]:
        value = self._take(key, None)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault(key, _NOT_LIST.fill(key=key), _AS_SCHEMA)
            return []
        if not least <= len(value) <= most:
            what = _OUTSIDE.fill(key=key, value=len(value))
            self.fault(key, what, _COUNT.fill(least=least, most=most))
            return []
        return value

    def _entered(self, path: Path, key: str, value: object) -> Members:
        if isinstance(value, dict):
            return Members(value, path, self._faults, hints=self._hints)
        self._faults.append(Fault(path, _NOT_TABLE.fill(key=key), _AS_SCHEMA))
        return Members({}, path, [])
