"""One page per rule with its stories, their index, the scheme's data, and the statements' schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sekisho.rulebook.page import index_page, rule_page
from sekisho.rulebook.schema import statement_schema
from sekisho.scheme.page import scheme_page
from sekisho.shell.package_data import load_cases, load_statements

if TYPE_CHECKING:
    from collections.abc import Mapping


def files() -> Mapping[str, str]:
    """The pages and the schema, by path."""
    statements = load_statements()
    schema = json.dumps(statement_schema(), ensure_ascii=False, indent=2, sort_keys=True)
    return {
        "docs/reference/rules/index.md": index_page(statements.values()),
        **{
            f"docs/reference/rules/{rule}.md": rule_page(statement, load_cases(rule))
            for rule, statement in statements.items()
        },
        "docs/reference/scheme.md": scheme_page(),
        "schemas/statement.schema.json": schema + "\n",
    }
