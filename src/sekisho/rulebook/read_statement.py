"""Strict reader of a rule's `statement.toml`: every word known, every date a date, both languages.

A statement is shipped with the program, so a problem here is a fault of the rule's author; it is
still reported like a person's file, all problems at once, each with its place. No pydantic here:
all rules are read at every start of the program. The published form is `rulebook.schema`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.rulebook.statement import (
    Applies,
    Force,
    Kind,
    Parameter,
    Statement,
    Status,
    StatusStep,
    Trigger,
)
from sekisho.rulebook.tables import SOURCE_KEYS, TableReader, citation, toml_table
from sekisho.site.model import Owner, Programme, Resource, Role, Voltage, Work
from sekisho.terms.errors import InputError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.rulebook.tables import Table
    from sekisho.terms.ids import RuleId

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
_HIGHEST_LEVEL = 4


def read_statement(text: str, rule_id: RuleId) -> Statement:
    """The rule that the text of a `statement.toml` states.

    Raises:
        InputError: with every problem of the text, each naming its place.
    """
    where = f"{rule_id}/statement.toml"
    table = toml_table(text, where)
    reader = TableReader(where)
    statement = _statement(reader, table, rule_id)
    if reader.problems:
        raise InputError(*reader.problems)
    return statement


def _statement(read: TableReader, table: Table, rule_id: RuleId) -> Statement:
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
            citation(read, row, place) for place, row in read.rows(table, "source", SOURCE_KEYS)
        ),
    )
    _refuse_bare(read, statement)
    return statement


def _refuse_bare(read: TableReader, statement: Statement) -> None:
    """A rule without a status or without a source says nothing that could be relied on."""
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


def _level(read: TableReader, table: Table, kind: Kind) -> int:
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


def _applies(read: TableReader, table: Table) -> Applies:
    read.only(table, _APPLIES, "applies.")
    return Applies(
        resource=read.words(table, "resource", Resource, "applies."),
        voltage=read.words(table, "voltage", Voltage, "applies."),
        work=read.words(table, "work", Work, "applies."),
        owner=read.words(table, "owner", Owner, "applies."),
        joins=read.words(table, "joins", Programme, "applies."),
    )


def _needs(read: TableReader, table: Table) -> tuple[frozenset[Role], ...]:
    needs = table.get("needs", [])
    if not isinstance(needs, list) or not all(isinstance(entry, list) for entry in needs):
        read.report(
            "needs",
            Text("役割の表の表ではありません", "not a list of lists of roles"),
            Text('needs = [["pcs"], …] と書く', 'write needs = [["pcs"], …]'),
        )
        return ()
    return tuple(read.members(entry, Role, f"needs[{n}]") for n, entry in enumerate(needs))
