"""The four answers. Absence is never `met`; an empty set of answers is not `met` either."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable


class Verdict(StrEnum):
    """The answer to one rule for one device, one rule, or one site."""

    MET = "met"
    BROKEN = "broken"
    NOT_APPLICABLE = "not-applicable"
    UNDETERMINED = "undetermined"


VERDICT_TEXTS = {
    Verdict.MET: Text("充足", "met"),
    Verdict.BROKEN: Text("不充足", "broken"),
    Verdict.NOT_APPLICABLE: Text("対象外", "not applicable"),
    Verdict.UNDETERMINED: Text("判定不能", "undetermined"),
}

VERDICT_SIGNS = {
    Verdict.MET: "○",
    Verdict.BROKEN: "×",
    Verdict.NOT_APPLICABLE: "－",
    Verdict.UNDETERMINED: "?",
}
"""One character per verdict, so that colour is never the only sign."""

_WORST_FIRST = (Verdict.BROKEN, Verdict.UNDETERMINED, Verdict.MET, Verdict.NOT_APPLICABLE)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of a whole from those of its parts.

    One broken part breaks the whole; one undetermined part leaves it undetermined; parts to which
    nothing applies do not help. Of no parts at all nothing can be said: undetermined.
    """
    present = set(verdicts)
    for verdict in _WORST_FIRST:
        if verdict in present:
            return verdict
    return Verdict.UNDETERMINED


class ExitCode:
    """Exit codes of every command."""

    GOOD = 0
    FOUND_BAD = 1
    USAGE = 2
    UNDETERMINED = 3


def exit_code(verdict: Verdict) -> int:
    """The process's exit code for a site's verdict."""
    match verdict:
        case Verdict.MET | Verdict.NOT_APPLICABLE:
            return ExitCode.GOOD
        case Verdict.BROKEN:
            return ExitCode.FOUND_BAD
        case Verdict.UNDETERMINED:
            return ExitCode.UNDETERMINED
