"""`sekisho gate commission`: asks, moves, judges, and says what each device did."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from sekisho.gate.commission import plan
from sekisho.gate.commission_findings import UNDECIDED, Finding
from sekisho.present.document import Banner, Cell, Document, Table
from sekisho.shell.cli.showing import as_text, on_terminal
from sekisho.shell.gate.commissioning import commission
from sekisho.shell.gate.configuration import load_configuration
from sekisho.shell.gate.kernel_time import KernelClock
from sekisho.shell.gate.run import Site
from sekisho.shell.gate.state_folder import open_state
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text
from sekisho.terms.verdict import ExitCode, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.gate.commission import Judgement
    from sekisho.gate.settings import Settings
    from sekisho.terms.texts import Lang

_ASK = Text(
    "{site}: PCS {pcs} 台を定格の 1 %(合計 {step} W)ずつ両方向に動かします(約 {minutes} 分)。"
    "始めてよいですか",
    "{site}: {pcs} PCS will be moved by 1 % of their rating, {step} W together, both ways "
    "(about {minutes} min). Begin",
)
_NOT_ASKED = Text("設備を動かすことが確認されていません。", "Moving the plant was not agreed to.")
_AGREE = Text(
    "端末で確認に答えるか、--yes を付けてください。",
    "Answer the question on a terminal, or give --yes.",
)
_PHASE = Text("{number}/{of}: {power} W", "{number}/{of}: {power} W")
_PASSED = Text(
    "試運転は正常です。この設定で市場の指令を受け付けられます。",
    "All right: with this configuration the gate may take market commands.",
)
_WRONG = Text(
    "動きの誤りがあります。市場の指令は受け付けません。",
    "A reading moved wrongly; the gate takes no market command.",
)
_UNSEEN = Text(
    "判定できないものがあります。市場の指令は受け付けません。",
    "Something was not seen; the gate takes no market command.",
)
_BY = {
    "power": Text("電力", "power"),
    "soc": Text("充電率", "state of charge"),
    "battery-power": Text(
        "BMS の電力(充電率は粗くて動かないため)",
        "power told by the BMS (its state of charge is too coarse to have moved)",
    ),
}


def commission_gate(
    site: Path, state: Path, lang: Lang, *, hold_ms: int, asked: bool, as_json: bool
) -> int:
    """Commission a plant; the exit code says how it went.

    Raises:
        InputError: nobody agreed, a gate is running, or a file is wrong.
        WorldError: the plant must not be moved; it is at rest.
    """
    configuration = load_configuration(site)
    settings = configuration.settings
    folder = open_state(state)
    if not asked:
        _ask(settings, lang, hold_ms)

    def tell(number: int, of: int, power: int) -> None:
        line = _PHASE.fill(number=number, of=of, power=f"{power:+_}").says(lang)
        sys.stderr.write(line + "\n")

    run = Site(settings=settings, profiles=configuration.profiles, state=folder)
    found = commission(run, KernelClock(), tell, hold_ms)
    if as_json:
        sys.stdout.write(as_text(_published(found, lang)))
    else:
        sys.stdout.write(on_terminal([_document(found, configuration.site.name, lang)]))
    if found.passed:
        return ExitCode.GOOD
    return ExitCode.UNDETERMINED if found.undecided else ExitCode.FOUND_BAD


def _ask(settings: Settings, lang: Lang, hold_ms: int) -> None:
    steps = plan(settings)
    step = max(sum(phase.values()) for phase in steps)
    question = _ASK.fill(
        site=settings.site,
        pcs=len(settings.pcs),
        step=f"{step:_}",
        minutes=-(-len(steps) * hold_ms // 60_000),
    ).says(lang)
    if not sys.stdin.isatty() or not typer.confirm(question, err=True):
        raise InputError(Problem("gate commission", _NOT_ASKED, _AGREE))


def _verdict(finding: Finding) -> Verdict:
    if finding is Finding.RIGHT:
        return Verdict.MET
    return Verdict.UNDETERMINED if finding in UNDECIDED else Verdict.BROKEN


_SIGNS = {Verdict.MET: "○", Verdict.UNDETERMINED: "?", Verdict.BROKEN: "×"}


def _document(found: Judgement, name: str, lang: Lang) -> Document:
    header = (Text("機器", "Device"), Text("見たもの", "Seen by"), Text("結果", "What it did"))
    rows = []
    for one in found.verdicts:
        verdict = _verdict(one.finding)
        said = f"{_SIGNS[verdict]} {one.said.says(lang)}"
        rows.append((Cell(one.device), Cell(_BY[one.by].says(lang)), Cell(said, verdict)))
    if found.passed:
        banner = Banner(Verdict.MET, _PASSED.says(lang), "")
    elif found.undecided:
        banner = Banner(Verdict.UNDETERMINED, _UNSEEN.says(lang), "")
    else:
        banner = Banner(Verdict.BROKEN, _WRONG.says(lang), "")
    return Document(
        title=Text("試運転", "Commissioning").says(lang),
        subtitle=name,
        lang=lang.value,
        footer="",
        blocks=(
            banner,
            Table(header=tuple(h.says(lang) for h in header), rows=tuple(rows), widths=(1, 1, 3)),
        ),
    )


def _published(found: Judgement, lang: Lang) -> dict[str, object]:
    return {
        "passed": found.passed,
        "undecided": found.undecided,
        "digest": found.digest,
        "devices": [
            {
                "device": one.device,
                "finding": one.finding.value,
                "asked": one.asked,
                "moved": one.moved,
                "by": one.by,
                "said": one.said.says(lang),
            }
            for one in found.verdicts
        ],
    }
