"""The documents of our own gate, and what they state of which evaluation item.

The texts are those that ship. `READ_ON` is the day on which the list below was last held against them; after a
year it counts no more, as with any attestation. What they do not state ("not stated": contact, support
period, publisher) is not attested here either.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from tools.generate import ROOT

if TYPE_CHECKING:
    from pathlib import Path

READ_ON = date(2026, 11, 28)
ATTESTED_BY = "the project, self-assessed"
_PAPERS: tuple[tuple[str, str, tuple[tuple[str, tuple[str, ...], str], ...]], ...] = (
    (
        "technical",
        "docs/product/assets-and-routes.md",
        (
            (
                "S1.1-01/1",
                ("Every route, and who is let through",),
                "a table of every route with its authentication",
            ),
            (
                "S1.1-11/1",
                ("What is to be protected",),
                "a table of every asset, where it is, how it is kept",
            ),
            (
                "S1.1-12/1",
                ("Every route, and who is let through",),
                "a column: protection on the way",
            ),
        ),
    ),
    (
        "technical",
        "docs/how-to/admin.md",
        (
            (
                "S1.1-02/3",
                ("Set up",),
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
                ("Change what authenticates",),
                "a table of every value and how it is changed",
            ),
            ("S1.1-07/3", ("Update, step by step",), "a stick, or the page Update"),
            ("S1.1-16/2", ("Set it up safely", "Use it safely"), "seven steps, and how to use it"),
            ("S1.1-16/4", ("Delete and dispose of", "At your own risk"), "both are described"),
        ),
    ),
    (
        "update-policy",
        "docs/product/update-policy.md",
        (
            (
                "S1.1-09/1",
                ("What comes first",),
                "four priorities with their goals, and how updates are delivered",
            ),
        ),
    ),
    ("disclosure-policy", "docs/product/disclosure-policy.md", ()),
    ("support-notice", "docs/product/support-period.md", ()),
)
"""Kind, file, and what it states of which evaluation item; nothing where the text says "not stated"."""


def papers(folder: Path) -> str:
    """Writes each document, and tells the profile's tables for them.

    Raises:
        ValueError: a document has no such heading any more; the list above must be read again.
    """
    tables = []
    for kind, file, states in _PAPERS:
        name = file.replace("/", "-")
        text = (ROOT / file).read_text(encoding="utf-8")
        (folder / name).write_text(text, encoding="utf-8")
        tables.append(
            f'\n[[document]]\nkind = "{kind}"\nfile = "{name}"\ndated = {READ_ON}\n'
            f'attested_by = "{ATTESTED_BY}"\n'
        )
        for item, headings, words in states:
            missing = [one for one in headings if f"\n## {one}\n" not in text]
            if missing:
                raise ValueError(f"{file}: {', '.join(missing)}")
            place = json.dumps(", ".join(headings))
            tables.append(
                f'\n[[document.states]]\nitem = "{item}"\nsays = "fulfilled"\nplace = {place}\n'
                f"words = {json.dumps(words)}\n"
            )
    return "".join(tables)
