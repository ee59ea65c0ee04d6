"""Commands, keys, trust and bounds for tests: valid ones, and strategies that make every valid one."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from sekisho.codec.bounds import Bounds, Droop, Lives
from sekisho.codec.command import (
    HALF_HOUR_MS,
    MOST_SEQUENCE,
    MOST_WATTS,
    Curtail,
    Envelope,
    Product,
    Release,
    Schedule,
    Setpoint,
    Stop,
)
from sekisho.codec.decision import Decision, Limit, Outcome, Reason
from sekisho.codec.jws import Signer
from sekisho.codec.north import (
    Ack,
    CheckpointMessage,
    DecisionMessage,
    SessionMessage,
    State,
    Telemetry,
)
from sekisho.codec.thumbprint import thumbprint
from sekisho.codec.trust import Budget, Trust, TrustedKey
from sekisho.codec.trust_document import GRANTS
from sekisho.terms.ids import CommandId, IssuerId, SessionId, SiteId
from sekisho.terms.quantity import Celsius, Hertz, Share, WallMs, WattHours, Watts

NOW = WallMs(1_800_000_000_000)
SITE = SiteId("kushiro-1")
SESSION = SessionId("0123456789abcdef0123456789abcdef")
AGGREGATOR = Signer(b"aggregator of the tests: a seed.")
AUTHORITY = Signer(b"authority of the tests: one seed")


def envelope(**changes):
    made = Envelope(
        id=CommandId("c-1"),
        site=SITE,
        session=SESSION,
        issuer=IssuerId("agg"),
        issued_at=NOW,
        not_before=NOW,
        expires_at=WallMs(NOW + 600_000),
        sequence=1,
    )
    return replace(made, **changes)


def setpoint(power=1_000_000, product=Product.FCR, **changes):
    return Setpoint(envelope=envelope(**changes), power=Watts(power), product=product)


def budget(**changes):
    made = Budget(
        change_per_minute=Watts(10_000_000),
        change_per_hour=Watts(100_000_000),
        reversals_per_hour=10,
        energy_per_day=WattHours(400_000_000),
    )
    return replace(made, **changes)


def trusted_key(signer=AGGREGATOR, **changes):
    made = TrustedKey(
        kid=signer.kid,
        issuer=IssuerId("agg"),
        public=signer.public,
        may=frozenset(GRANTS.values()),
        power_max=None,
        budget=budget(),
        valid_from=WallMs(NOW - 86_400_000),
        valid_until=WallMs(NOW + 86_400_000),
        revoked=False,
        start_delay_max_s=120,
    )
    return replace(made, **changes)


def trust(**changes):
    made = Trust(site=SITE, version=1, issued_at=NOW, keys=(trusted_key(),), all_keys=budget())
    return replace(made, **changes)


def bounds(**changes):
    made = Bounds(
        site=SITE,
        version=1,
        issued_at=NOW,
        export_max=Watts(50_000_000),
        import_max=Watts(50_000_000),
        connection_export_max=Watts(50_000_000),
        connection_import_max=Watts(52_000_000),
        soc_min=Share(0.05),
        soc_max=Share(0.95),
        soc_reserve=Share(0.02),
        temperature_min=Celsius(0.0),
        temperature_max=Celsius(45.0),
        ramp_dispatch=5_000_000,
        ramp_max=10_000_000,
        reversals_per_hour=20,
        frequency_nominal=Hertz(50.0),
        frequency_min=Hertz(45.0),
        frequency_max=Hertz(55.0),
        frequency_disturbed=Hertz(0.1),
        droop=Droop(
            deadband=Hertz(0.02),
            slope=Watts(10_000_000),
            power_max=Watts(10_000_000),
            reserve_minutes=5,
        ),
        life=Lives(),
    )
    return replace(made, **changes)


_IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True)
_TIMES = st.integers(1_577_836_800_000, 7_258_118_300_000).map(WallMs)
_WATTS = st.integers(-MOST_WATTS, MOST_WATTS).map(Watts)
_LIMITS = st.integers(0, MOST_WATTS).map(Watts)
_PRODUCTS = st.sampled_from(Product)


@st.composite
def envelopes(draw):
    not_before = draw(_TIMES)
    expires_at = WallMs(not_before + draw(st.integers(1, 100_000)))
    return Envelope(
        id=CommandId(draw(_IDS)),
        site=SiteId(draw(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", fullmatch=True))),
        session=SessionId(draw(st.from_regex(r"[0-9a-f]{32}", fullmatch=True))),
        issuer=IssuerId(draw(_IDS)),
        issued_at=WallMs(draw(st.integers(1_577_836_800_000, expires_at))),
        not_before=not_before,
        expires_at=expires_at,
        sequence=draw(st.integers(1, MOST_SEQUENCE)),
    )


def commands():
    """Every command that can be."""
    starts = st.integers(876_576, 4_032_000).map(lambda n: WallMs(n * HALF_HOUR_MS))
    powers = st.lists(_WATTS, min_size=1, max_size=96).map(tuple)
    head = envelopes()
    return st.one_of(
        st.builds(Setpoint, envelope=head, power=_WATTS, product=_PRODUCTS),
        st.builds(Schedule, envelope=head, start=starts, powers=powers, product=_PRODUCTS),
        st.builds(Curtail, envelope=head, export_max=_LIMITS, import_max=_LIMITS),
        st.builds(Stop, envelope=head),
        st.builds(Release, envelope=head),
    )


_BUDGETS = st.builds(
    Budget,
    change_per_minute=_LIMITS,
    change_per_hour=_LIMITS,
    reversals_per_hour=st.integers(0, 3600),
    energy_per_day=st.integers(0, 10**12).map(WattHours),
)


_GRANTS = st.sets(st.sampled_from([*GRANTS.values()]), min_size=1).map(frozenset)


@st.composite
def _trusted_keys(draw):
    public = draw(st.binary(min_size=32, max_size=32))
    valid_from = draw(_TIMES)
    return TrustedKey(
        kid=thumbprint(public),
        issuer=IssuerId(draw(_IDS)),
        public=public,
        may=draw(_GRANTS),
        power_max=draw(st.none() | _LIMITS),
        budget=draw(_BUDGETS),
        valid_from=valid_from,
        valid_until=WallMs(valid_from + draw(st.integers(1, 90_000))),
        revoked=draw(st.booleans()),
        start_delay_max_s=draw(st.integers(1, 3600)),
    )


def trusts():
    """Trust with up to five keys, each of another issuer."""
    keys = st.lists(
        _trusted_keys(), max_size=5, unique_by=(lambda k: k.kid, lambda k: k.issuer)
    ).map(tuple)
    return st.builds(
        Trust,
        site=st.just(SITE),
        version=st.integers(1, 2**31 - 1),
        issued_at=_TIMES,
        keys=keys,
        all_keys=_BUDGETS,
    )


@st.composite
def every_bounds(draw):
    """Bounds with every number anywhere in its range."""

    def whole(least, most):
        return draw(st.integers(least, most))

    export_max, import_max = whole(0, MOST_WATTS), whole(0, MOST_WATTS)
    soc_min = whole(0, 999)
    soc_max = whole(soc_min + 1, 1000)
    cold = whole(-600, 1199)
    ramp = whole(1, MOST_WATTS)
    nominal = draw(st.sampled_from((50_000, 60_000)))
    droop = Droop(
        deadband=Hertz(whole(0, 1000) / 1000),
        slope=Watts(whole(1, MOST_WATTS)),
        power_max=Watts(whole(0, min(export_max, import_max))),
        reserve_minutes=whole(0, 1440),
    )
    return Bounds(
        site=SITE,
        version=whole(1, 2**31 - 1),
        issued_at=draw(_TIMES),
        export_max=Watts(export_max),
        import_max=Watts(import_max),
        connection_export_max=Watts(whole(0, MOST_WATTS)),
        connection_import_max=Watts(whole(0, MOST_WATTS)),
        soc_min=Share(soc_min / 1000),
        soc_max=Share(soc_max / 1000),
        soc_reserve=Share(whole(0, (soc_max - soc_min - 1) // 2) / 1000),
        temperature_min=Celsius(cold / 10),
        temperature_max=Celsius(whole(cold + 1, 1200) / 10),
        ramp_dispatch=ramp,
        ramp_max=whole(ramp, MOST_WATTS),
        reversals_per_hour=whole(0, 3600),
        frequency_nominal=Hertz(nominal / 1000),
        frequency_min=Hertz(whole(1, nominal - 1) / 1000),
        frequency_max=Hertz(whole(nominal + 1, 100_000) / 1000),
        frequency_disturbed=Hertz(whole(1, 5_000) / 1000),
        droop=draw(st.none() | st.just(droop)),
        life=Lives(
            setpoint=whole(1, 1800),
            schedule=whole(1, 172_800),
            curtail=whole(1, 172_800),
            stop=whole(1, 1800),
            release=whole(1, 1800),
        ),
    )


_HEX64 = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
_SESSIONS = st.from_regex(r"[0-9a-f]{32}", fullmatch=True).map(SessionId)
_NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=20)
_NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1)


def sessions():
    """Every session message."""
    return st.builds(
        SessionMessage,
        site=st.just(SITE),
        session=_SESSIONS,
        at=_TIMES,
        trust_version=st.integers(1, 2**31 - 1),
        bounds_version=st.integers(1, 2**31 - 1),
    )


def decisions():
    """Every answer."""
    limits = st.lists(st.builds(Limit, bound=_NAMES, value=_NUMBERS, where=_NAMES), max_size=3).map(
        tuple
    )
    decision = st.builds(
        Decision,
        outcome=st.sampled_from(Outcome),
        command=st.none() | _IDS.map(CommandId),
        kid=st.just(AGGREGATOR.kid) | st.none(),
        reason=st.none() | st.sampled_from(Reason),
        limits=limits,
        power=st.none() | _WATTS,
        detail=st.text(max_size=40),
    )
    return st.builds(
        DecisionMessage,
        site=st.just(SITE),
        at=_TIMES,
        decision=decision,
        digest=_HEX64,
        journal=st.integers(0, 2**53 - 1),
    )


def telemetries():
    """Every telemetry message."""
    points = st.dictionaries(_NAMES, _NUMBERS, max_size=4)
    return st.builds(
        Telemetry,
        site=st.just(SITE),
        session=_SESSIONS,
        sequence=st.integers(1, MOST_SEQUENCE),
        at=_TIMES,
        live=st.booleans(),
        gap=st.integers(0, MOST_SEQUENCE),
        power=st.none() | _WATTS,
        setpoint=st.none() | _WATTS,
        frequency=st.none() | st.integers(0, 100_000).map(lambda n: Hertz(n / 1000)),
        soc=st.none() | st.integers(0, 1000).map(lambda n: Share(n / 1000)),
        devices=st.dictionaries(_NAMES, points, max_size=4),
    )


def states():
    """Every state."""
    words = st.lists(_NAMES, max_size=3).map(tuple)
    return st.builds(
        State,
        site=st.just(SITE),
        online=st.booleans(),
        at=st.none() | _TIMES,
        time_sure=st.booleans(),
        commissioned=st.booleans(),
        latches=words,
        alarms=words,
        failures=words,
    )


def checkpoints():
    """Every checkpoint."""
    return st.builds(
        CheckpointMessage,
        site=st.just(SITE),
        at=_TIMES,
        entries=st.integers(0, 2**53 - 1),
        head=_HEX64,
    )


def acks():
    """Every acknowledgement."""
    return st.builds(
        Ack, site=st.just(SITE), session=_SESSIONS, sequence=st.integers(1, MOST_SEQUENCE)
    )
