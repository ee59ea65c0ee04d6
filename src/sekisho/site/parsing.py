"""From text to what TOML says, and from faults back to lines: shared by all who read the file.

The file is bounded before it is parsed. Lines are looked up only when there is something to tell.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from sekisho.site.locate import line_of, lines_of
from sekisho.site.syntax import syntax_problem
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sekisho.site.faults import Fault

MAX_CHARACTERS = 1024 * 1024
"""Longest site file."""
MAX_LINE = 4096
"""Longest line; a longer one is no work of a person's hand, and slow to parse."""
MOST_TOLD = 100
"""Problems told at most; the rest are counted."""


def parsed(text: str, where: str) -> Mapping[str, object]:
    """What a TOML text says, within bounds of size.

    Raises:
        InputError: it is too large, or no TOML.
    """
    _refuse_oversize(text, where)
    try:
        return tomllib.loads(text)
    except RecursionError:
        nested = Problem(
            where,
            Text("かっこの入れ子が深すぎます。", "Brackets are nested too deeply."),
            Text("サイトファイルか確かめてください。", "Check that it is a site file."),
        )
        raise InputError(nested) from None
    except ValueError as error:  # TOMLDecodeError, and numbers too long for Python
        raise InputError(syntax_problem(error, text, where)) from None


def located(faults: Iterable[Fault], text: str, where: str) -> Iterator[Problem]:
    """The faults as problems, in the order of the file."""
    lines = lines_of(text)
    placed = sorted(
        {fault: line_of(lines, fault.path) or 0 for fault in faults}.items(), key=lambda p: p[1]
    )
    for fault, line in placed[:MOST_TOLD]:
        yield Problem(f"{where}:{line}" if line else where, fault.what, fault.remedy)
    if len(placed) > MOST_TOLD:
        yield Problem(
            where,
            Text("ほかに {n} 件の問題があります。", "And {n} more problems.").fill(
                n=len(placed) - MOST_TOLD
            ),
            Text(
                "上の問題を直してからもう一度確かめてください。",
                "Mend those above and check again.",
            ),
        )


def _refuse_oversize(text: str, where: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise InputError(
            Problem(
                where,
                Text("ファイルが 1 MiB を超えています。", "The file is larger than 1 MiB."),
                Text(
                    "サイトファイルか確かめ、連系点ごとに分けてください。",
                    "Check that it is a site file; write one file for each point of connection.",
                ),
            )
        )
    if len(text) > MAX_LINE:
        for number, line in enumerate(text.split("\n"), start=1):
            if len(line) > MAX_LINE:
                raise InputError(
                    Problem(
                        f"{where}:{number}",
                        Text("行が長すぎます。", "The line is too long."),
                        Text(
                            "{most} 字までに分けてください。",
                            "Break it into lines of {most} characters.",
                        ).fill(most=MAX_LINE),
                    )
                )
