"""Reading what statements and stories say in TOML: strictly, every problem at once, each with its place.

Rules of the desk and criteria of the proof are both read by this.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from sekisho.terms.certainty import Certainty
from sekisho.terms.citation import Citation
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from enum import StrEnum

    from sekisho.rulebook.statement import Scalar

_E = TypeVar("_E", bound="StrEnum")

SOURCE_KEYS = frozenset({"title", "url", "page", "certainty", "learned"})
"""What a `[[source]]` may say."""
_LANGS = frozenset({"ja", "en"})
_NOWHERE = date.min

Table = Mapping[str, object]


def toml_table(text: str, where: str) -> Table:
    """The table that a text spells.

    Raises:
        InputError: it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            Problem(
                where,
                Text(f"TOMLとして読めません: {error}", f"not TOML: {error}"),
                Text("構文を直してください", "mend the syntax"),
            )
        ) from None


def citation(read: TableReader, row: Table, place: str) -> Citation:
    """One `[[source]]` of a statement."""
    url = read.line(row, "url", place)
    if not url.startswith(("https://", "http://")):
        read.report(
            f"{place}url",
            Text(f"{url!r} は公開の所在ではありません", f"{url!r} is no public address"),
            Text("https:// で始まる所在を書く", "write an address that starts with https://"),
        )
    return Citation(
        title=read.both(row, "title", place),
        url=url,
        page=read.line(row, "page", place) if "page" in row else "",
        certainty=read.word(row, "certainty", Certainty, Certainty.UNCONFIRMED, place),
        learned=read.day(row, "learned", place),
    )


class TableReader:
    """Takes typed values out of tables and keeps what is wrong with them."""

    def __init__(self, where: str) -> None:
        self._where = where
        self.problems: list[Problem] = []

    def report(self, place: str, what: Text, remedy: Text) -> None:
        """Keep one problem of the text."""
        self.problems.append(Problem(f"{self._where}: {place}", what, remedy))

    def only(self, table: Table, known: frozenset[str], place: str) -> None:
        """Nothing but these keys may stand in the table."""
        for key in table:
            if key not in known:
                choices = ", ".join(sorted(known))
                self.report(
                    f"{place}{key}",
                    Text("知らない項目です", "unknown key"),
                    Text(f"次のどれか: {choices}", f"one of: {choices}"),
                )

    def line(self, table: Table, key: str, place: str) -> str:
        """A text that is not empty."""
        value = table.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self._wrong(f"{place}{key}", value, Text("空でない文字列", "a text that is not empty"))
        return ""

    def both(self, table: Table, key: str, place: str) -> Text:
        """A text in both languages."""
        pair = self.table(table, key, place)
        here = f"{place}{key}."
        self.only(pair, _LANGS, here)
        return Text(self.line(pair, "ja", here), self.line(pair, "en", here))

    def table(self, table: Table, key: str, place: str, *, needed: bool = True) -> Table:
        """A table inside the table."""
        value = table.get(key)
        if isinstance(value, dict):
            return value
        if value is not None or needed:
            self._wrong(f"{place}{key}", value, Text("表", "a table"))
        return {}

    def rows(self, table: Table, key: str, known: frozenset[str]) -> list[tuple[str, Table]]:
        """The tables of a list, each with the words for its place."""
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self._wrong(key, value, Text(f"[[{key}]]", f"[[{key}]]"))
            return []
        rows = [(f"{key}[{n}].", row) for n, row in enumerate(value)]
        for place, row in rows:
            self.only(row, known, place)
        return rows

    def day(self, table: Table, key: str, place: str) -> date:
        """A calendar date."""
        value = table.get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self._wrong(f"{place}{key}", value, Text("日付 2027-04-01", "a date like 2027-04-01"))
        return _NOWHERE

    def flag(self, table: Table, key: str, place: str) -> bool:
        """True or false; False where it is not stated."""
        value = table.get(key, False)
        if isinstance(value, bool):
            return value
        self._wrong(f"{place}{key}", value, Text("true か false", "true or false"))
        return False

    def scalar(self, table: Table, key: str, place: str) -> Scalar:
        """A date, a number or a text."""
        value = table.get(key)
        if isinstance(value, str):
            return value
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        self._wrong(f"{place}{key}", value, Text("日付・数・文字列", "a date, a number or a text"))
        return ""

    def word(self, table: Table, key: str, words: type[_E], fallback: _E, place: str) -> _E:
        """A word of a closed set."""
        value = table.get(key)
        if isinstance(value, str):
            try:
                return words(value)
            except ValueError:
                pass
        choices = ", ".join(words)
        self._wrong(f"{place}{key}", value, Text(f"次のどれか: {choices}", f"one of: {choices}"))
        return fallback

    def words(self, table: Table, key: str, words: type[_E], place: str) -> frozenset[_E]:
        """Some words of a closed set; none where the key is not stated."""
        return self.members(table.get(key, []), words, f"{place}{key}")

    def members(self, value: object, words: type[_E], place: str) -> frozenset[_E]:
        """Some words of a closed set."""
        known = {str(word): word for word in words}
        if isinstance(value, list) and all(isinstance(v, str) and v in known for v in value):
            return frozenset(known[v] for v in value)
        choices = ", ".join(known)
        self._wrong(place, value, Text(f"次の中から: {choices}", f"some of: {choices}"))
        return frozenset()

    def _wrong(self, place: str, value: object, remedy: Text) -> None:
        if value is None:
            what = Text("書かれていません", "missing")
        else:
            shown = repr(value)[:60]
            what = Text(f"{shown} は使えません", f"{shown} cannot stand here")
        self.report(place, what, remedy)
