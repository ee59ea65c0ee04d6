"""`make demo`: assess every sample project, as a newcomer would see it; then the gate at work.

The samples with invented makers are judged against the invented list beside them; the sample of
real products against the excerpts that ship. The day is fixed, so that the demonstration shows the
same on every day; each command is printed so that it can be typed.
"""

from __future__ import annotations

import io
import shlex
import sys
from contextlib import redirect_stdout
from pathlib import Path

from sekisho.shell.cli.main import main as sekisho
from sekisho.shell.cli.options import language
from sekisho.terms.texts import Text
from sekisho.terms.verdict import ExitCode

ROOT = Path(__file__).resolve().parent.parent
DAY = "2026-11-22"
"""The day the samples were written for."""

WHOLE = "overseas-pcs"
"""The sample whose assessment is shown in full."""

MEANING = {
    ExitCode.GOOD: Text("充足、または求められるものなし", "met, or nothing asked"),
    ExitCode.FOUND_BAD: Text("不充足", "broken"),
    ExitCode.USAGE: Text("判定できる入力ではありません", "cannot be judged"),
    ExitCode.UNDETERMINED: Text("判定不能", "undetermined"),
}
_PAPERS = Text(
    "1. 書類: 規則の求めるラベルを持つのは、どのプロジェクトですか。",
    "1. Papers: which projects carry the labels that the rules ask for?",
)
_CODE = Text("(終了コード {code})", "(exit code {code})")
_ANSWER = Text("  {meaning}(終了コード {code})", "  {meaning} (exit code {code})")
_PICTURES = Text("\n報告書と図を作ります。", "\nReports and pictures to look at:")
_GATE = Text("\n2. ゲート", "\n2. The gate")
_END = Text(
    "\n書類: 例 {n} 件を判定しました。報告書は out/demo にあります。",
    "\nPapers: {n} samples assessed, reports in out/demo.",
)

REAL = "real-products"
"""The one sample whose products exist."""

SAMPLES = (
    "all-labelled",
    REAL,
    "overseas-pcs",
    "serial-pcs-earlier-call",
    "serial-pcs-september-call",
    "auction-bms",
    "low-voltage-september",
    "low-voltage-october",
    "replacement",
    "wind",
    "label-ends-early",
    "demo-site",
)


def command(sample: str) -> list[str]:
    """The command line that assesses one sample."""
    words = ["assess", f"examples/{sample}/site.toml", "--known-at", DAY]
    if sample != REAL:
        words += ["--register", "examples/made-up-list.csv"]
    return words


def pictures() -> list[list[str]]:
    """The command lines that write what people would rather look at than read."""
    common = ["--known-at", DAY, "--register", "examples/made-up-list.csv"]
    return [
        ["report", "examples/overseas-pcs", *common, "--format", "html", "--out", "out/demo"],
        ["report", "examples/overseas-pcs", *common, "--format", "pdf", "--out", "out/demo"],
        ["site", "draw", "examples/overseas-pcs", *common, "--out", "out/demo/diagram.svg"],
        ["timeline", "examples/label-ends-early", *common, "--out", "out/demo/timeline.html"],
        ["pack", "examples/auction-bms", *common, "--out", "out/demo/pack.zip"],
    ]


def shown(words: list[str], *, whole: bool) -> int:
    """One command as it would be typed; its output whole, or its exit code alone."""
    print(f"\n$ sekisho {shlex.join(words)}" if whole else f"$ sekisho {shlex.join(words)}")
    if whole:
        return sekisho(words)
    with redirect_stdout(io.StringIO()):
        return sekisho(words)


def main() -> int:
    """Papers, then the gate; fails where a sample cannot be judged, or the gate does not hold."""
    lang = language(None)
    print(_PAPERS.says(lang))
    codes = [shown(command(WHOLE), whole=True)]
    print(_CODE.fill(code=codes[0]).says(lang) + "\n")
    for sample in (one for one in SAMPLES if one != WHOLE):
        codes.append(shown(command(sample), whole=False))
        meaning = MEANING[codes[-1]]
        print(_ANSWER.fill(meaning=meaning, code=codes[-1]).says(lang))
    print(_PICTURES.says(lang))
    codes += [shown(words, whole=True) for words in pictures()]
    print(_GATE.says(lang), flush=True)
    gate = sekisho(["demo"])
    papers = ExitCode.USAGE in codes
    print(_END.fill(n=len(SAMPLES)).says(lang))
    return 1 if papers else gate


if __name__ == "__main__":
    sys.exit(main())
