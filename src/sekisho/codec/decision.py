"""What the gate answers to a command: accepted, limited or refused, and why.

Reasons are a closed set; each has a sentence in both languages (`SAID`), so that a person and a
program read the same answer. The order of the words is the order in which the gate asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.terms.ids import CommandId, KeyId
    from sekisho.terms.quantity import Watts


class Outcome(StrEnum):
    """What became of a command."""

    ACCEPTED = "accepted"
    LIMITED = "limited"
    """Accepted with a smaller power; the decision names the bound."""
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a command was refused."""

    FORM = "form"
    RATE = "rate"
    UNKNOWN_KEY = "unknown-key"
    SIGNATURE = "signature"
    KEY_REVOKED = "key-revoked"
    KEY_NOT_VALID = "key-not-valid"
    ISSUER = "issuer"
    OTHER_SITE = "other-site"
    OTHER_SESSION = "other-session"
    ID_REUSED = "id-reused"
    SEQUENCE = "sequence"
    TIME_UNSURE = "time-unsure"
    EXPIRED = "expired"
    NOT_YET = "not-yet"
    LIFE_TOO_LONG = "life-too-long"
    NOT_PERMITTED = "not-permitted"
    LOCAL_STOP = "local-stop"
    REMOTE_STOP = "remote-stop"
    LATCHED = "latched"
    RANK = "rank"
    NOT_COMMISSIONED = "not-commissioned"
    PLANT_FAILED = "plant-failed"
    JOURNAL_BEHIND = "journal-behind"
    FOREIGN_WRITER = "foreign-writer"
    FREQUENCY_DISTURBED = "frequency-disturbed"
    ENERGY = "energy"
    BUDGET = "budget"
    NOTHING_TO_RELEASE = "nothing-to-release"


SAID: Mapping[Reason, Text] = MappingProxyType(
    {
        Reason.FORM: Text("指令の形式が正しくありません。", "The command is malformed."),
        Reason.RATE: Text("指令が多すぎます。", "There are too many commands."),
        Reason.UNKNOWN_KEY: Text(
            "鍵が信頼リストにありません。", "The key is not on the list of trusted keys."
        ),
        Reason.SIGNATURE: Text("署名が合いません。", "The signature does not verify."),
        Reason.KEY_REVOKED: Text("鍵は失効しています。", "The key was revoked."),
        Reason.KEY_NOT_VALID: Text(
            "鍵の有効期間外です。", "The key is outside its time of validity."
        ),
        Reason.ISSUER: Text(
            "発行者がこの鍵の持ち主ではありません。", "The issuer does not own this key."
        ),
        Reason.OTHER_SITE: Text("別のサイト宛てです。", "It is meant for another site."),
        Reason.OTHER_SESSION: Text(
            "今のセッションのものではありません。", "It does not belong to the current session."
        ),
        Reason.ID_REUSED: Text(
            "同じ ID の別の指令がありました。", "Another command had the same id."
        ),
        Reason.SEQUENCE: Text(
            "通し番号が進んでいないか、進みすぎています。",
            "The sequence does not rise, or rises by too much.",
        ),
        Reason.TIME_UNSURE: Text(
            "ゲートの時刻が確かでない間は、停止とより厳しい抑制だけを受け付けます。",
            "While the gate's time is unsure, only a stop or a tighter curtailment passes.",
        ),
        Reason.EXPIRED: Text("期限が過ぎています。", "It has expired."),
        Reason.NOT_YET: Text("まだ有効になっていません。", "It is not valid yet."),
        Reason.LIFE_TOO_LONG: Text(
            "有効期間がこの種類の上限を超えています。",
            "Its life is longer than this kind may have.",
        ),
        Reason.NOT_PERMITTED: Text(
            "この鍵にはこの指令の権限がありません。", "This key may not ask this."
        ),
        Reason.LOCAL_STOP: Text(
            "現地で停止またはロックされています。", "The plant is stopped or locked out locally."
        ),
        Reason.REMOTE_STOP: Text(
            "遠隔停止が解除されていません。", "A remote stop has not been released."
        ),
        Reason.LATCHED: Text(
            "保護が働いており、現地での復帰が必要です。",
            "A protection has latched and must be reset locally.",
        ),
        Reason.RANK: Text(
            "より優先順位の高い指令が有効です。", "An order of higher rank is standing."
        ),
        Reason.NOT_COMMISSIONED: Text(
            "この設定での試運転(gate commission)の記録がありません。",
            "There is no commissioning (gate commission) for this configuration.",
        ),
        Reason.PLANT_FAILED: Text(
            "設備の故障中は、出力を減らす指令だけを受け付けます。",
            "While part of the plant has failed, only reducing commands pass.",
        ),
        Reason.JOURNAL_BEHIND: Text(
            "ジャーナルがディスクに書けていないため、出力を増やす指令を受け付けません。",
            "The journal cannot be written, so nothing may raise power.",
        ),
        Reason.FOREIGN_WRITER: Text(
            "ほかの機器が設定値を書き換えています。",
            "Something else is writing the set-point.",
        ),
        Reason.FREQUENCY_DISTURBED: Text(
            "乱れている周波数をさらに悪化させる指令です。",
            "It would push a disturbed frequency further out.",
        ),
        Reason.ENERGY: Text(
            "電池の残量または空きが足りません。",
            "The battery does not hold, or cannot take, this energy.",
        ),
        Reason.BUDGET: Text("影響の上限(予算)を使い切っています。", "The harm budget is spent."),
        Reason.NOTHING_TO_RELEASE: Text(
            "解除できるものがありません。", "There is nothing that this key can release."
        ),
    }
)
"""What each reason says to a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A bound that made a power smaller."""

    bound: str
    """The bound's name, as in bounds.json, or `curtailment`, `battery` …"""
    value: int
    """Its value, in the unit of the name's suffix (W unless it says otherwise)."""
    where: str
    """Where it is set: `bounds.json version 3`, the id of a curtailment, a device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer to one command."""

    outcome: Outcome
    command: CommandId | None
    """None where the command could not be read."""
    kid: KeyId | None
    reason: Reason | None = None
    """Set exactly where it was refused."""
    limits: tuple[Limit, ...] = ()
    """The bounds that bind; empty unless limited."""
    power: Watts | None = None
    """Of a set-point: the power that is granted."""
    detail: str = ""
    """What was found and what was wanted, in plain words of the protocol; never a secret."""
