"""Not applicable: only for an item that may be so, and only where the function was seen to be absent.

An absence that other evidence contradicts is not believed; what contradicts it is named.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from sekisho.evidence.observation_function import (
    DefaultCredentials,
    Deletion,
    FirstUse,
    UpdateOffered,
)
from sekisho.evidence.observation_network import LoginFunctions, OpenPorts
from sekisho.evidence.observation_paper import DocumentSeen, FunctionAbsent
from sekisho.evidence.observation_words import (
    Demanded,
    Function,
    LoginKind,
    Says,
    UpdateAnswer,
)
from sekisho.proof.finding import How, absent
from sekisho.proof.paper import usable
from sekisho.terms.texts import Text
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekisho.proof.evidence import Case, Piece
    from sekisho.proof.finding import Finding
    from sekisho.proof.statement import EvaluationItem

FUNCTION_TEXTS = {
    Function.IP_ACCESS: Text("IP によるアクセス", "access over IP"),
    Function.NETWORK_LOGIN: Text(
        "ネットワーク越しの利用者認証", "authentication of users over the network"
    ),
    Function.NETWORK_PASSWORD: Text(
        "ネットワーク越しに使うパスワード", "a password used over the network"
    ),
    Function.PRESET_PASSWORD: Text("出荷時のパスワード", "a preset password"),
    Function.STORED_ASSETS: Text("守るべき情報の保存", "storage of assets to protect"),
    Function.TRANSMITTED_ASSETS: Text("守るべき情報の送受信", "transmission of assets to protect"),
    Function.UPDATABLE_SOFTWARE: Text("書き換えられるソフトウェア", "software that can change"),
    Function.BLUETOOTH: Text("Bluetooth", "Bluetooth"),
    Function.USB: Text("USB", "USB"),
}
_ABSENT = Text(
    "{function}がありません(見たこと: {seen})。", "There is no {function} (seen: {seen})."
)
_CONTRADICTED = Text(
    "{reason}「{function}がない」という記録は、ほかの記録と食い違うため信じません。",
    "{reason} A record that there is no {function} is contradicted by others and not believed.",
)


def unless_absent(
    case: Case, item: EvaluationItem, look: Callable[[Case, EvaluationItem], Finding]
) -> Finding:
    """What `look` finds, unless the function that the item asks about was seen to be absent."""
    if item.absent is None:
        return look(case, item)
    claims = _claims(case, item, item.absent)
    if not claims:
        return look(case, item)
    signs = _present(case, item.absent)
    name = FUNCTION_TEXTS[item.absent]
    if not signs:
        piece, how, seen = claims[0]
        return absent(item, how, _ABSENT.fill(function=name, seen=seen), [piece])
    found = look(case, item)
    if found.verdict is Verdict.MET:
        return found
    reason = _CONTRADICTED.fill(reason=found.reason, function=name)
    return replace(found, reason=reason, against=(*found.against, *signs))


def _claims(case: Case, item: EvaluationItem, function: Function) -> list[tuple[Piece, How, str]]:
    seen = [
        (piece, How.DEVICE, found.seen)
        for piece, found in case.evidence.of(FunctionAbsent)
        if found.function is function and found.seen.strip()
    ]
    said = [
        (piece, How.DOCUMENT, f"{document.file}: {statement.words}")
        for piece, document in case.evidence.of(DocumentSeen)
        for statement in document.states
        if statement.item == item.id
        and statement.says is Says.ABSENT
        and statement.words.strip()
        and document.document in item.attested_by
        and usable(document, case.evidence.as_of) is None
    ]
    return [*seen, *said]


def _present(case: Case, function: Function) -> list[Piece]:
    """The evidence that there is such a function after all."""
    of = case.evidence.of
    match function:
        case Function.IP_ACCESS:
            return [piece for piece, seen in of(OpenPorts) if seen.ports]
        case Function.NETWORK_LOGIN:
            return [piece for piece, seen in of(LoginFunctions) if seen.functions]
        case Function.NETWORK_PASSWORD:
            return [piece for piece, seen in of(LoginFunctions) if _passwords(seen)]
        case Function.PRESET_PASSWORD:
            preset = {Demanded.COMMON_SECRET, Demanded.DEVICE_SECRET, Demanded.BOTH}
            return [
                *(piece for piece, seen in of(FirstUse) if seen.demanded in preset),
                *(piece for piece, seen in of(DefaultCredentials) if seen.accepted),
            ]
        case Function.STORED_ASSETS:
            return [piece for piece, seen in of(Deletion) if any(d.before for d in seen.data)]
        case Function.UPDATABLE_SOFTWARE:
            return [
                piece for piece, seen in of(UpdateOffered) if seen.answer is UpdateAnswer.INSTALLED
            ]
        case Function.TRANSMITTED_ASSETS | Function.BLUETOOTH | Function.USB:
            return []
        case _:
            assert_never(function)


def _passwords(seen: LoginFunctions) -> bool:
    return any(f.login in {LoginKind.PASSWORD, LoginKind.UNKNOWN} for f in seen.functions)
