"""Where the desk is put together: rules, register, question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.shell.cli.options import day

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.desk.assess import Desk


def prepare_desk(
    *,
    as_of: str | None,
    known_at: str | None,
    register: Path | None,
    accept_stale: bool,
    strict: bool,
) -> Desk:
    """Everything an assessment needs, from the command line's words.

    `--known-at` stands in for today everywhere, so that an answer given with it never changes.

    Raises:
        InputError: a date or the register cannot be read.
    """
    from sekisho.desk.assess import Desk, Question
    from sekisho.desk.rules import RULES
    from sekisho.register.match import Index
    from sekisho.rulebook.rule import Rule
    from sekisho.shell.clock import today_in_japan
    from sekisho.shell.package_data import load_statements
    from sekisho.shell.register_store import load_register

    today = day(known_at, "--known-at", today_in_japan())
    question = Question(
        as_of=day(as_of, "--as-of", today),
        known_at=today,
        accept_stale=accept_stale,
        strict=strict,
    )
    statements = load_statements()
    rules = [Rule(statements[rule], judge) for rule, judge in RULES]
    # The real clock, not `--known-at`: it only tells a list's date from one that lies ahead.
    listed = load_register(register, today, today_in_japan())
    return Desk.prepare(question, rules, listed, Index(listed))
