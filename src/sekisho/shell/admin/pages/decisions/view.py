"""The gate's latest decisions, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sekisho.gate.admin.bound_words import name_of
from sekisho.gate.journal.said import jst
from sekisho.gate.journal.words import OUTCOMES, REASONS
from sekisho.gate.status import MOST_DECISIONS
from sekisho.shell.admin.frame import Shown
from sekisho.shell.admin.pages.live.view import kilowatts
from sekisho.shell.admin.problems import problem_of
from sekisho.terms.texts import Text, listed, same

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.shell.admin.frame import Answer, Context

WORDS = {
    "title": Text("決定とその理由", "Decisions and why"),
    "which": Text(
        "最新の {n} 件までです。すべての決定はジャーナルにあります。",
        "The latest, {n} at most. Every decision is in the journal.",
    ).fill(n=MOST_DECISIONS),
    "none": Text("まだ決定はありません。", "There is no decision yet."),
    "at": Text("時刻(日本)", "At (Japan)"),
    "command": Text("指令", "Command"),
    "power": Text("電力", "Power"),
    "limits": Text("効いた限度", "Bounds that bind"),
    "key": Text("署名した鍵", "Key that signed"),
    "entry": Text("記録の番号", "Journal entry"),
}
_SIGNS = {"accepted": ("✓", "good"), "limited": ("▽", "open"), "refused": ("✕", "bad")}


async def get(context: Context) -> Answer:
    """The page."""
    status = await context.office.gate.status()
    if status is None:
        return problem_of(502)
    values = {"words": WORDS, "decisions": [_decision(one) for one in status["decisions"]]}
    return Shown(template="pages/decisions/decisions.html", values=values)


def _decision(decision: Mapping[str, Any]) -> dict[str, object]:
    outcome, reason = decision["outcome"], decision["reason"]
    sign, mark = _SIGNS.get(outcome, ("?", "open"))
    return {
        "sign": sign,
        "mark": mark,
        "outcome": OUTCOMES.get(outcome, same(outcome)),
        "reason": None if reason is None else REASONS.get(reason, same(reason)),
        "at": jst(decision["at"]),
        "command": decision["command"],
        "kid": decision["kid"],
        "power": None if decision["power"] is None else kilowatts(decision["power"]),
        "limits": listed(name_of(one) for one in decision["limits"])
        if decision["limits"]
        else None,
        "entry": decision["entry"],
    }
