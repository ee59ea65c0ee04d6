"""Answers built by hand, with every kind of match. All makers, products and labels are made up."""

from dataclasses import replace
from datetime import date
from typing import Any

from sekisho.desk.result import (
    DeviceFinding,
    MilestoneFinding,
    RegisterFacts,
    RuleFinding,
    SiteResult,
    TriggerDate,
)
from sekisho.register.model import (
    Accepted,
    Candidates,
    Conflict,
    Gone,
    How,
    Label,
    LabelStatus,
    Match,
    Unlisted,
    Unnamed,
    Vanished,
)
from sekisho.rulebook.statement import (
    Applies,
    Force,
    Kind,
    Statement,
    Status,
    StatusStep,
    Trigger,
)
from sekisho.site.model import (
    Area,
    Device,
    External,
    ExternalKind,
    Identity,
    Link,
    Medium,
    Milestone,
    Owner,
    Resource,
    Role,
    Route,
    Site,
    Voltage,
    Work,
    WorksClass,
)
from sekisho.terms.certainty import Certainty
from sekisho.terms.citation import Citation
from sekisho.terms.ids import DeviceId, ExternalId, RuleId, SiteId
from sekisho.terms.quantity import KilowattHours, Kilowatts
from sekisho.terms.texts import Text
from sekisho.terms.verdict import Verdict, worst

LABEL = Label(
    key="900001",
    number="900001",
    makers=("北斗ゲート", "Hokuto Gate"),
    products=("見本ゲートウェイ", "Sample Gateway"),
    models=("HG-100", "HG-200"),
    versions=("1.0",),
    level=1,
    status=LabelStatus.VALID,
    status_raw="有効",
    issued=date(2026, 4, 3),
    expires=date(2028, 4, 2),
    covers_series=False,
)
OTHER = replace(
    LABEL,
    key="900002",
    number=None,
    products=("見本箱",),
    models=(),
    expires=None,
    issued=None,
    level=None,
    status=LabelStatus.UNKNOWN,
    status_raw="",
)

MATCHES: tuple[Match, ...] = (
    Accepted(
        labels=(LABEL,),
        how=How.NUMBER_AND_MODEL,
        caveats=(Text("版は書かれていません。", "No version is stated."),),
    ),
    Conflict(label=LABEL, field=Text("型番", "model"), stated="HG-300", listed="HG-100、HG-200"),
    Candidates(labels=(LABEL, OTHER), why=Text("製品名が似ています。", "The names are similar.")),
    Gone(vanished=Vanished(label=LABEL, last_seen=date(2026, 4, 3))),
    Unlisted(),
    Unnamed(),
)

_ROLES = (Role.GATEWAY, Role.PCS, Role.BMS, Role.LOCAL_EMS, Role.UPPER_EMS, Role.METER)


def devices(name: str = "見本機") -> tuple[Device, ...]:
    return tuple(
        Device(
            id=DeviceId(f"dev-{n}"),
            role=role,
            identity=Identity(maker="北斗ゲート", product=name, model=f"HG-{n}00"),
            speaks_ip=n != 5,
            jet="JET-1" if n == 2 else None,
        )
        for n, role in enumerate(_ROLES)
    )


def site(name: str = "見本蓄電所") -> Site:
    return Site(
        id=SiteId("sample-1"),
        name=name,
        area=Area.HOKKAIDO,
        resource=Resource.BATTERY,
        voltage=Voltage.EXTRA_HIGH,
        rated_kw=Kilowatts(50_000),
        rated_kwh=KilowattHours(200_000),
        owner=Owner.PRIVATE,
        work=Work.NEW,
        works_class=WorksClass.BUSINESS,
        self_consumption=False,
        dates={
            Milestone.CONTRACT_APPLICATION: date(2027, 5, 10),
            Milestone.COMMISSIONING: date(2028, 10, 1),
        },
        joins=frozenset(),
        attestations={},
        externals=(External(id=ExternalId("agg"), kind=ExternalKind.AGGREGATOR),),
        devices=devices(),
        links=(
            Link(between=("dev-0", "agg"), medium=Medium.IP, route=Route.INTERNET),
            Link(between=("dev-0", "dev-1"), medium=Medium.SERIAL),
        ),
    )


def statement(row: str, kind: Kind = Kind.LABEL, force: Force = Force.MANDATORY) -> Statement:
    anyone: frozenset[Any] = frozenset()
    return Statement(
        id=RuleId(row.lower()),
        row=row,
        title=Text(f"系統連系の規則 {row}", f"Grid rule {row}"),
        summary=Text("制御機器にラベルを求めます。", "Asks controllers for a label."),
        programme=Text("系統連系技術要件", "Grid code"),
        kind=kind,
        force=force,
        level=1 if kind is Kind.LABEL else 0,
        trigger=Trigger.CONTRACT_APPLICATION,
        applies=Applies(
            resource=anyone,
            voltage=anyone,
            work=anyone,
            owner=anyone,
            joins=anyone,
        ),
        needs=(),
        attestation="" if kind is Kind.LABEL else "manager",
        steps=(StatusStep(Status.DECIDED, date(2026, 3, 1), date(2026, 3, 1)),),
        parameters=(),
        sources=(
            Citation(
                title=Text(f"資料 {row}", f"Paper {row}"),
                url=f"https://example.jp/{row.lower()}.pdf",
                page="p.12",
                certainty=Certainty.PRIMARY,
                learned=date(2026, 3, 1),
            ),
            Citation(
                title=Text("後で出た資料", "A later paper"),
                url="https://example.jp/later.pdf",
                page="",
                certainty=Certainty.SECONDARY,
                learned=date(2030, 1, 1),
            ),
        ),
    )


_VERDICTS = (
    Verdict.MET,
    Verdict.UNDETERMINED,
    Verdict.UNDETERMINED,
    Verdict.UNDETERMINED,
    Verdict.BROKEN,
    Verdict.UNDETERMINED,
)


def findings() -> tuple[DeviceFinding, ...]:
    return tuple(
        DeviceFinding(
            device=DeviceId(f"dev-{n}"),
            verdict=verdict,
            label=LABEL if verdict is Verdict.MET else None,
            match=match,
            reason=Text(f"理由その{n}。", f"Reason {n}."),
            remedy=None if verdict is Verdict.MET else Text(f"手当て{n}。", f"Remedy {n}."),
        )
        for n, (match, verdict) in enumerate(zip(MATCHES, _VERDICTS, strict=True))
    )


def rule(row: str, found: tuple[DeviceFinding, ...], **changes: object) -> RuleFinding:
    made = RuleFinding(
        statement=statement(row),
        status=Status.DECIDED,
        trigger=TriggerDate(name="contract_application", date=date(2027, 5, 10), assumed=False),
        verdict=worst(f.verdict for f in found),
        counts=True,
        devices=found,
        assumptions=(Text("月初と仮定しました。", "The first day of the month is assumed."),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # members by their names


def whole(verdict: Verdict) -> DeviceFinding:
    open_ = verdict in {Verdict.BROKEN, Verdict.UNDETERMINED}
    return DeviceFinding(
        device=None,
        verdict=verdict,
        label=None,
        match=None,
        reason=Text("サイト全体の理由。", "A reason for the site."),
        remedy=Text("書類を示してください。", "Show the document.") if open_ else None,
    )


def answer(name: str = "見本蓄電所") -> SiteResult:
    """An answer with every match, a duty, a rule that is only shown and one out of scope."""
    rules = (
        rule("GC-1", findings()),
        rule("GC-2", (whole(Verdict.NOT_APPLICABLE),)),
        rule("ER-5", (whole(Verdict.BROKEN),), counts=False),
        rule(
            "DU-1",
            (whole(Verdict.UNDETERMINED),),
            counts=False,
            statement=statement("DU-1", Kind.DUTY),
        ),
    )
    return SiteResult(
        site=site(name),
        as_of=date(2026, 11, 22),
        known_at=date(2026, 11, 22),
        register=RegisterFacts(
            list_date=date(2026, 6, 1),
            sha256="0" * 64,
            source="見本の抜粋",
            complete=False,
            age_days=174,
            stale=True,
        ),
        verdict=Verdict.BROKEN,
        rules=rules,
        open_duties=1,
        advice=(Text("冗長化を検討してください。", "Consider redundancy."),),
        milestones=(
            MilestoneFinding(
                name=Milestone.COMMISSIONING, date=date(2028, 10, 1), verdict=Verdict.BROKEN
            ),
        ),
    )


def empty() -> SiteResult:
    """An answer with nothing in it."""
    return replace(
        answer(),
        verdict=Verdict.NOT_APPLICABLE,
        rules=(),
        open_duties=0,
        advice=(),
        milestones=(),
        site=replace(site(), devices=(), links=(), externals=(), dates={}),
    )
