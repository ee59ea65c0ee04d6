"""What pytest reads in the Markdown files: every console example runs (tests/documentation)."""

from __future__ import annotations

from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser

from tests.documentation import console

FILES = ("toml", "csv", "json", "python")
"""Languages of blocks that may be marked as a file to save."""

pytest_collect_file = Sybil(
    parsers=[
        CodeBlockParser(language="console", evaluator=console.played),
        *(CodeBlockParser(language=name, evaluator=console.saved) for name in FILES),
    ],
    patterns=["*.md"],
    excludes=["docs/decisions/*.md", "docs/reference/**/*.md"],
    setup=console.begin,
    teardown=console.end,
).pytest()
