"""Before the gate runs: what is right, what is wrong, and what cannot be known yet.

Each question gets one line, the good ones too, so that a person sees what was asked. Bad: the gate
must not run so. Undetermined: it could not be asked. Noted: it runs, and somebody should look. What is
asked of the signed documents is in `document_check`, of each device in `device_check`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.gate.clock import MOST_ERROR_MS
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.gate.clock import KernelTime
    from sekisho.gate.settings import Settings
    from sekisho.terms.errors import Problem
    from sekisho.terms.quantity import WallMs

DAY_MS = 86_400_000
NEAR_END_DAYS = 30
"""A key or certificate that ends sooner is noted."""
LEAST_FREE = 2 * 1024 * 1024 * 1024
"""Bytes that the disk should have left: the journal's quota and the outbox."""


class Stands(StrEnum):
    """How a question was answered."""

    GOOD = "good"
    NOTED = "noted"
    UNDETERMINED = "undetermined"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and its answer."""

    subject: str
    """What was asked about: a file, a device, `time` …"""
    stands: Stands
    said: Text
    remedy: Text | None = None


def bad(problem: Problem) -> Answer:
    """A problem as the answer to a question."""
    return Answer(problem.where, Stands.BAD, problem.what, problem.remedy)


def worst(checks: Iterable[Answer]) -> Stands:
    """The answer of the whole."""
    order = list(Stands)
    return max((check.stands for check in checks), key=order.index, default=Stands.UNDETERMINED)


def stop_check(settings: Settings) -> Answer:
    """Whether somebody on the spot can stop the whole plant through the gate."""
    contact = settings.stop_contact
    if contact is None:
        return Answer(
            "stop",
            Stands.NOTED,
            Text(
                "[stop_contact] がないため、ゲートが現地の停止を知るのは全 PCS が止まったときだけです。",
                "Without [stop_contact] the gate learns of a local stop from all PCS together only.",
            ),
            Text(
                "設備の停止ボタンの接点があれば [stop_contact] に書いてください。",
                "Where the plant has a stop button, declare its contact in [stop_contact].",
            ),
        )
    return Answer(
        "stop",
        Stands.GOOD,
        Text(
            "{device} の {space} {address} が {pressed} のとき、設備全体を止めます。",
            "The whole plant stops where {space} {address} of {device} shows {pressed}.",
        ).fill(
            device=contact.device,
            space=contact.space.value,
            address=contact.address,
            pressed=contact.pressed,
        ),
    )


def trip_check(settings: Settings) -> Answer:
    """Whether there is something that opens the breaker."""
    if settings.trip is None:
        return Answer(
            "trip",
            Stands.NOTED,
            Text(
                "[trip] がないため、実測と指令が食い違い続けても遮断できません。",
                "Without [trip] nothing is opened when meter and command stay apart.",
            ),
            Text(
                "PCS と別の機器で開く遮断器を [trip] に書いてください。",
                "Declare a breaker that another device than the PCS opens.",
            ),
        )
    return Answer(
        "trip",
        Stands.GOOD,
        Text(
            "{device} の接点 {coil} が遮断器を開きます。",
            "Coil {coil} of {device} opens the breaker.",
        ).fill(device=settings.trip.device, coil=settings.trip.coil),
    )


def time_check(kernel: KernelTime) -> Answer:
    """Whether the wall clock is kept."""
    if kernel.synchronised and kernel.error_ms <= MOST_ERROR_MS:
        return Answer(
            "time",
            Stands.GOOD,
            Text(
                "時刻は同期しています(誤差 {error} ms 以内)。",
                "The clock is synchronised (within {error} ms).",
            ).fill(error=kernel.error_ms),
        )
    return Answer(
        "time",
        Stands.UNDETERMINED,
        Text(
            "時刻が同期していません(誤差 {error} ms)。停止と厳しい抑制以外は受け付けられません。",
            "The clock is not synchronised (error {error} ms): only stops and tighter curtailments "
            "would pass.",
        ).fill(error=kernel.error_ms),
        Text(
            "chrony などで同期してから、もう一度確かめてください。",
            "Synchronise it (chrony, for example) and check again.",
        ),
    )


def disk_check(free: int) -> Answer:
    """Whether journal and outbox have room."""
    shown = f"{free / 2**30:.1f}"
    if free < LEAST_FREE:
        return Answer(
            "disk",
            Stands.BAD,
            Text("空きが {free} GiB しかありません。", "Only {free} GiB are free.").fill(
                free=shown
            ),
            Text("2 GiB 以上空けてください。", "Free 2 GiB or more."),
        )
    return Answer(
        "disk",
        Stands.GOOD,
        Text("空きは {free} GiB です。", "{free} GiB are free.").fill(free=shown),
    )


def certificate_check(name: str, ends: WallMs, now: WallMs) -> Answer:
    """Whether a certificate is valid, and for how long."""
    days = (ends - now) // DAY_MS
    if ends <= now:
        return Answer(
            name,
            Stands.BAD,
            Text("証明書の期限が切れています。", "The certificate has expired."),
            Text(
                "新しい証明書を状態フォルダーに置いてください。",
                "Put a new certificate into the state folder.",
            ),
        )
    if days < NEAR_END_DAYS:
        return Answer(
            name,
            Stands.NOTED,
            Text(
                "証明書はあと {days} 日で期限を迎えます。", "The certificate ends in {days} days."
            ).fill(days=days),
            Text("更新を申し込んでください。", "Ask for its renewal."),
        )
    return Answer(
        name,
        Stands.GOOD,
        Text("証明書はあと {days} 日有効です。", "The certificate is valid for {days} days.").fill(
            days=days
        ),
    )
