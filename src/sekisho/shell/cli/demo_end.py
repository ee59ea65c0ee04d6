"""How the demonstration ended: what was answered, attacked and verified, and one line that says it all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.shell.cli.attack import named, summary
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from sekisho.lab.attacks.finding import Result, Verdict
    from sekisho.terms.texts import Lang


@dataclass(slots=True, kw_only=True)
class Played:
    """What was played, and what came of it."""

    asked: int
    """Commands that the head-end has sent."""
    answered: int
    """Those of them that the gate has answered."""
    witnessed: bool
    """The checkpoint that was asked for at the end reached the witness."""
    results: list[Result]
    """Of the attacks."""
    holds: bool = False
    """The journal was verified."""


def told(played: Played, lang: Lang) -> str:
    """The summary, a few lines."""
    answered = _ANSWERED.fill(asked=played.asked, answered=played.answered)
    attacks = "".join(f"  {line}\n" for line in summary(played.results, lang).splitlines())
    journal = _HOLDS if played.holds else _HOLDS_NOT
    lines = [journal] if played.witnessed else [journal, _UNWITNESSED]
    head = f"{_SUMMARY.says(lang)}\n{answered.says(lang)}\n"
    return head + attacks + "".join(f"{line.says(lang)}\n" for line in lines)


def closing(played: Played) -> Text:
    """The last line: whether it held or failed, and at what."""
    from sekisho.lab.attacks.finding import Verdict

    if wrong := failures(played):
        return _FAILED.fill(what=listed(wrong))
    unshown = [_UNTESTED.fill(which=one) for one in _ended(played, Verdict.NOT_TESTED)]
    if played.answered < played.asked:
        unshown.append(_UNANSWERED.fill(n=played.asked - played.answered))
    if not played.witnessed:
        unshown.append(_LATE)
    if played.results and len(_ended(played, Verdict.NOT_TESTED)) == len(played.results):
        return _NOTHING.fill(what=listed(unshown))
    return _HELD_BUT.fill(what=listed(unshown)) if unshown else _HELD


def failures(played: Played) -> list[Text]:
    """What must not have happened."""
    from sekisho.lab.attacks.finding import Verdict

    wrong = [_SUCCEEDED.fill(which=one) for one in _ended(played, Verdict.SUCCEEDED)]
    return wrong if played.holds else [*wrong, _JOURNAL]


def _ended(played: Played, verdict: Verdict) -> list[Text]:
    return [named(one) for one in played.results if one.finding.verdict is verdict]


_SUMMARY = Text("\nまとめ", "\nSummary")
_ANSWERED = Text(
    "  署名した指令 {asked} 件のうち {answered} 件に、ゲートが返事をしました。",
    "  Of {asked} signed commands the gate answered {answered}.",
)
_HOLDS = Text("  ジャーナルは書かれたままです。", "  The journal holds.")
_HOLDS_NOT = Text("  ジャーナルを確かめられません。", "  The journal could not be verified.")
_UNWITNESSED = Text(
    "  最後のチェックポイントが時間内に証人に届かず、その後の記録に証人がいません。",
    "  The last checkpoint did not reach the witness in time: what follows has no witness.",
)
_HELD = Text(
    "○ ゲートは持ちこたえました。成功した攻撃はなく、ジャーナルは書かれたままです。",
    "○ The gate held: no attack succeeded, and the journal holds.",
)
_HELD_BUT = Text(
    "○ ゲートは持ちこたえました。ただし、示せなかったことがあります: {what}",
    "○ The gate held, but this was not shown: {what}",
)
_NOTHING = Text("？ 攻撃を一つも試せていません: {what}", "? No attack was tried: {what}")
_FAILED = Text("× ゲートは持ちこたえませんでした: {what}", "× The gate did not hold: {what}")
_SUCCEEDED = Text("攻撃「{which}」が成功", 'attack "{which}" succeeded')
_JOURNAL = Text("ジャーナルを確かめられない", "the journal could not be verified")
_UNTESTED = Text("攻撃「{which}」は未試験", 'attack "{which}" was not tested')
_UNANSWERED = Text("指令 {n} 件に返事がない", "commands without an answer: {n}")
_LATE = Text("最後の記録に証人がいない", "the last entries without a witness")
