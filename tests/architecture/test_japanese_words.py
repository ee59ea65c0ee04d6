"""One Japanese word for one thing: the rivals that the glossary settled do not come back."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RIVALS = {
    # the rival: (the word of the glossary, where the rival means something else)
    "管理鍵": ("認証元の鍵", ()),
    "別の場所の記録": ("証人", ()),
    "コマンド": (
        "指令",
        # what a person types
        (
            "src/sekisho/shell/sealing.py",
            "src/sekisho/shell/cli/help_layout_ja.py",
            "src/sekisho/shell/cli/usage.py",
            "docs/ja/glossary.md",
            "docs/ja/gate.md",
            "docs/ja/how-to/enrol.md",
            "docs/ja/how-to/import-a-list.md",
            "docs/ja/how-to/probe-a-device.md",
            "docs/ja/how-to/read-the-journal.md",
            "docs/ja/how-to/update.md",
            "docs/ja/how-to/use-in-ci.md",
            "docs/ja/how-to/watch-the-list.md",
        ),
    ),
}
SPOKEN = sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "docs/ja").rglob("*.md")])


def holding(word):
    """The files that hold a word."""
    found = (path for path in SPOKEN if word in path.read_text(encoding="utf-8"))
    return {str(path.relative_to(ROOT)) for path in found}


@pytest.mark.parametrize("rival", RIVALS)
def test_a_rival_of_a_word_stands_only_where_it_means_something_else(rival):
    word, elsewhere = RIVALS[rival]
    assert holding(rival) == set(elsewhere), f"say {word}"
    assert word in (ROOT / "docs/ja/glossary.md").read_text(encoding="utf-8")
