"""Not applicable: only for an item that may be so, and only where the function was seen to be absent.

An absence that other evidence contradicts is not believed; what contradicts it is named.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sekisho.evidence.observation_paper import DocumentSeen, FunctionAbsent
from sekisho.evidence.observation_words import Function, Says
from sekisho.proof.finding import How, absent
from sekisho.proof.paper import usable
from sekisho.proof.presence import present
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
    signs = present(case.evidence, item.absent)
    name = FUNCTION_TEXTS[item.absent]
    found = look(case, item)
    if not signs and found.verdict is not Verdict.BROKEN:
        piece, how, seen = claims[0]
        return absent(item, how, _ABSENT.fill(function=name, seen=seen), [piece])
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
