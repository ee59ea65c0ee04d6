"""The generated reference of the rules and of the scheme: path from the root → content."""

from __future__ import annotations

import json

from sekisho.rulebook.page import index_page, rule_page
from sekisho.rulebook.schema import statement_schema
from sekisho.scheme.page import scheme_page
from sekisho.shell.package_data import load_cases, load_statements


def reference_files() -> dict[str, str]:
    """Every generated file of these rooms, by its path from the repository's root."""
    statements = load_statements()
    pages = {
        f"docs/reference/rules/{rule}.md": rule_page(statement, load_cases(rule))
        for rule, statement in statements.items()
    }
    return {
        "docs/reference/rules/index.md": index_page(statements.values()),
        **pages,
        "docs/reference/scheme.md": scheme_page(),
        "schemas/statement.schema.json": json.dumps(
            statement_schema(), ensure_ascii=False, indent=2
        )
        + "\n",
    }
