"""What `gate check` asks of trust and bounds, the documents that the site's authority signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.command import Kind
from sekisho.gate.checking import DAY_MS, NEAR_END_DAYS, Answer, Stands, bad
from sekisho.gate.deliverable import undeliverable
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.codec.bounds import Bounds
    from sekisho.codec.trust import Trust
    from sekisho.gate.settings import Settings
    from sekisho.gate.state import Durable
    from sekisho.terms.quantity import WallMs


def signed_checks(
    trust: Trust, bounds: Bounds, settings: Settings, durable: Durable | None, now: WallMs
) -> Iterator[Answer]:
    """Trust and bounds, their signatures verified: for this site, not older than seen, valid."""
    trust_seen, bounds_seen = (
        (0, 0) if durable is None else (durable.trust_version, durable.bounds_version)
    )
    yield _in_its_turn("trust.json", trust, settings, trust_seen)
    yield _in_its_turn("bounds.json", bounds, settings, bounds_seen)
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


def _in_its_turn(name: str, document: Trust | Bounds, settings: Settings, seen: int) -> Answer:
    """Whether a document is for this site, and not older than one that was in force."""
    if document.site != settings.site:
        return Answer(
            name,
            Stands.BAD,
            Text("別のサイト({site})のものです。", "It is for another site ({site}).").fill(
                site=document.site
            ),
            Text(
                "このサイトの文書を sekisho trust apply で入れてください。",
                "Apply this site's own with sekisho trust apply.",
            ),
        )
    if document.version < seen:
        return Answer(
            name,
            Stands.BAD,
            Text(
                "版 {version} は、既に使われた版 {seen} より古いものです。",
                "Version {version} is older than {seen}, which was in force already.",
            ).fill(version=document.version, seen=seen),
            Text(
                "新しい版を認証元から受け取ってください。",
                "Get a newer version from the authority.",
            ),
        )
    return Answer(
        name,
        Stands.GOOD,
        Text(
            "署名とサイトが正しく、版は {version} です。",
            "Signed for this site, version {version}.",
        ).fill(version=document.version),
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
