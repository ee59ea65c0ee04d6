"""Bounds and trust in force, and signed documents that wait for approval."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from sekisho.codec.members import instant
from sekisho.gate.admin.approval import Person
from sekisho.gate.admin.bound_words import name_of, value_of
from sekisho.gate.admin.messages import DIGEST, AskDocuments, Asker
from sekisho.gate.journal.said import jst
from sekisho.gate.journal.words import called
from sekisho.shell.admin.frame import Shown
from sekisho.shell.admin.gate_end import AWAY, GateAwayError, GateNoError
from sekisho.shell.admin.problems import SAID
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sekisho.gate.admin.messages import AskApprove, AskWithdraw, Question
    from sekisho.shell.admin.frame import Answer, Context

WORDS = {
    "title": Text("限度と信頼", "Bounds and trust"),
    "waiting": Text("承認を待つ文書", "Documents that wait"),
    "none": Text("待っている文書はありません。", "Nothing waits."),
    "from": Text("提出者", "Handed in by"),
    "approvals": Text("承認", "Approved by"),
    "needed": Text("必要な人数", "Persons needed"),
    "member": Text("項目", "Member"),
    "before": Text("今", "Now"),
    "after": Text("新", "New"),
    "raises": Text("▲ 広がる", "▲ more"),
    "lowers": Text("▽ 狭まる", "▽ less"),
    "approve": Text("承認する", "Approve"),
    "withdraw": Text("取り下げる", "Withdraw"),
    "rule": Text(
        "今より広げる変更は、異なる2人の承認で有効になります。狭めるだけの変更は1人です。",
        "What lets more happen than now takes two different persons; what only takes away, one.",
    ),
    "hand_in": Text("署名済みの文書を提出する", "Hand in a signed document"),
    "file": Text("trust.json または bounds.json", "trust.json or bounds.json"),
    "in_force": Text("有効な文書", "In force"),
    "key": Text("鍵", "Key"),
    "may": Text("できること", "May ask"),
    "until": Text("期限(日本)", "Valid until (Japan)"),
    "revoked": Text("失効", "Revoked"),
    "applied": Text(
        "文書を適用しました。ゲートが1、2秒で取り込みます。",
        "The document was put in force; the gate takes it up within a second or two.",
    ),
    "counted": Text("承認を数えました。", "The approval was counted."),
    "taken": Text(
        "文書を受け取りました。違いを確かめてください。",
        "The document waits. Look at what it changes.",
    ),
    "gone": Text("文書を取り下げました。", "The document was withdrawn."),
}
_VERSION = Text("第 {n} 版", "version {n}")
_OF = Text("{kind}({products})", "{kind} ({products})")
_SIDE = ("site", "version", "issued_at")


async def get(context: Context) -> Answer:
    """The page."""
    return await shown(context, None)


async def acted(context: Context, question: Question, said: Text) -> Answer:
    """One change at the gate, and the page after it."""
    try:
        answer = await context.office.gate.ask(question)
    except GateAwayError:
        return await shown(context, AWAY, 502)
    except GateNoError as error:
        return await shown(context, error.why, 409)
    return await shown(context, WORDS["applied"] if answer.get("applied") else said)


async def acted_on_waiting(
    context: Context, ask: type[AskApprove | AskWithdraw], said: Text
) -> Answer:
    """One thing done with the document that waits under the form's digest."""
    digest = context.form.get("digest", "")
    if DIGEST.fullmatch(digest) is None:
        return await shown(context, SAID[422], 422)
    return await acted(context, ask(asker=asker(context), digest=digest), said)


def asker(context: Context) -> Asker:
    """Who asks the gate: somebody who is signed in."""
    if context.user is None:
        raise GateNoError(AWAY)
    person = Person(name=context.user.name, role=context.user.role)
    return Asker(person=person, source=context.moment.source)


async def shown(context: Context, said: Text | None, status: int = 200) -> Answer:
    """The page, with what is to be said first."""
    try:
        found = await context.office.gate.ask(AskDocuments())
    except GateAwayError:
        found, said, status = {}, said or AWAY, 502 if status < HTTPStatus.BAD_REQUEST else status
    except GateNoError as error:
        found, said, status = {}, said or error.why, 503
    values = {
        "words": WORDS,
        "said": said,
        "good": status < HTTPStatus.BAD_REQUEST,
        "waiting": [_readable(one) for one in found.get("waiting", [])],
        "bounds": _rows(found.get("bounds", {})),
        "version": _VERSION.fill(n=found.get("bounds", {}).get("version", "")),
        "trusted": _VERSION.fill(n=found.get("trust", {}).get("version", "")),
        "keys": [
            (kid, {**key, "until": _in_japan(key["valid_until"]), "may": _may(key["may"])})
            for kid, key in zip(
                found.get("kids", []), found.get("trust", {}).get("keys", []), strict=False
            )
        ],
    }
    return Shown(template="pages/documents/documents.html", values=values, status=status)


def _in_japan(spelt: str) -> str:
    """A document's instant, which stands there in UTC, as people here read it."""
    wall = instant(spelt)
    return spelt if wall is None else jst(wall).rpartition(".")[0]


def _readable(proposal: Mapping[str, Any]) -> dict[str, Any]:
    """A proposal whose differences have names and units."""
    differences = [
        {
            **one,
            "called": name_of(one["member"]),
            "before": value_of(one["member"], one["before"]),
            "after": value_of(one["member"], one["after"]),
        }
        for one in proposal["differences"]
    ]
    version = _VERSION.fill(n=proposal["version"])
    return {**proposal, "differences": differences, "version": version}


def _may(permits: Sequence[str]) -> list[Text]:
    """What a key may ask, the products of a kind together."""
    kinds: dict[str, list[str]] = {}
    for permit in permits:
        kind, _, product = permit.partition(":")
        kinds.setdefault(kind, []).append(product)
    return [
        _OF.fill(kind=called("asked", kind), products=", ".join(products))
        if any(products)
        else called("asked", kind)
        for kind, products in kinds.items()
    ]


def _rows(table: Mapping[str, Any]) -> list[tuple[Text, str, Text]]:
    return [(name_of(name), name, value_of(name, value)) for name, value in _members(table)]


def _members(table: Mapping[str, Any]) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            rows += [(f"{name}.{inner}", number) for inner, number in value.items()]
        elif name not in _SIDE:
            rows.append((name, value))
    return rows
