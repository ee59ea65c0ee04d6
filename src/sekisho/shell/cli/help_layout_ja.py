"""The layout of Japanese help: the parser's own few words in Japanese, and lines that fit.

The parser breaks lines at spaces, which Japanese does not have, and says its headings in English.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

from typer._click.core import Context
from typer._click.formatting import HelpFormatter
from typing_extensions import override

from sekisho.present.linebreak import columns, padded, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADINGS = {"Options": "オプション", "Commands": "コマンド", "Arguments": "引数"}
_WORDS = (
    (re.compile(r"^Show this message and exit\.$"), "この説明を表示して終わります。"),
    (re.compile(r"\[required\]"), "[必須]"),
    (re.compile(r"\[default: "), "[既定: "),
    (re.compile(r"; required\]"), "、必須]"),
    (re.compile(r"<(?:int|integer)(?: range)?>"), "<整数>"),
    (re.compile(r"<float(?: range)?>"), "<数>"),
)


class JapaneseHelp(HelpFormatter):
    """Writes help for who reads Japanese."""

    @override
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """How the command is called."""
        super().write_usage(prog, args, "使い方: " if prefix is None else prefix)

    @override
    def write_heading(self, heading: str) -> None:
        """The heading of a list."""
        super().write_heading(_HEADINGS.get(heading, heading))

    @override
    def write_text(self, text: str) -> None:
        """Paragraphs, broken where Japanese may be."""
        margin = " " * self.current_indent
        for paragraph in text.split("\n\n"):
            lines = wrapped(" ".join(paragraph.split()), self.width - self.current_indent)
            self.write("\n".join(margin + line for line in lines))
            self.write("\n\n")
        self.buffer[-1] = "\n"

    @override
    def write_dl(
        self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Options or commands, and what each is for."""
        said = [(_said(name), _said(help_)) for name, help_ in rows]
        narrow = [columns(name) for name, _ in said if columns(name) <= col_max]
        first = max(narrow, default=col_max) + col_spacing
        margin = " " * self.current_indent
        for name, help_ in said:
            lines = wrapped(help_, max(self.width - first - self.current_indent, 20))
            if columns(name) > first - col_spacing:
                lines = ["", *lines]  # a long name stands alone on its line
            for head, line in zip_longest([name], lines, fillvalue=""):
                self.write(f"{margin}{padded(head, first)}{line}".rstrip() + "\n")


class JapaneseContext(Context):
    """Has its help written by `JapaneseHelp`."""

    formatter_class = JapaneseHelp


def _said(words: str) -> str:
    for pattern, japanese in _WORDS:
        words = pattern.sub(japanese, words)
    return words
