"""`make demo`: assess every sample project, as a newcomer would see it; then the gate at work.

The samples with invented makers are judged against the invented list beside them; the sample of
real products against the excerpts that ship. The day is fixed, so that the demonstration shows the
same on every day; each command is printed so that it can be typed.
"""

from __future__ import annotations

import io
import json
import shlex
import shutil
import sys
from collections import Counter
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.present.linebreak import columns, padded
from sekisho.shell.cli.main import main as sekisho
from sekisho.shell.cli.options import language
from sekisho.terms.texts import Text, listed
from sekisho.terms.verdict import VERDICT_SIGNS, VERDICT_TEXTS, ExitCode, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.terms.texts import Lang

ROOT = Path(__file__).resolve().parent.parent
DAY = "2026-11-22"
"""The day the samples were written for."""

WHOLE = "overseas-pcs"
"""The sample whose assessment is shown in full."""

_UNREAD = Text("判定できる入力ではありません", "cannot be judged")
MEANING = {
    ExitCode.GOOD: Text("充足、または求められるものなし", "met, or nothing asked"),
    ExitCode.FOUND_BAD: Text("不充足", "broken"),
    ExitCode.USAGE: _UNREAD,
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
    "\n書類: 例 {n} 件の判定: {counts}。報告書は out/demo にあります。",
    "\nPapers: {n} samples: {counts}. Reports are in out/demo.",
)
_COUNT = Text("{verdict} {n}", "{verdict} {n}")
_RULES = Text("規則: {counts}", "rules: {counts}")
_HELD = Text(
    "○ デモは成功です。書類を判定し、ゲートは持ちこたえました。",
    "○ The demo held: the papers were judged, and the gate held.",
)
_FAILED = Text("× デモは失敗です: {what}", "× The demo failed: {what}")
_AT_PAPERS = Text("判定できない書類があります", "papers that cannot be judged")
_AT_PICTURES = Text("作れない報告書か図があります", "a report or a picture that could not be made")
_AT_GATE = Text(
    "ゲート(終了コード {code}。理由は上にあります)",
    "the gate (exit code {code}; why is told above)",
)

ORDER = (Verdict.MET, Verdict.BROKEN, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)
WIDTH = 100
"""Of a page, where there is no terminal."""
_FOLD = " \\"

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


def typed(words: list[str], width: int) -> str:
    """A command line to be copied, folded at its options where it is wider than that."""
    parts = [["sekisho"]]
    for word in words:
        if word.startswith("--"):
            parts.append([])
        parts[-1].append(word)
    first, *options = map(shlex.join, parts)
    lines = [f"$ {first}"]
    if columns(" ".join([lines[0], *options])) <= width:
        return " ".join([lines[0], *options])
    for part in options:
        if columns(f"{lines[-1]} {part}{_FOLD}") > width:
            lines.append(f"    {part}")
        else:
            lines[-1] += f" {part}"
    return f"{_FOLD}\n".join(lines)


def shown(words: list[str], *, whole: bool) -> int:
    """One command as it would be typed; its output whole, or its exit code alone."""
    line = typed(words, shutil.get_terminal_size((WIDTH, 24)).columns)
    print(f"\n{line}" if whole else line)
    if whole:
        return sekisho(words)
    with redirect_stdout(io.StringIO()):
        return sekisho(words)


def rules(sample: str) -> tuple[Verdict | None, Counter[Verdict]]:
    """A sample's verdict, None where it cannot be judged, and how many rules that count gave which."""
    told = io.StringIO()
    with redirect_stdout(told):
        code = sekisho([*command(sample), "--format", "json"])
    if code == ExitCode.USAGE:
        return None, Counter()
    document = json.loads(told.getvalue())
    counted = Counter(Verdict(one["verdict"]) for one in document["rules"] if one["counts"])
    return Verdict(document["verdict"]), counted


def counts(of: Counter[Verdict], verdicts: Iterable[Verdict]) -> Text:
    """How many there are of each."""
    return listed(_COUNT.fill(verdict=VERDICT_TEXTS[one], n=of[one]) for one in verdicts)


def papers(lang: Lang) -> str:
    """How many samples ended how, and a line for each."""
    found = {sample: rules(sample) for sample in SAMPLES}
    verdicts = Counter(verdict for verdict, _ in found.values() if verdict is not None)
    lines = [_END.fill(n=len(found), counts=counts(verdicts, ORDER)).says(lang)]
    for sample, (verdict, of) in found.items():
        if verdict is None:
            lines.append(f"  × {sample}: {_UNREAD.says(lang)}")
            continue
        sign = padded(f"{VERDICT_SIGNS[verdict]} {VERDICT_TEXTS[verdict].says(lang)}", 17)
        said = _RULES.fill(counts=counts(of, [one for one in ORDER if of[one]])).says(lang)
        lines.append(f"  {sign} {padded(sample, 26)} {said}")
    return "\n".join(lines)


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
    drawn = [shown(words, whole=True) for words in pictures()]
    print(_GATE.says(lang), flush=True)
    gate = sekisho(["demo"])
    print(papers(lang))
    wrong = [_AT_PAPERS] if ExitCode.USAGE in codes else []
    if ExitCode.USAGE in drawn:
        wrong.append(_AT_PICTURES)
    if gate != ExitCode.GOOD:
        wrong.append(_AT_GATE.fill(code=gate))
    print((_FAILED.fill(what=listed(wrong)) if wrong else _HELD).says(lang))
    return 1 if ExitCode.USAGE in [*codes, *drawn] else gate


if __name__ == "__main__":
    sys.exit(main())
