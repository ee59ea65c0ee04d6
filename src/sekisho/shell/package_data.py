"""What ships inside the package: statements and cases of rules and criteria, read where they lie."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.desk.rules import RULES
from sekisho.rulebook.cases import read_cases
from sekisho.rulebook.read_statement import read_statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.proof.cases import Stories
    from sekisho.proof.statement import CriterionStatement
    from sekisho.rulebook.cases import Story
    from sekisho.rulebook.statement import Statement
    from sekisho.terms.ids import CriterionId, RuleId


@cache
def load_statements() -> Mapping[RuleId, Statement]:
    """Every shipped rule's statement, in the order of `RULES`.

    Raises:
        InputError: a shipped statement is not well formed; a fault of ours.
    """
    return MappingProxyType(
        {rule: read_statement(rule_file(rule, "statement.toml"), rule) for rule, _ in RULES}
    )


def load_cases(rule: RuleId) -> tuple[Story, ...]:
    """The named stories of one rule.

    Raises:
        InputError: a shipped story is not well formed; a fault of ours.
    """
    return read_cases(rule_file(rule, "cases.toml"), rule)


def rule_file(rule: RuleId, name: str) -> str:
    """The text of one file in a rule's folder."""
    folder = files("sekisho.desk.rules") / rule.replace("-", "_")
    return (folder / name).read_text(encoding="utf-8")


@cache
def load_criteria() -> Mapping[CriterionId, CriterionStatement]:
    """Every shipped criterion's statement, in the order of `CRITERIA`.

    Raises:
        InputError: a shipped statement is not well formed; a fault of ours.
    """
    from sekisho.proof.criteria import CRITERIA  # noqa: PLC0415 - the desk does not need it
    from sekisho.proof.read_statement import read_statement as read  # noqa: PLC0415 - as above

    return MappingProxyType(
        {name: read(criterion_file(name, "statement.toml"), name) for name, _ in CRITERIA}
    )


def load_criterion_cases(criterion: CriterionId) -> Stories:
    """The named stories of one criterion.

    Raises:
        InputError: a shipped story is not well formed; a fault of ours.
    """
    from sekisho.proof.cases import read_cases as read  # noqa: PLC0415 - the desk does not need it

    return read(criterion_file(criterion, "cases.toml"), criterion)


def criterion_file(criterion: CriterionId, name: str) -> str:
    """The text of one file in a criterion's folder."""
    folder = criterion.lower().replace(".", "_").replace("-", "_")
    return (files("sekisho.proof.criteria") / folder / name).read_text(encoding="utf-8")
