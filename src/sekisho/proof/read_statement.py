"""Strict reader of a criterion's `statement.toml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.evidence.observation_words import DocumentKind, Function
from sekisho.proof.statement import (
    CriterionStatement,
    Equivalent,
    EvaluationItem,
    Standard,
    Yardstick,
)
from sekisho.rulebook.tables import SOURCE_KEYS, TableReader, citation, toml_table
from sekisho.scheme.criteria import Method
from sekisho.terms.certainty import Certainty
from sekisho.terms.errors import InputError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.rulebook.tables import Table
    from sekisho.terms.ids import CriterionId

_TOP = frozenset(
    {"title", "summary", "certainty", "hardware", "item", "yardstick", "equivalent", "source"}
)
_ITEM = frozenset(
    {
        "title",
        "steps",
        "how",
        "how_certainty",
        "certainty",
        "own",
        "one_of",
        "attested_by",
        "absent",
    }
)
_YARDSTICK = frozenset({"name", "value", "certainty", "words"})
_EQUIVALENT = frozenset({"standard", "provision", "words", "certainty"})


def read_statement(text: str, criterion: CriterionId) -> CriterionStatement:
    """The criterion that the text of a `statement.toml` states.

    Raises:
        InputError: with every problem of the text, each naming its place.
    """
    where = f"{criterion}/statement.toml"
    table = toml_table(text, where)
    read = TableReader(where)
    statement = _statement(read, table, criterion)
    if read.problems:
        raise InputError(*read.problems)
    return statement


def _statement(read: TableReader, table: Table, criterion: CriterionId) -> CriterionStatement:
    read.only(table, _TOP, "")
    statement = CriterionStatement(
        id=criterion,
        title=read.both(table, "title", ""),
        summary=read.both(table, "summary", ""),
        certainty=_certainty(read, table, "certainty", ""),
        hardware=read.flag(table, "hardware", ""),
        items=tuple(
            _item(read, row, place, f"{criterion}/{number}")
            for number, (place, row) in enumerate(read.rows(table, "item", _ITEM), 1)
        ),
        yardsticks=tuple(
            Yardstick(
                name=read.line(row, "name", place),
                value=_whole(read, row, place),
                certainty=_certainty(read, row, "certainty", place),
                words=read.both(row, "words", place),
            )
            for place, row in read.rows(table, "yardstick", _YARDSTICK)
        ),
        equivalents=tuple(
            Equivalent(
                standard=read.word(row, "standard", Standard, Standard.EN_303_645, place),
                provision=read.line(row, "provision", place),
                words=read.both(row, "words", place),
                certainty=_certainty(read, row, "certainty", place),
            )
            for place, row in read.rows(table, "equivalent", _EQUIVALENT)
        ),
        sources=tuple(
            citation(read, row, place) for place, row in read.rows(table, "source", SOURCE_KEYS)
        ),
    )
    _sense(read, statement)
    return statement


def _sense(read: TableReader, statement: CriterionStatement) -> None:
    if not statement.items:
        read.report(
            "[[item]]",
            Text("評価項目が一つもありません", "no evaluation item"),
            Text("一つは書いてください", "write one at least"),
        )
    if not statement.sources and statement.certainty is not Certainty.UNCONFIRMED:
        read.report(
            "certainty",
            Text("出典がないのに確かだとされています", "it claims certainty without a source"),
            Text("出典を書くか、unconfirmed にしてください", "give a source, or say unconfirmed"),
        )


def _item(read: TableReader, row: Table, place: str, item: str) -> EvaluationItem:
    return EvaluationItem(
        id=item,
        title=read.both(row, "title", place),
        steps=read.both(row, "steps", place),
        how=read.word(row, "how", Method, Method.UNKNOWN, place),
        how_certainty=_certainty(read, row, "how_certainty", place),
        certainty=_certainty(read, row, "certainty", place),
        own=read.flag(row, "own", place),
        one_of=read.line(row, "one_of", place) if "one_of" in row else "",
        attested_by=read.words(row, "attested_by", DocumentKind, place),
        absent=read.word(row, "absent", Function, Function.USB, place) if "absent" in row else None,
    )


def _certainty(read: TableReader, table: Table, key: str, place: str) -> Certainty:
    return read.word(table, key, Certainty, Certainty.UNCONFIRMED, place)


def _whole(read: TableReader, row: Table, place: str) -> int:
    value = row.get("value")
    if type(value) is int and value > 0:
        return value
    read.report(
        f"{place}value",
        Text("正の整数ではありません", "no whole number above 0"),
        Text("整数を書いてください", "write a whole number"),
    )
    return 1
