"""The attestation file: which documents there are, of what day, and what each states of which item.

A person writes it in TOML and stands for it. Whether a file is there, and its hash, is for the shell.

    [[document]]
    kind = "disclosure-policy"
    file = "policy.pdf"
    dated = 2026-09-01
    by = "…"                    # who says so; may be left out
    states = [
      { item = "S1.1-05/1", says = "fulfilled", place = "p. 1", words = "…" },
    ]

    [ports]                     # the wanted open ports
    dated = 2026-09-01
    open = [
      { transport = "tcp", port = 443, service = "https", reason = "…" },
    ]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.evidence.observation_paper import DeclaredPort, Statement
from sekisho.evidence.observation_words import (
    MOST_LONG,
    MOST_SHORT,
    DocumentKind,
    Says,
    Transport,
)
from sekisho.proof.ports import LAST_PORT
from sekisho.rulebook.tables import TableReader, toml_table
from sekisho.terms.errors import InputError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sekisho.rulebook.tables import Table

_TOP = frozenset({"document", "ports"})
_DOCUMENT = frozenset({"kind", "file", "dated", "by", "states"})
_STATES = frozenset({"item", "says", "place", "words"})
_PORTS = frozenset({"dated", "open"})
_PORT = frozenset({"transport", "port", "service", "reason"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestedDocument:
    """One document as the attestation names it."""

    kind: DocumentKind
    file: str
    """Path, relative to the attestation file."""
    dated: date | None
    by: str
    states: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """One attestation file."""

    documents: tuple[AttestedDocument, ...]
    ports: tuple[DeclaredPort, ...] | None
    """The wanted open ports; None where the file has no such table."""
    ports_dated: date | None


def read_attestation(text: str, where: str, items: Collection[str]) -> Attestation:
    """What an attestation file says.

    Args:
        text: the file's content.
        where: its name, for messages.
        items: the evaluation items that there are.

    Raises:
        InputError: every problem of the file.
    """
    table = toml_table(text, where)
    read = TableReader(where)
    read.only(table, _TOP, "")
    ports = read.table(table, "ports", "", needed=False)
    read.only(ports, _PORTS, "ports.")
    found = Attestation(
        documents=tuple(
            _document(read, row, place, items)
            for place, row in read.rows(table, "document", _DOCUMENT)
        ),
        ports=_ports(read, ports) if "ports" in table else None,
        ports_dated=read.day(ports, "dated", "ports.") if "dated" in ports else None,
    )
    if read.problems:
        raise InputError(*read.problems)
    return found


def _document(
    read: TableReader, row: Table, place: str, items: Collection[str]
) -> AttestedDocument:
    return AttestedDocument(
        kind=read.word(row, "kind", DocumentKind, DocumentKind.ATTESTATION, place),
        file=read.line(row, "file", place),
        dated=read.day(row, "dated", place) if "dated" in row else None,
        by=_short(read, row, "by", place, MOST_SHORT),
        states=tuple(
            _statement(read, said, f"{place}{inner}", items)
            for inner, said in read.rows(row, "states", _STATES)
        ),
    )


def _statement(read: TableReader, row: Table, place: str, items: Collection[str]) -> Statement:
    item = read.line(row, "item", place)
    if item and item not in items:
        read.report(
            f"{place}item",
            Text(f"{item} という評価項目はありません", f"there is no evaluation item {item}"),
            Text("sekisho judge に出る番号を書く", "write one that sekisho judge shows"),
        )
    return Statement(
        item=item,
        says=read.word(row, "says", Says, Says.NOT_FULFILLED, place),
        place=_short(read, row, "place", place, MOST_SHORT),
        words=_short(read, row, "words", place, MOST_LONG),
    )


def _ports(read: TableReader, table: Table) -> tuple[DeclaredPort, ...]:
    return tuple(
        DeclaredPort(
            transport=read.word(row, "transport", Transport, Transport.TCP, f"ports.{place}"),
            port=_number(read, row, f"ports.{place}"),
            service=read.line(row, "service", f"ports.{place}"),
            reason=_short(read, row, "reason", f"ports.{place}", MOST_LONG),
        )
        for place, row in read.rows(table, "open", _PORT)
    )


def _number(read: TableReader, row: Table, place: str) -> int:
    value = row.get("port")
    if type(value) is int and 0 < value <= LAST_PORT:
        return value
    read.report(
        f"{place}port",
        Text("ポート番号ではありません", "no port number"),
        Text("1 から 65535 までの整数を書く", "write a whole number from 1 to 65535"),
    )
    return 1


def _short(read: TableReader, row: Table, key: str, place: str, most: int) -> str:
    """A text that may be left out, of at most `most` characters."""
    if key not in row:
        return ""
    text = read.line(row, key, place)
    if len(text) > most:
        read.report(
            f"{place}{key}",
            Text("長すぎます", "too long"),
            Text(f"{most} 文字以内で書く", f"write at most {most} characters"),
        )
    return text
