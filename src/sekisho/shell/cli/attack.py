"""`sekisho attack`: fifteen classes of attacks against a gate that runs, judged by the plant."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.delivery import flowing
from sekisho.shell.cli.options import Format, FormatOption, LangOption, language
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Lang, Text, listed, same

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sekisho.lab.attacks.catalogue import Attack
    from sekisho.lab.attacks.finding import Result

MOST_CLASS = 15
_INDENT = "   "
ClassOption = Annotated[
    list[int] | None,
    typer.Option(
        "--class",
        min=1,
        max=MOST_CLASS,
        metavar="N",
        help="Only this class, 1 to 15; may be given several times.",
        show_default=False,
    ),
]
ProveOption = Annotated[
    bool,
    typer.Option("--prove", help="Also against a gate without the one defence: must succeed."),
]
StateOption = Annotated[
    Path | None,
    typer.Option(
        "--state",
        metavar="FOLDER",
        help="Attack the running gate of this state folder instead; its plant must be at rest.",
        show_default=False,
    ),
]
HeadEndOption = Annotated[
    Path | None,
    typer.Option(
        "--head-end",
        metavar="FILE",
        help="With --state: the head-end whose means are used (TOML).",
        show_default=False,
    ),
]


def attack(
    *,
    number: ClassOption = None,
    prove: ProveOption = False,
    state: StateOption = None,
    head_end: HeadEndOption = None,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Attack a gate that runs on this machine, with a plant, a broker and keys made for it.

    Nothing outside this machine is touched. The verdict follows from what the plant really did and
    from the journal: refused (nothing changed), contained (within the bound that is told), succeeded.

    With --state a gate that runs already is attacked in the few ways that move nothing if they fail.

    Exit code: 0 no attack succeeded, 1 one did or a proof failed, 2 usage or a missing part.
    """
    import asyncio

    from sekisho.shell.cli.showing import as_text
    from sekisho.terms.verdict import ExitCode

    spoken = language(lang)
    chosen = choose(number)
    text = output is Format.TEXT
    if text:
        flowing()
    told = (lambda result: sys.stdout.write(in_words(result, spoken))) if text else _nothing
    if (state is None) != (head_end is None) or (state is not None and prove):
        raise InputError(Problem("attack", _TOGETHER, _TOGETHER_DO))
    if state is not None and head_end is not None:
        results = asyncio.run(_standing(state, head_end, chosen, told))
    else:
        results = asyncio.run(gathered(chosen, told, prove=prove))
    if text:
        sys.stdout.write(summary(results, spoken))
    else:
        from sekisho.lab.attacks.finding import published

        sys.stdout.write(as_text(published(results, spoken)))
    raise typer.Exit(ExitCode.FOUND_BAD if bad(results, prove=prove) else ExitCode.GOOD)


def choose(numbers: Sequence[int] | None) -> tuple[Attack, ...]:
    """The classes of these numbers; all of them without."""
    from sekisho.lab.attacks.catalogue import ATTACKS

    return tuple(one for one in ATTACKS if not numbers or one.number in numbers)


async def gathered(
    chosen: Sequence[Attack], tell: Callable[[Result], object], *, prove: bool
) -> list[Result]:
    """Attacks, and tells each result as soon as it is there.

    Raises:
        WorldError: an extra is missing, or the broker does not start.
    """
    from sekisho.shell.keys import gate_parts_missing

    try:
        from sekisho.shell.lab.attacks.run import attacked
    except ImportError as error:
        raise gate_parts_missing(error) from error
    results = []
    numbers = range(1, MOST_CLASS + 1) if prove else ()
    async for result in attacked(chosen, prove=numbers):
        tell(result)
        results.append(result)
    return results


async def _standing(
    state: Path, file: Path, chosen: Sequence[Attack], tell: Callable[[Result], object]
) -> list[Result]:
    from sekisho.shell.cli.asking import load_desk
    from sekisho.shell.gate.state_folder import open_state
    from sekisho.shell.keys import gate_parts_missing

    desk = load_desk(file)
    try:
        from sekisho.shell.lab.attacks.standing import attacked, standing
    except ImportError as error:
        raise gate_parts_missing(error) from error
    results = []
    async for result in attacked(standing(desk, open_state(state)), chosen):
        tell(result)
        results.append(result)
    return results


def bad(results: Sequence[Result], *, prove: bool) -> bool:
    """Whether an attack succeeded, or its proof did not."""
    from sekisho.lab.attacks.finding import Verdict

    return any(
        one.finding.verdict is Verdict.SUCCEEDED or (prove and _tried(one) and not one.proven)
        for one in results
    )


def _tried(result: Result) -> bool:
    """Whether both the attack and its proof were really played."""
    from sekisho.lab.attacks.finding import Verdict

    proof = result.proof
    tried = proof is None or proof.verdict is not Verdict.NOT_TESTED
    return tried and result.finding.verdict is not Verdict.NOT_TESTED


def in_words(result: Result, lang: Lang) -> str:
    """One result for people, in the width of the terminal."""
    found, proof = result.finding, result.proof
    verdict = _VERDICT[found.verdict.value]
    parts = [_TRIED.fill(tried=found.tried), _DID.fill(did=found.did)]
    if found.bound is not None:
        parts.append(_BOUND.fill(bound=found.bound))
    if found.entries:
        parts.append(_ENTRIES.fill(entries=_numbers(found.entries)))
    if proof is not None:
        ended = _VERDICT[proof.verdict.value]
        parts.append(_PROOF.fill(defence=result.attack.defence, verdict=ended, did=proof.did))
    number, title = f"{result.attack.number:2}", result.attack.title
    head = _HEAD.fill(number=number, title=title, verdict=verdict).says(lang)
    return head + "\n" + "".join(_indented(part.says(lang)) for part in parts)


def _indented(text: str, indent: str = _INDENT) -> str:
    from sekisho.present import escape
    from sekisho.present.linebreak import wrapped

    width = min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns) - len(indent)
    first, *rest = wrapped(escape.terminal(text), width - 2)
    return f"{indent}{first}\n" + "".join(f"{indent}  {line}\n" for line in rest)


def summary(results: Sequence[Result], lang: Lang) -> str:
    """How many ended how; by name those that succeeded, were not tried, or whose proof failed."""
    from sekisho.lab.attacks.finding import Verdict

    count = dict.fromkeys(Verdict, 0)
    for result in results:
        count[result.finding.verdict] += 1
    line = _SUMMARY.fill(
        refused=count[Verdict.REFUSED],
        contained=count[Verdict.CONTAINED],
        succeeded=count[Verdict.SUCCEEDED],
        untested=count[Verdict.NOT_TESTED],
    )
    lines = [line.says(lang)]
    for verdict in (Verdict.SUCCEEDED, Verdict.NOT_TESTED):
        if names := [named(one) for one in results if one.finding.verdict is verdict]:
            said = _NAMED.fill(verdict=_VERDICT[verdict.value], which=listed(names))
            lines.append(said.says(lang))
    proofs = [one for one in results if one.proof is not None and not one.proven]
    if unproven := [named(one) for one in proofs if _tried(one)]:
        lines.append(_UNPROVEN.fill(which=listed(unproven)).says(lang))
    if untried := [named(one) for one in proofs if not _tried(one)]:
        lines.append(_UNTRIED.fill(which=listed(untried)).says(lang))
    return "".join(_indented(line, "") for line in lines)


def named(result: Result) -> Text:
    """A class by number and title."""
    return _CLASS.fill(number=result.attack.number, title=result.attack.title)


def _numbers(entries: tuple[int, ...]) -> str:
    shown = entries[:_MOST_SHOWN]
    more = "" if len(entries) <= _MOST_SHOWN else ", …"
    return ", ".join(str(number) for number in shown) + more


def _nothing(_: object) -> None:
    """A program is told everything at the end."""


_TOGETHER = Text(
    "--state と --head-end は一緒に指定します。--prove は実験室のゲートだけに使えます。",
    "--state and --head-end go together; --prove is for the laboratory's gates alone.",
)
_TOGETHER_DO = Text("両方を指定するか、どちらも省いてください。", "Give both, or neither.")
_MOST_SHOWN = 8
_WIDEST = 100
_VERDICT = {
    "refused": Text("○ 拒否", "○ refused"),
    "contained": Text("△ 抑え込み", "△ contained"),
    "succeeded": Text("× 成功", "× succeeded"),
    "not-tested": Text("－ 未試験", "- not tested"),
}
_HEAD = Text("{number} {title}: {verdict}", "{number} {title}: {verdict}")
_TRIED = Text("試行: {tried}", "tried: {tried}")
_DID = Text("結果: {did}", "result: {did}")
_BOUND = Text("上限: {bound}", "bound: {bound}")
_ENTRIES = Text("記録: {entries} 番", "journal: {entries}")
_PROOF = Text("{defence}を外すと: {verdict}。{did}", "without {defence}: {verdict}. {did}")
_CLASS = same("{number} {title}")
_NAMED = Text("{verdict}: {which}", "{verdict}: {which}")
_UNPROVEN = Text(
    "× 防御を外しても成功しなかった攻撃: {which}",
    "× did not succeed without the defence: {which}",
)
_UNTRIED = Text(
    "－ 防御を外しては試していない攻撃: {which}", "- not tried without the defence: {which}"
)
_SUMMARY = Text(
    "攻撃の結果: 拒否 {refused}、抑え込み {contained}、成功 {succeeded}、未試験 {untested}",
    "Attacks: {refused} refused, {contained} contained, {succeeded} succeeded, {untested} not tested",
)
