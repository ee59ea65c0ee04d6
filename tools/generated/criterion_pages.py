"""One page per ★1 criterion with its stories, and their index."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sekisho.proof.criteria import CRITERIA, EDITION
from sekisho.proof.page import criteria_index, criterion_page
from sekisho.shell.package_data import load_criteria, load_criterion_cases

if TYPE_CHECKING:
    from collections.abc import Mapping


def files() -> Mapping[str, str]:
    """The pages, by path."""
    statements = load_criteria()
    return {
        "docs/reference/criteria/index.md": criteria_index(statements.values(), EDITION),
        **{
            f"docs/reference/criteria/{name}.md": criterion_page(
                statements[name],
                load_criterion_cases(name).stories,
                sys.modules[judge.__module__].__doc__ or "",
                EDITION,
            )
            for name, judge in CRITERIA
        },
    }
