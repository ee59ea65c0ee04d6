"""Strict reader of a rule's `statement.toml`: every word known, every date a date, both languages.

A statement is shipped with the program, so a problem here is a fault of the rule's author; it is
still reported like a person's file, all problems at once, each with its place. No pydantic here:
all rules are read at every start of the program. The published form is `rulebook.schema`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from sekisho.rulebook.statement import (
    Applies,
    Force,
    Kind,
    Parameter,
    Scalar,
    Statement,
    Status,
    StatusStep,
    Trigger,
)
from sekisho.site.model import Owner, Programme, Resource, Role, Voltage, Work
from sekisho.terms.certainty import Certainty
from sekisho.terms.citation import Citation
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from enum import StrEnum

    from sekisho.terms.ids import RuleId

_E = TypeVar("_E", bound="StrEnum")

_TOP = frozenset(
    {
        "row",
        "kind",
        "force",
        "level",
        "trigger",
        "attestation",
        "title",
        "summary",
        "programme",
        "applies",
        "needs",
        "status",
        "parameter",
        "source",
    }
)
_APPLIES = frozenset({"resource", "voltage", "work", "owner", "joins"})
_STATUS = frozenset({"value", "reached", "learned"})
_PARAMETER = frozenset({"name", "value", "since", "learned", "assumed"})
_SOURCE = frozenset({"title", "url", "page", "certainty", "learned"})
_LANGS = frozenset({"ja", "en"})
_HIGHEST_LEVEL = 4
_NOWHERE = date.min

Table = Mapping[str, object]


def read_statement(text: str, rule_id: RuleId) -> Statement:
    """The rule that the text of a `statement.toml` states.

    Raises:
        InputError: with every problem of the text, each naming its place.
    """
    where = f"{rule_id}/statement.toml"
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            Problem(
                where,
                Text(f"TOMLとして読めません: {error}", f"not TOML: {error}"),
                Text("構文を直してください", "mend the syntax"),
            )
        ) from None
    reader = _Reader(where)
    statement = _statement(reader, table, rule_id)
    if reader.problems:
        raise InputError(*reader.problems)
    return statement


def _statement(read: _Reader, table: Table, rule_id: RuleId) -> Statement:
    read.only(table, _TOP, "")
    kind = read.word(table, "kind", Kind, Kind.LABEL, "")
    statement = Statement(
        id=rule_id,
        row=read.line(table, "row", ""),
        title=read.both(table, "title", ""),
        summary=read.both(table, "summary", ""),
        programme=read.both(table, "programme", ""),
        kind=kind,
        force=read.word(table, "force", Force, Force.UNKNOWN, ""),
        level=_level(read, table, kind),
        trigger=read.word(table, "trigger", Trigger, Trigger.TODAY, ""),
        applies=_applies(read, read.table(table, "applies", "", needed=False)),
        needs=_needs(read, table),
        attestation=read.line(table, "attestation", "") if "attestation" in table else "",
        steps=tuple(
            StatusStep(
                read.word(row, "value", Status, Status.REPORTED, place),
                read.day(row, "reached", place),
                read.day(row, "learned", place),
            )
            for place, row in read.rows(table, "status", _STATUS)
        ),
        parameters=tuple(
            Parameter(
                read.line(row, "name", place),
                read.scalar(row, "value", place),
                read.day(row, "since", place) if "since" in row else None,
                read.day(row, "learned", place),
                read.flag(row, "assumed", place),
            )
            for place, row in read.rows(table, "parameter", _PARAMETER)
        ),
        sources=tuple(
            _source(read, row, place) for place, row in read.rows(table, "source", _SOURCE)
        ),
    )
    if not statement.steps:
        read.report(
            "[[status]]",
            Text("状態が一つもありません", "no status"),
            Text("到達日と判明日を書いてください", "write when it was reached and learned"),
        )
    if not statement.sources:
        read.report(
            "[[source]]",
            Text("出典が一つもありません", "no source"),
            Text("出典を書いてください", "write where the rule comes from"),
        )
    return statement


def _level(read: _Reader, table: Table, kind: Kind) -> int:
    level = table.get("level", 0)
    lowest = 1 if kind is Kind.LABEL else 0
    highest = _HIGHEST_LEVEL if kind is Kind.LABEL else 0
    if isinstance(level, bool) or not isinstance(level, int) or not lowest <= level <= highest:
        read.report(
            "level",
            Text(f"{level!r} は水準ではありません", f"{level!r} is no level"),
            Text("ラベルの規則は1〜4、義務は0", "1 to 4 for a label rule, 0 for a duty"),
        )
        return lowest
    return level


def _applies(read: _Reader, table: Table) -> Applies:
    read.only(table, _APPLIES, "applies.")
    return Applies(
        resource=read.words(table, "resource", Resource),
        voltage=read.words(table, "voltage", Voltage),
        work=read.words(table, "work", Work),
        owner=read.words(table, "owner", Owner),
        joins=read.words(table, "joins", Programme),
    )


def _needs(read: _Reader, table: Table) -> tuple[frozenset[Role], ...]:
    needs = table.get("needs", [])
    if not isinstance(needs, list) or not all(isinstance(entry, list) for entry in needs):
        read.report(
            "needs",
            Text("役割の表の表ではありません", "not a list of lists of roles"),
            Text('needs = [["pcs"], …] と書く', 'write needs = [["pcs"], …]'),
        )
        return ()
    return tuple(read.members(entry, Role, f"needs[{n}]") for n, entry in enumerate(needs))


def _source(read: _Reader, row: Table, place: str) -> Citation:
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


class _Reader:
    """Takes typed values out of tables and keeps what is wrong with them."""

    def __init__(self, where: str) -> None:
        self._where = where
        self.problems: list[Problem] = []

    def report(self, place: str, what: Text, remedy: Text) -> None:
        self.problems.append(Problem(f"{self._where}: {place}", what, remedy))

    def only(self, table: Table, known: frozenset[str], place: str) -> None:
        for key in table:
            if key not in known:
                choices = ", ".join(sorted(known))
                self.report(
                    f"{place}{key}",
                    Text("知らない項目です", "unknown key"),
                    Text(f"次のどれか: {choices}", f"one of: {choices}"),
                )

    def line(self, table: Table, key: str, place: str) -> str:
        value = table.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self._wrong(f"{place}{key}", value, Text("空でない文字列", "a text that is not empty"))
        return ""

    def both(self, table: Table, key: str, place: str) -> Text:
        pair = self.table(table, key, place)
        here = f"{place}{key}."
        self.only(pair, _LANGS, here)
        return Text(self.line(pair, "ja", here), self.line(pair, "en", here))

    def table(self, table: Table, key: str, place: str, *, needed: bool = True) -> Table:
        value = table.get(key)
        if isinstance(value, dict):
            return value
        if value is not None or needed:
            self._wrong(f"{place}{key}", value, Text("表", "a table"))
        return {}

    def rows(self, table: Table, key: str, known: frozenset[str]) -> list[tuple[str, Table]]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self._wrong(key, value, Text(f"[[{key}]]", f"[[{key}]]"))
            return []
        rows = [(f"{key}[{n}].", row) for n, row in enumerate(value)]
        for place, row in rows:
            self.only(row, known, place)
        return rows

    def day(self, table: Table, key: str, place: str) -> date:
        value = table.get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self._wrong(f"{place}{key}", value, Text("日付 2027-04-01", "a date like 2027-04-01"))
        return _NOWHERE

    def flag(self, table: Table, key: str, place: str) -> bool:
        value = table.get(key, False)
        if isinstance(value, bool):
            return value
        self._wrong(f"{place}{key}", value, Text("true か false", "true or false"))
        return False

    def scalar(self, table: Table, key: str, place: str) -> Scalar:
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
        value = table.get(key)
        if isinstance(value, str):
            try:
                return words(value)
            except ValueError:
                pass
        choices = ", ".join(words)
        self._wrong(f"{place}{key}", value, Text(f"次のどれか: {choices}", f"one of: {choices}"))
        return fallback

    def words(self, table: Table, key: str, words: type[_E]) -> frozenset[_E]:
        return self.members(table.get(key, []), words, f"applies.{key}")

    def members(self, value: object, words: type[_E], place: str) -> frozenset[_E]:
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
