"""Asking the gate from the command line: who asks, how the answer is shown, what code it ends with."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from sekisho.shell.cli.options import Format
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sekisho.codec.asked import Lasts
    from sekisho.codec.command import Command, Envelope
    from sekisho.shell.mqtt.head_end import Desk, Sent
    from sekisho.terms.texts import Lang


def ask(
    make: Callable[[Envelope], Command],
    lasts: Lasts,
    file: Path,
    wait_s: float,
    sequence: int | None,
    output: Format,
    lang: Lang,
) -> None:
    """Ask, show the answer, and end with its exit code."""
    import asyncio

    from sekisho.codec.decision import Outcome
    from sekisho.shell.cli.showing import as_text
    from sekisho.terms.verdict import ExitCode

    desk = load_desk(file)
    sent = asyncio.run(_sent(desk, make, lasts, wait_s, sequence))
    if output is Format.JSON:
        sys.stdout.write(as_text(_published(sent)))
    else:
        sys.stdout.write(_told(sent, lang))
    if sent.answer is None:
        raise typer.Exit(ExitCode.UNDETERMINED)
    refused = sent.answer.message.decision.outcome is Outcome.REFUSED
    raise typer.Exit(ExitCode.FOUND_BAD if refused else ExitCode.GOOD)


async def _sent(
    desk: Desk,
    make: Callable[[Envelope], Command],
    lasts: Lasts,
    wait_s: float,
    sequence: int | None,
) -> Sent:
    from sekisho.shell.mqtt.head_end import head_end

    async with head_end(desk) as north:
        return await north.ask(make, lasts=lasts, wait_s=wait_s, sequence=sequence)


def load_desk(file: Path) -> Desk:
    """The head-end that a file describes, with its keys.

    Raises:
        InputError: the file or one of its keys is wrong.
        WorldError: a file cannot be read, or the extra `gate` is missing.
    """
    from sekisho.codec.head_end_file import read_head_end
    from sekisho.shell.keys import gate_parts_missing, load_key, load_public
    from sekisho.shell.site_files import text_of

    try:
        from sekisho.shell.mqtt.head_end import Desk
        from sekisho.shell.mqtt.tls import Broker
    except ImportError as error:
        raise gate_parts_missing(error) from error

    stated = read_head_end(text_of(file, _NO_FILE), str(file))
    folder = file.parent
    broker = Broker(
        host=stated.host,
        port=stated.port,
        ca=folder / stated.ca,
        certificate=folder / stated.certificate,
        key=folder / stated.key,
        server_name=stated.server_name,
    )
    return Desk(
        site=stated.site,
        issuer=stated.issuer,
        broker=broker,
        signer=load_key(folder / stated.signing_key),
        gate=None if stated.gate_key is None else load_public(folder / stated.gate_key),
        sequences=folder / stated.sequences,
    )


def _told(sent: Sent, lang: Lang) -> str:
    from sekisho.codec.command import kind_of
    from sekisho.codec.decision import Outcome
    from sekisho.codec.north_form import said
    from sekisho.present import escape

    head = sent.command.envelope
    lines = [_SENT.fill(kind=kind_of(sent.command).value, id=head.id, sequence=head.sequence)]
    if sent.answer is None:
        lines.append(_NO_ANSWER)
    else:
        message = sent.answer.message
        decision = message.decision
        lines.append(_OUTCOME[decision.outcome.value].fill(said=said(decision)))
        if decision.outcome is Outcome.REFUSED and decision.detail:
            lines.append(_DETAIL.fill(detail=decision.detail))
        if decision.power is not None:
            lines.append(_POWER.fill(power=f"{decision.power:,}"))
        lines += [
            _LIMIT.fill(bound=limit.bound, value=f"{limit.value:,}", where=limit.where)
            for limit in decision.limits
        ]
        lines.append(_ENTRY.fill(entry=message.journal))
        if not sent.answer.verified:
            lines.append(_UNVERIFIED)
    return "".join(escape.terminal(line.says(lang)) + "\n" for line in lines)


def _published(sent: Sent) -> dict[str, object]:
    from sekisho.codec.command import kind_of

    head = sent.command.envelope
    form: dict[str, object] = {
        "command": head.id,
        "kind": kind_of(sent.command).value,
        "sequence": head.sequence,
        "session": head.session,
        "outcome": None,
    }
    if sent.answer is None:
        return form
    message = sent.answer.message
    decision = message.decision
    return form | {
        "outcome": decision.outcome.value,
        "reason": None if decision.reason is None else decision.reason.value,
        "detail": decision.detail,
        "power": decision.power,
        "limits": [
            {"bound": limit.bound, "value": limit.value, "where": limit.where}
            for limit in decision.limits
        ],
        "journal": message.journal,
        "verified": sent.answer.verified,
    }


_NO_FILE = Text(
    "ヘッドエンドのファイル(--head-end)の場所を確かめてください。",
    "Check where the head-end's file (--head-end) is.",
)
_SENT = Text(
    "{kind} を送りました(ID {id}、通し番号 {sequence})。",
    "Sent: {kind} (id {id}, sequence {sequence}).",
)
_OUTCOME = {
    "accepted": Text("○ 受付: {said}", "○ accepted: {said}"),
    "limited": Text("△ 制限付き受付: {said}", "△ limited: {said}"),
    "refused": Text("× 拒否: {said}", "× refused: {said}"),
}
_DETAIL = Text("  詳細: {detail}", "  detail: {detail}")
_POWER = Text("  認められた電力: {power} W", "  granted: {power} W")
_LIMIT = Text("  上限 {bound} = {value}({where})", "  bound {bound} = {value} ({where})")
_ENTRY = Text("  記録: {entry} 番", "  journal entry: {entry}")
_UNVERIFIED = Text(
    "  ゲートの公開鍵(gate_key)がないため、この返事の署名は確かめていません。",
    "  The gate's public key (gate_key) is not known: this answer's signature was not verified.",
)
_NO_ANSWER = Text(
    "? 時間内に返事がありません。受け付けられたかどうかは分かりません。",
    "? No answer came in time. Whether it was accepted is not known.",
)
