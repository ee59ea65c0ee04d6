"""The documents of our own gate as its maker would hand them over on the day of the assessment.

The texts are those that ship; the day is that of the assessment, because the texts bear none. What they do
not state ("not stated": contact, support period, publisher) is not attested here either.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tools.generate import ROOT

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

ATTESTED_BY = "the project, self-assessed"
_PAPERS: tuple[tuple[str, str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "technical",
        "docs/product/assets-and-routes.md",
        (
            (
                "S1.1-01/1",
                "Every route, and who is let through",
                "a table of every route with its authentication",
            ),
            (
                "S1.1-11/1",
                "What is to be protected",
                "a table of every asset, where it is, how it is kept",
            ),
            ("S1.1-12/1", "Every route, and who is let through", "a column: protection on the way"),
        ),
    ),
    (
        "technical",
        "docs/how-to/admin.md",
        (
            (
                "S1.1-02/3",
                "Set up",
                "There is no default password. The code is 100 random bits, made here",
            ),
        ),
    ),
    (
        "user-manual",
        "docs/product/security-guide.md",
        (
            (
                "S1.1-03/1",
                "Change what authenticates",
                "a table of every value and how it is changed",
            ),
            ("S1.1-07/3", "Update, step by step", "a stick, or the page Update"),
            ("S1.1-16/2", "Set it up safely, Use it safely", "seven steps, and how to use it"),
            ("S1.1-16/4", "Delete and dispose of, At your own risk", "both are described"),
        ),
    ),
    (
        "update-policy",
        "docs/product/update-policy.md",
        (
            (
                "S1.1-09/1",
                "What comes first",
                "four priorities with their goals, and how updates are delivered",
            ),
        ),
    ),
    ("disclosure-policy", "docs/product/disclosure-policy.md", ()),
    ("support-notice", "docs/product/support-period.md", ()),
)
"""Kind, file, and what it states of which evaluation item; nothing where the text says "not stated"."""


def papers(folder: Path, day: date) -> str:
    """Writes each document with its day, and tells the profile's tables for them."""
    tables = []
    for kind, file, states in _PAPERS:
        name = file.replace("/", "-")
        text = (ROOT / file).read_text(encoding="utf-8")
        (folder / name).write_text(f"As handed over on {day}.\n\n{text}", encoding="utf-8")
        tables.append(
            f'\n[[document]]\nkind = "{kind}"\nfile = "{name}"\ndated = {day}\n'
            f'attested_by = "{ATTESTED_BY}"\n'
        )
        tables += (
            "\n[[document.states]]\n"
            f'item = "{item}"\nsays = "fulfilled"\nplace = {json.dumps(place)}\nwords = {json.dumps(words)}\n'
            for item, place, words in states
        )
    return "".join(tables)
