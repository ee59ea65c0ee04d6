"""Items that are asked of every function which authenticates users over the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sekisho.evidence.observation_function import (
    CredentialChanged,
    DefaultCredentials,
    FirstUse,
    Guessing,
)
from sekisho.evidence.observation_network import LoginFunctions
from sekisho.evidence.observation_words import LoginKind
from sekisho.proof.finding import How, absent, broken, left_open, met
from sekisho.proof.presence import login_ports
from sekisho.terms.texts import Text, sentences
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sekisho.proof.evidence import Case, Piece
    from sekisho.proof.finding import Finding
    from sekisho.proof.statement import EvaluationItem

GUESSABLE = frozenset({LoginKind.PASSWORD, LoginKind.TOKEN, LoginKind.UNKNOWN})
PASSWORDS = frozenset({LoginKind.PASSWORD, LoginKind.UNKNOWN})
EVERY_KIND = frozenset(LoginKind)

L = TypeVar("L", CredentialChanged, DefaultCredentials, FirstUse, Guessing)

_NOT_LISTED = Text(
    "利用者を認証する機能の一覧が採られていません。",
    "Nobody listed the functions that authenticate users.",
)
_LIST = Text(
    "開いているサービスすべてについて認証機能の一覧を採ってください(sekisho probe)。",
    "List the login functions of every open service (sekisho probe).",
)
_PARTLY = Text(
    "認証機能の一覧は、すべてのサービスを見たものではありません。",
    "The list of login functions does not cover every service.",
)
_UNLISTED = Text(
    "ポート{port}は認証を求めますが、認証機能の一覧にありません。",
    "Port {port} asks for credentials, and no listed login function is there.",
)
_NO_SUCH = Text(
    "開いているサービスすべてを見て、該当する認証機能はありませんでした({found})。",
    "Every open service was looked at, and none has such a login function ({found}).",
)
_NONE_FOUND = Text("認証機能なし", "no login function")
_NOT_ASKED = Text("「{function}」では試していません。", 'It was not tried on "{function}".')


def each_login(
    case: Case,
    item: EvaluationItem,
    kinds: frozenset[LoginKind],
    observed: type[L],
    look: Callable[[EvaluationItem, str, Sequence[tuple[Piece, L]]], Finding],
) -> Finding:
    """The worst of what `look` finds for each login function of these kinds.

    A function that nobody tried leaves the item open; so does a list that is not complete.
    """
    lists = case.evidence.of(LoginFunctions)
    if not lists:
        return left_open(item, _NOT_LISTED, remedy=_LIST)
    functions = {f.name: f for _, seen in lists for f in seen.functions}
    wanted = [name for name, function in functions.items() if function.login in kinds]
    tried = {
        name: [(p, seen) for p, seen in case.evidence.of(observed) if seen.function == name]
        for name in wanted
    }
    findings = [
        look(item, name, tried[name])
        if tried[name]
        else left_open(item, _NOT_ASKED.fill(function=name), _listing(lists, name))
        for name in wanted
    ]
    if not wanted:
        findings += _unlisted(case, item, {f.port for f in functions.values()})
    complete = [piece for piece, seen in lists if seen.complete]
    if not complete:
        findings.append(left_open(item, _PARTLY, remedy=_LIST))
    if findings:
        return _worst(item, findings, [piece for piece, _ in lists], complete)
    found = ", ".join(f"{name}: {function.login}" for name, function in functions.items())
    reason = _NO_SUCH.fill(found=found or _NONE_FOUND)
    if item.absent is None:
        return met(item, How.DEVICE, reason, complete)
    return absent(item, How.DEVICE, reason, complete)


def _unlisted(case: Case, item: EvaluationItem, listed: set[int]) -> list[Finding]:
    hidden: dict[int, list[Piece]] = {}
    for port, piece in login_ports(case.evidence):
        if port not in listed:
            hidden.setdefault(port, []).append(piece)
    return [
        left_open(item, _UNLISTED.fill(port=port), pieces, how=How.DEVICE, remedy=_LIST)
        for port, pieces in sorted(hidden.items())
    ]


def _listing(lists: Sequence[tuple[Piece, LoginFunctions]], name: str) -> list[Piece]:
    return [piece for piece, seen in lists if any(f.name == name for f in seen.functions)]


def _worst(
    item: EvaluationItem,
    findings: Sequence[Finding],
    lists: Sequence[Piece],
    complete: Sequence[Piece],
) -> Finding:
    for verdict in (Verdict.BROKEN, Verdict.UNDETERMINED, Verdict.MET):
        told = [f for f in findings if f.verdict is verdict]
        if not told:
            continue
        reason = sentences(f.reason for f in told)
        pieces = [piece for f in told for piece in f.rests_on]
        if verdict is Verdict.BROKEN:
            return broken(item, How.DEVICE, reason, [*pieces, *lists])
        if verdict is Verdict.UNDETERMINED:
            how = How.DEVICE if any(f.how is How.DEVICE for f in told) else How.NOTHING
            return left_open(item, reason, pieces, how=how, remedy=told[0].remedy)
        return met(item, How.DEVICE, reason, [*pieces, *complete])
    return left_open(item, _NOT_LISTED, remedy=_LIST)
