"""Attacks on a gate that runs already, by a head-end's own means: those that move nothing if they fail.

Here nobody knows the plant's truth: the verdict follows from the gate's status and its journal, and
every finding says so. The plant must be at rest, and an attack asks one hundredth of its rating, so
that a gate that fails moves it by no more than that.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sekisho.codec.asked import For
from sekisho.codec.claims import claims_of
from sekisho.codec.command import Kind, Setpoint
from sekisho.codec.decision import SAID, Reason
from sekisho.codec.jws import Signer, Typ
from sekisho.codec.signed_document import read_trust
from sekisho.codec.strict_json import Malformed, base64url
from sekisho.codec.topics import Channel, topic
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.gate.journal.form import read_entry
from sekisho.gate.status import read_status
from sekisho.lab.attacks.finding import Finding, Result, Verdict
from sekisho.lab.attacks.judge import Refusals, kilowatts, unmoved
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.journal_file import opened_journal
from sekisho.shell.keys import load_public
from sekisho.shell.lab.stage import now_ms
from sekisho.shell.mqtt.head_end import head_end
from sekisho.shell.sealing import read_kept
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.ids import CommandId, SiteId
from sekisho.terms.quantity import WallMs, Watts
from sekisho.terms.texts import Text, sentences

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from sekisho.codec.command import Envelope, Product
    from sekisho.gate.status import Status
    from sekisho.lab.attacks.catalogue import Attack
    from sekisho.shell.gate.state_folder import StateFolder
    from sekisho.shell.mqtt.head_end import Desk, HeadEnd, Sent

LIFE = For(20_000)
WAIT_S = 5.0
LOOK_S = 3.0
"""The gate tells its status once a second."""
COUNTED_S = 62.0
"""What is only counted gets its journal line once a minute."""
SHARE = 0.01
REST = 0.02
"""Share of the rating below which a plant is at rest."""

_BY_STATUS = Text(
    "(判定はゲートの状態とジャーナルによります。)", "(Judged by the gate's status and journal.)"
)
_OWN_STAGE = Text("試していません。", "Not tried.")
_NEEDS_STAGE = Text(
    "自前の設備が必要です。--site を付けずに実行してください。",
    "It needs a plant of its own: run it without --site.",
)
_NOT_AT_REST = Text(
    "設備が停止していません({power} kW)。", "The plant is not at rest ({power} kW)."
)
_BRING_TO_REST = Text(
    "試験のために停止させた設備でだけ実行してください。",
    "Run this only at a plant that was brought to rest for it.",
)
_MAY_NOT = Text(
    "ヘッドエンドの署名鍵に設定値の権限がありません。",
    "The head-end's signing key may ask no set-point here.",
)
_ANOTHER_KEY = Text(
    "trust.json で権限のある鍵を使ってください。", "Use a key that trust.json grants one."
)
_REPLAYED = Text(
    "受け付けられた指令を再送し、同じ通し番号で {power} kW の別の指令を送りました。",
    "Sent an accepted command once more, and another one of {power} kW with the same sequence.",
)
_ELSEWHERE = Text(
    "{power} kW の指令を別のサイト宛てに送りました。",
    "Sent an order of {power} kW that is meant for another site.",
)
_UNTIMELY = Text(
    "{power} kW の指令を、期限切れと 24 時間有効の 2 通りで送りました。",
    "Sent an order of {power} kW expired, and one valid for 24 hours.",
)
_UNSIGNED = Text(
    "{power} kW の指令を、偽の署名と知らない鍵の署名で送りました。",
    "Sent an order of {power} kW with a false signature, and one signed by an unknown key.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A gate that stands already, and the head-end that attacks it."""

    desk: Desk
    state: StateFolder
    product: Product
    power: Watts
    """What an attack asks."""


def standing(desk: Desk, state: StateFolder) -> Standing:
    """Looks whether the gate may be attacked.

    Raises:
        InputError: the plant is not at rest, or the head-end's key may ask no set-point.
        WorldError: status or trust cannot be read.
    """
    status = _status(state)
    if abs(status.setpoint) > REST * status.rated:
        what = _NOT_AT_REST.fill(power=kilowatts(status.setpoint))
        raise InputError(Problem("attack", what, _BRING_TO_REST))
    authority = load_public(state.file(names.AUTHORITY))
    key = read_trust(read_kept(state, names.TRUST), authority, names.TRUST).key(desk.signer.kid)
    products = sorted(
        grant.product
        for grant in (key.may if key is not None else ())
        if grant.kind is Kind.SETPOINT and grant.product is not None
    )
    if not products:
        raise InputError(Problem(names.TRUST, _MAY_NOT, _ANOTHER_KEY))
    power = Watts(round(SHARE * status.rated))
    return Standing(desk=desk, state=state, product=products[0], power=power)


async def attacked(gate: Standing, chosen: Sequence[Attack]) -> AsyncIterator[Result]:
    """The results, one after another.

    Raises:
        WorldError: the gate cannot be reached.
    """
    acts: dict[int, Callable[[Assault], Awaitable[Finding]]] = {
        1: _replayed,
        2: _elsewhere,
        3: _untimely,
        6: _unsigned,
    }
    async with head_end(gate.desk) as north:
        await north.session(WAIT_S)
        for attack in chosen:
            act = acts.get(attack.number)
            finding = await act(Assault(gate, north)) if act is not None else _untested()
            yield Result(attack=attack, finding=finding)


def _untested() -> Finding:
    return Finding(tried=_OWN_STAGE, did=_NEEDS_STAGE, verdict=Verdict.NOT_TESTED)


class Assault:
    """One attack, and what the gate says of itself before and after."""

    def __init__(self, gate: Standing, north: HeadEnd) -> None:
        self.gate = gate
        self.north = north
        self.power = gate.power
        self.before = float(_status(gate.state).setpoint)
        self._first = self._last_entry() + 1

    async def ask(self, power: Watts, change: Callable[[Envelope], Envelope] | None = None) -> Sent:
        """A set-point of the head-end, whose envelope an attacker has changed."""
        product = self.gate.product

        def made(envelope: Envelope) -> Setpoint:
            changed = envelope if change is None else change(envelope)
            return Setpoint(envelope=changed, power=power, product=product)

        return await self.north.ask(made, lasts=LIFE, wait_s=WAIT_S)

    async def judged(self, tried: Text, *reasons: Reason, wait_s: float = LOOK_S) -> Finding:
        """What the status and the journal show after a while."""
        most, end = 0.0, asyncio.get_running_loop().time() + wait_s
        entries: tuple[int, ...] = ()
        least = asyncio.get_running_loop().time() + LOOK_S
        while (now := asyncio.get_running_loop().time()) < end:
            status = await asyncio.to_thread(_status, self.gate.state)
            most = max(most, abs(status.setpoint - self.before))
            entries, words = await asyncio.to_thread(self._shown, reasons)
            if now >= least and len(words) == len(reasons):
                break
            await asyncio.sleep(0.5)
        entries, words = await asyncio.to_thread(self._shown, reasons)
        off = most if most > self.power / 4 else 0.0
        seen = Refusals(entries=entries, reasons=tuple(SAID[one] for one in words))
        found = unmoved(tried, off, self.before, seen)
        return replace(found, did=sentences((found.did, _BY_STATUS)))

    def _shown(self, reasons: tuple[Reason, ...]) -> tuple[tuple[int, ...], tuple[Reason, ...]]:
        """Entries that show a refusal for one of these reasons, and which of them were shown."""
        found: dict[int, str] = {}
        with opened_journal(self.gate.state.file(names.STORE)) as log:
            for row in log.rows(self._first, log.last):
                with suppress(Malformed):
                    entry = None if row.entry is None else read_entry(row.entry)
                    if isinstance(entry, Entry) and entry.kind in _TELLING:
                        found[row.number] = str(entry.body.get("reason"))
        shown = tuple(one for one in reasons if one in found.values())
        return tuple(number for number, word in found.items() if word in shown), shown

    def _last_entry(self) -> int:
        with opened_journal(self.gate.state.file(names.STORE)) as log:
            return log.last


_TELLING = {EntryKind.DECISION, EntryKind.COUNTED}


def _status(state: StateFolder) -> Status:
    return read_status(state.read(names.STATUS))


async def _replayed(assault: Assault) -> Finding:
    sent = await assault.ask(Watts(0))
    await assault.north.send(sent.raw, 1.0)
    head = replace(sent.command.envelope, id=CommandId(f"{sent.command.envelope.id}-2"))
    other = Setpoint(envelope=head, power=assault.power, product=assault.gate.product)
    await assault.north.send(assault.gate.desk.signer.sign(claims_of(other), Typ.COMMAND), WAIT_S)
    tried = _REPLAYED.fill(power=kilowatts(assault.power))
    return await assault.judged(tried, Reason.SEQUENCE)


async def _elsewhere(assault: Assault) -> Finding:
    await assault.ask(assault.power, lambda head: replace(head, site=SiteId("another-site")))
    tried = _ELSEWHERE.fill(power=kilowatts(assault.power))
    return await assault.judged(tried, Reason.OTHER_SITE)


async def _untimely(assault: Assault) -> Finding:
    now = now_ms()
    long_ago, ended = WallMs(now - 60_000), WallMs(now - 30_000)
    await assault.ask(
        assault.power,
        lambda head: replace(head, issued_at=long_ago, not_before=long_ago, expires_at=ended),
    )
    tomorrow = WallMs(now + 86_400_000)
    await assault.ask(assault.power, lambda head: replace(head, expires_at=tomorrow))
    tried = _UNTIMELY.fill(power=kilowatts(assault.power))
    return await assault.judged(tried, Reason.EXPIRED, Reason.LIFE_TOO_LONG)


async def _unsigned(assault: Assault) -> Finding:
    sent = await assault.ask(Watts(0))
    head = sent.command.envelope
    later = replace(head, id=CommandId(f"{head.id}-3"), sequence=head.sequence + 1)
    claims = claims_of(Setpoint(envelope=later, power=assault.power, product=assault.gate.product))
    site = assault.gate.desk.site
    true = assault.gate.desk.signer.sign(claims, Typ.COMMAND).rsplit(b".", 1)[0]
    for raw in (true + b"." + base64url(bytes(64)), Signer(b"\x07" * 32).sign(claims, Typ.COMMAND)):
        await assault.north.line.publish(topic(site, Channel.COMMAND), raw)
    tried = _UNSIGNED.fill(power=kilowatts(assault.power))
    return await assault.judged(tried, Reason.SIGNATURE, Reason.UNKNOWN_KEY, wait_s=COUNTED_S)
