"""Each silenced warning says why, on its own line: `# noqa: CODE - why`, `# type: ignore[code]  # why`."""

import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COUNTED = ("src", "tools", "tests")
_SILENCED = re.compile(
    r"#\s*(?:noqa|type:\s*ignore|pragma:\s*no)\b(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|\[[a-z, -]+\])?"
)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
FEWEST_WORDS = 2


def unexplained(text: str) -> list[int]:
    """The lines of a module on which a warning is silenced and nothing says why."""
    found = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT or _SILENCED.search(token.string) is None:
            continue
        why = _SILENCED.sub("", token.string)
        if len(_LETTERS.findall(why)) < FEWEST_WORDS:
            found.append(token.start[0])
    return found


def test_each_silenced_warning_gives_its_reason_on_its_line():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for folder in COUNTED
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line in unexplained(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa: S101",
        "x = 1  # noqa",
        "x = 1  # noqa: S101, PLC0415",
        "x = 1  # type: ignore[arg-type]",
        "x = 1  # type: ignore[method-assign]  # noqa: SLF001",
        "x = 1  # noqa: S101 - heavy",
    ],
)
def test_one_without_a_reason_is_seen(line):
    assert unexplained(f"{line}\n") == [1]


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa: S101 - it is a pipe",
        "x = 1  # noqa: PLC0415, N811 - an extra part",
        "x = 1  # type: ignore[attr-defined]  # made by a decorator",
        'x = "# noqa: S101"',
        "x = 1  # as it was",
    ],
)
def test_one_with_a_reason_is_not(line):
    assert unexplained(f"{line}\n") == []
