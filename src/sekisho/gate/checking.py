"""Before the gate runs: what is right, what is wrong, and what cannot be known yet.

Each question gets one line, the good ones too, so that a person sees what was asked. Bad: the gate
must not run so. Undetermined: it could not be asked. Noted: it runs, and somebody should look.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.codec.command import Kind
from sekisho.gate.clock import MOST_ERROR_MS
from sekisho.gate.deliverable import undeliverable
from sekisho.gate.settings import SouthRole
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sekisho.codec.bounds import Bounds
    from sekisho.codec.device_map import DeviceMap
    from sekisho.codec.registers import Value
    from sekisho.codec.trust import Trust
    from sekisho.gate.clock import KernelTime
    from sekisho.gate.settings import Settings, SouthDevice
    from sekisho.gate.state import Durable
    from sekisho.terms.errors import Problem
    from sekisho.terms.quantity import WallMs

DAY_MS = 86_400_000
NEAR_END_DAYS = 30
"""A key or certificate that ends sooner is noted."""
LEAST_FREE = 2 * 1024 * 1024 * 1024
"""Bytes that the disk should have left: the journal's quota and the outbox."""
_PERCENT_OFF = 0.05


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


def signed_checks(
    trust: Trust, bounds: Bounds, settings: Settings, durable: Durable | None, now: WallMs
) -> Iterator[Answer]:
    """Trust and bounds, their signatures verified: for this site, not older than seen, valid."""
    for name, site, version, seen in (
        ("trust.json", trust.site, trust.version, durable.trust_version if durable else 0),
        ("bounds.json", bounds.site, bounds.version, durable.bounds_version if durable else 0),
    ):
        if site != settings.site:
            yield Answer(
                name,
                Stands.BAD,
                Text("別のサイト({site})のものです。", "It is for another site ({site}).").fill(
                    site=site
                ),
                Text(
                    "このサイトの文書を sekisho trust apply で入れてください。",
                    "Apply this site's own with sekisho trust apply.",
                ),
            )
        elif version < seen:
            yield Answer(
                name,
                Stands.BAD,
                Text(
                    "版 {version} は、既に使われた版 {seen} より古いものです。",
                    "Version {version} is older than {seen}, which was in force already.",
                ).fill(version=version, seen=seen),
                Text(
                    "新しい版を認証元から受け取ってください。",
                    "Get a newer version from the authority.",
                ),
            )
        else:
            yield Answer(
                name,
                Stands.GOOD,
                Text(
                    "署名とサイトが正しく、版は {version} です。",
                    "Signed for this site, version {version}.",
                ).fill(version=version),
            )
    yield from _keys(trust, now)
    yield from _bounds(bounds, settings)
    problems = undeliverable(trust, bounds, settings.energy)
    yield from (bad(problem) for problem in problems)
    if not problems:
        yield Answer(
            "trust.json",
            Stands.GOOD,
            Text(
                "許された商品はどれも、予算・ランプ・電池の範囲で供出できます。",
                "Every product that is granted can be delivered within budgets, ramps and battery.",
            ),
        )


def _keys(trust: Trust, now: WallMs) -> Iterator[Answer]:
    """Whether somebody may dispatch now, and for how long."""
    live = [k for k in trust.keys if not k.revoked and k.valid_at(now)]
    dispatching = [k for k in live if any(g.kind in {Kind.SETPOINT, Kind.SCHEDULE} for g in k.may)]
    if not dispatching:
        yield Answer(
            "trust.json",
            Stands.BAD,
            Text(
                "今有効で、出力を指令できる鍵がありません。",
                "No key that may ask for power is valid now.",
            ),
            Text(
                "鍵の有効期間を確かめ、新しい trust.json を入れてください。",
                "Check the keys' validity and apply a new trust.json.",
            ),
        )
    for key in live:
        days = (key.valid_until - now) // DAY_MS
        if days < NEAR_END_DAYS:
            yield Answer(
                "trust.json",
                Stands.NOTED,
                Text(
                    "{issuer} の鍵はあと {days} 日で期限を迎えます。",
                    "The key of {issuer} ends in {days} days.",
                ).fill(issuer=key.issuer, days=days),
                Text(
                    "次の鍵を重ねて登録した trust.json を用意してください。",
                    "Prepare a trust.json in which the next key overlaps.",
                ),
            )


def _bounds(bounds: Bounds, settings: Settings) -> Iterator[Answer]:
    """Bounds wider than the plant are a mistake of the one who wrote them."""
    total = sum(device.rated for device in settings.pcs)
    widest = max(bounds.export_max, bounds.import_max)
    if widest > total:
        yield Answer(
            "bounds.json",
            Stands.NOTED,
            Text(
                "上限 {bound} W が PCS の定格の合計 {total} W を超えています。",
                "A bound of {bound} W is over the rating of all PCS, {total} W.",
            ).fill(bound=f"{widest:_}", total=f"{total:_}"),
            Text("単位(W)を確かめてください。", "Check the unit (W)."),
        )


def device_checks(device: SouthDevice, found: DeviceMap) -> Iterator[Answer]:
    """A device that answered: what it is, and for a PCS its watchdog and rating."""
    yield Answer(
        device.device,
        Stands.GOOD,
        Text("応答しました({source})。", "It answers ({source}).").fill(source=found.source),
    )
    if device.role is SouthRole.PCS:
        yield _watchdog(device, found)
        yield from _rating(device, found)


def droop_check(device: SouthDevice, found: DeviceMap, enabled: Value | None) -> Answer | None:
    """Who follows the frequency, where a PCS could do it itself; None where it cannot.

    Args:
        device: as the site file has it.
        found: as it describes itself.
        enabled: whether its own droop is, as it was read; None: it does not tell.
    """
    if found.droop is None:
        return None
    if enabled == 0:
        told = Text(
            "自身の周波数応動(SunSpec 711)は切られています。一次調整はゲートが行います。",
            "Its own droop (SunSpec 711) is off; primary control is the gate's.",
        )
        return Answer(device.device, Stands.GOOD, told)
    state = Text("有効です", "on") if enabled == 1 else Text("読めません", "not told")
    return Answer(
        device.device,
        Stands.NOTED,
        Text(
            "自身の周波数応動(SunSpec 711)が{state}。ゲートはこれを設定せず、数えません。",
            "Its own droop (SunSpec 711) is {state}; the gate neither sets nor counts it.",
        ).fill(state=state),
        Text(
            "bounds.json に droop があるなら、二重にならないよう PCS の側を切ってください。",
            "Where bounds.json has a droop, turn that of the PCS off: both together do it twice.",
        ),
    )


def _watchdog(device: SouthDevice, found: DeviceMap) -> Answer:
    watchdog = found.watchdog
    if device.no_watchdog is not None:
        return Answer(
            device.device,
            Stands.NOTED,
            Text("ウォッチドッグを使いません: {reason}", "Its watchdog is not used: {reason}").fill(
                reason=device.no_watchdog
            ),
        )
    if watchdog is None:
        return Answer(
            device.device,
            Stands.BAD,
            Text(
                "ウォッチドッグがありません。ゲートが止まっても出力が続きます。",
                "It has no watchdog: its power would outlive a dead gate.",
            ),
            Text(
                'ウォッチドッグのある設定・機種にするか、ほかの止め方を no_watchdog = "理由" に'
                "書いてください。",
                'Enable one, or write what stops it otherwise as no_watchdog = "reason".',
            ),
        )
    seconds = watchdog.fixed_s if watchdog.fixed_s is not None else device.watchdog_s
    if seconds > device.watchdog_s or not watchdog.least_s <= seconds <= watchdog.most_s:
        return Answer(
            device.device,
            Stands.BAD,
            Text(
                "ウォッチドッグを {wanted} 秒にできません(機器は {least} から {most} 秒)。",
                "Its watchdog cannot be {wanted} s (the device: {least} to {most} s).",
            ).fill(
                wanted=device.watchdog_s,
                least=watchdog.fixed_s or watchdog.least_s,
                most=watchdog.fixed_s or watchdog.most_s,
            ),
            Text("watchdog_s を直してください。", "Mend watchdog_s."),
        )
    return Answer(
        device.device,
        Stands.GOOD,
        Text("ウォッチドッグは {seconds} 秒です。", "Its watchdog is {seconds} s.").fill(
            seconds=seconds
        ),
    )


def _rating(device: SouthDevice, found: DeviceMap) -> Iterator[Answer]:
    told = found.rated
    if told is not None and abs(told - device.rated) > _PERCENT_OFF * device.rated:
        yield Answer(
            device.device,
            Stands.BAD,
            Text(
                "定格が合いません: サイトファイル {stated} W、機器 {told} W。",
                "Its rating is {told} W; the site file says {stated} W.",
            ).fill(stated=f"{device.rated:_}", told=f"{told:_}"),
            Text("rated_kw か接続先を直してください。", "Mend rated_kw, or where it connects."),
        )


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
