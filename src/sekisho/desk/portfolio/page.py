"""A portfolio as JSON and as a document: what breaks first, and who makes how much of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from sekisho.desk.document import VerdictWord
from sekisho.present.document import Banner, Block, Cell, Document, Heading, Paragraph, Table
from sekisho.present.verdicts import verdict_cell
from sekisho.site.model import Role
from sekisho.site.words import ROLE_TEXTS
from sekisho.terms.texts import Text
from sekisho.terms.verdict import Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sekisho.desk.portfolio.shares import Share
    from sekisho.desk.portfolio.survey import Cause, Changes, SiteLine
    from sekisho.desk.result import RegisterFacts
    from sekisho.terms.texts import Lang


class CauseDoc(TypedDict):
    """The first day on which a counted rule turns bad, and by which device."""

    day: str
    rule: str
    device: str | None


class ChangeDoc(TypedDict):
    """From this day on, the site's verdict."""

    day: str
    verdict: VerdictWord


class RuleChangesDoc(TypedDict):
    """One rule, whether it counts, and its verdict from each day on."""

    rule: str
    counts: bool
    changes: list[ChangeDoc]


class SiteLineDoc(TypedDict):
    """One site; `changes` begins with the first day of the window."""

    site: str
    name: str
    rated_kw: float
    verdict: VerdictWord
    changes: list[ChangeDoc]
    first_break: CauseDoc | None
    first_doubt: CauseDoc | None
    rules: list[RuleChangesDoc]


class ShareDoc(TypedDict):
    """How much of one role one maker holds."""

    role: str
    maker: str
    devices: int
    of_devices: int
    sites: int
    rated_kw: float


class PortfolioDoc(TypedDict):
    """Many sites, those that break first at the top."""

    first: str
    known_at: str
    list_date: str
    list_stale: bool
    list_complete: bool
    verdict: VerdictWord
    sites: list[SiteLineDoc]
    makers: list[ShareDoc]


def in_order(lines: Sequence[SiteLine]) -> list[SiteLine]:
    """What is broken, or breaks first, at the top; then what becomes doubtful first; then the rest by id."""
    far = "9999-12-31"

    def key(line: SiteLine) -> tuple[str, str, str, str]:
        broken = line.first_break.day.isoformat() if line.first_break else far
        doubt = line.first_doubt.day.isoformat() if line.first_doubt else far
        return ("" if line.verdict is Verdict.BROKEN else broken, broken, doubt, line.site)

    return sorted(lines, key=key)


def portfolio_json(
    lines: Sequence[SiteLine],
    makers: Sequence[Share],
    facts: RegisterFacts,
    first: date,
    known_at: date,
) -> PortfolioDoc:
    """The portfolio in its published form."""
    return {
        "first": first.isoformat(),
        "known_at": known_at.isoformat(),
        "list_date": facts.list_date.isoformat(),
        "list_stale": facts.stale,
        "list_complete": facts.complete,
        "verdict": worst(line.verdict for line in lines).value,
        "sites": [_line(line) for line in in_order(lines)],
        "makers": [
            {
                "role": s.role.value,
                "maker": s.maker,
                "devices": s.devices,
                "of_devices": s.of_devices,
                "sites": s.sites,
                "rated_kw": s.kw,
            }
            for s in makers
        ],
    }


_TITLE = Text("ポートフォリオ", "Portfolio")
_SUBTITLE = Text(
    "{count} サイト、基準日 {day}、リスト {date} 時点", "{count} sites on {day}, list of {date}"
)
_BANNER = Text(
    "不充足 {broken}、判定不能 {undetermined}、充足 {met}、対象外 {none}",
    "broken {broken}, undetermined {undetermined}, met {met}, not applicable {none}",
)
_ORDER = Text(
    "判定は assess と同じく各規則の適用の日のものです。先に不充足になるサイトから並べています。"
    "日付は、その日に書類を確認した場合に最初に満たさなくなる日です(延長がない場合)。",
    "The verdict is that of assess, on each rule's own date. Sites that break first stand first; the "
    "days say when the papers would fail if they were looked at then, and no label is extended.",
)
_SITES = Text("サイト", "Sites")
_MORE = Text(
    "ほか {count} サイト(全件は --format json または --out で)。",
    "{count} more sites (all with --format json or --out).",
)
_HEADER = (
    Text("サイト", "Site"),
    Text("定格 kW", "Rated kW"),
    Text("判定", "Verdict"),
    Text("最初の不充足", "First broken"),
    Text("原因", "Cause"),
    Text("最初の判定不能", "First undetermined"),
)
_MAKERS = Text("メーカーの集中", "Concentration of makers")
_MAKERS_WHY = Text(
    "同じ役割の機器のうち、一つのメーカーが占める割合です。ラベルの失効や脆弱性が一度に及ぶ"
    "範囲を示します。",
    "Each maker's share of the devices of one role: how far one expiry or one vulnerability would "
    "reach at once.",
)
_MAKER_HEADER = (
    Text("役割", "Role"),
    Text("メーカー", "Maker"),
    Text("割合", "Share"),
    Text("機器", "Devices"),
    Text("サイト", "Sites"),
    Text("定格 kW 合計", "Rated kW in all"),
)
_MAKERS_SHOWN = 5
"""Makers of each role that a screen shows."""
_SHOWN = 40
"""Sites that a screen shows; JSON and files hold all."""


def portfolio_document(
    lines: Sequence[SiteLine],
    makers: Sequence[Share],
    facts: RegisterFacts,
    first: date,
    lang: Lang,
    *,
    whole: bool,
) -> Document:
    """The portfolio as a document; `whole` shows every site."""
    verdicts = [line.verdict for line in lines]
    counts = {v: verdicts.count(v) for v in Verdict}
    said = _BANNER.fill(
        broken=counts[Verdict.BROKEN],
        undetermined=counts[Verdict.UNDETERMINED],
        met=counts[Verdict.MET],
        none=counts[Verdict.NOT_APPLICABLE],
    )
    ordered = in_order(lines)
    shown = ordered if whole else ordered[:_SHOWN]
    blocks: list[Block] = [
        Banner(worst(verdicts), said.says(lang), _ORDER.says(lang)),
        Heading(1, _SITES.says(lang)),
        Table(
            tuple(h.says(lang) for h in _HEADER),
            tuple(_row(line, lang) for line in shown),
            (4, 2, 3, 3, 4, 3),
        ),
    ]
    if len(shown) < len(ordered):
        blocks.append(Paragraph(_MORE.fill(count=len(ordered) - len(shown)).says(lang)))
    kept = _largest(makers, None if whole else _MAKERS_SHOWN)
    blocks += [
        Heading(1, _MAKERS.says(lang)),
        Paragraph(_MAKERS_WHY.says(lang)),
        Table(
            tuple(h.says(lang) for h in _MAKER_HEADER),
            tuple(_share(s, lang) for s in kept),
            (3, 4, 2, 2, 2, 3),
        ),
    ]
    subtitle = _SUBTITLE.fill(count=len(lines), day=first, date=facts.list_date)
    return Document(
        title=_TITLE.says(lang),
        subtitle=subtitle.says(lang),
        lang=lang.value,
        footer=subtitle.says(lang),
        blocks=tuple(blocks),
    )


def _largest(makers: Sequence[Share], most: int | None) -> list[Share]:
    """The largest shares of each role; cells are nobody's concern here."""
    kept: dict[Role, list[Share]] = {}
    for share in makers:
        if share.role is not Role.CELL_PACK:
            kept.setdefault(share.role, []).append(share)
    return [share for shares in kept.values() for share in shares[:most]]


def _row(line: SiteLine, lang: Lang) -> tuple[Cell, ...]:
    return (
        Cell(f"{line.name} ({line.site})"),
        Cell(f"{line.kw:,.0f}"),
        verdict_cell(line.verdict, lang),
        Cell(line.first_break.day.isoformat() if line.first_break else "—"),
        Cell(_cause(line.first_break or line.first_doubt)),
        Cell(line.first_doubt.day.isoformat() if line.first_doubt else "—"),
    )


def _cause(cause: Cause | None) -> str:
    return f"{cause.rule.upper()} {cause.device or ''}".strip() if cause else "—"


def _share(share: Share, lang: Lang) -> tuple[Cell, ...]:
    return (
        Cell(ROLE_TEXTS[share.role].says(lang)),
        Cell(share.maker),
        Cell(f"{share.devices / share.of_devices:.0%}"),
        Cell(f"{share.devices} / {share.of_devices}"),
        Cell(str(share.sites)),
        Cell(f"{share.kw:,.0f}"),
    )


def _line(line: SiteLine) -> SiteLineDoc:
    return {
        "site": line.site,
        "name": line.name,
        "rated_kw": line.kw,
        "verdict": line.verdict.value,
        "changes": _changes(line.changes),
        "first_break": _cause_doc(line.first_break),
        "first_doubt": _cause_doc(line.first_doubt),
        "rules": [
            {"rule": r.rule, "counts": r.counts, "changes": _changes(r.changes)} for r in line.rules
        ],
    }


def _changes(changes: Changes) -> list[ChangeDoc]:
    return [{"day": day.isoformat(), "verdict": verdict.value} for day, verdict in changes]


def _cause_doc(cause: Cause | None) -> CauseDoc | None:
    if cause is None:
        return None
    return {"day": cause.day.isoformat(), "rule": cause.rule, "device": cause.device}
