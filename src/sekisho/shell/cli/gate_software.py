"""`sekisho gate sbom` and `gate vulnerabilities`: what is installed, and what is known against it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.options import Format, FormatOption, LangOption, OutOption, language
from sekisho.shell.extras import BILLS
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component

    from sekisho.gate.vulnerabilities import Copy, Doubt, Findings, Hit, Package
    from sekisho.present.document import Block
    from sekisho.terms.texts import Lang

OsvOption = Annotated[
    Path,
    typer.Option("--osv", metavar="PATH", help="Copy of OSV for PyPI: all.zip, or its folder."),
]
BillOption = Annotated[
    Path | None,
    typer.Option(
        "--sbom",
        metavar="FILE",
        help="Ask about this bill of materials (default: what is installed here).",
        show_default=False,
    ),
]
VexOption = Annotated[
    Path | None,
    typer.Option(
        "--vex", metavar="FILE", help="The maker's statements (CycloneDX).", show_default=False
    ),
]
WriteVexOption = Annotated[
    Path | None,
    typer.Option(
        "--write-vex",
        metavar="FILE",
        help="Write the answer as CycloneDX VEX.",
        show_default=False,
    ),
]
MostAgeOption = Annotated[
    int,
    typer.Option(
        "--most-age", min=1, max=90, help="Days after which the copy is too old to say none."
    ),
]
_TITLE = Text("既知の脆弱性", "Known vulnerabilities")
_KNOWN = Text("既知の脆弱性が {n} 件あります。", "Known vulnerabilities: {n}.")
_NONE = Text("既知のものはありません。", "None known.")
_SETTLED = Text("{n} 件は表明(VEX)で説明されています。", "{n} are settled by statements (VEX).")
_UNDETERMINED = Text("「既知なし」とは言えません。", '"None known" cannot be said.')
_COPY = Text(
    "写し: 勧告 {n} 件、最新の変更 {newest}({age} 日前)、SHA-256 {sha256}",
    "Copy: {n} advisories, newest change {newest} ({age} days ago), SHA-256 {sha256}",
)
_EMPTY_COPY = Text("写し: PyPI の勧告がありません。", "Copy: no advisory of PyPI.")
_ASKED = Text(
    "Python の部品 {n} 個を照合しました。PyPI の勧告が扱わないもの: {others}",
    "{n} Python packages were compared. Advisories of PyPI do not speak of: {others}",
)
_HEADER = (
    Text("勧告", "Advisory"),
    Text("部品", "Package"),
    Text("直った版", "Fixed in"),
    Text("表明(VEX)", "Statement (VEX)"),
)
_UNREAD = Text("読めない勧告: {name}", "could not be read: {name}")
_UNSURE = Text(
    "{id}: {package} の版を比べられません", "{id}: the version of {package} cannot be compared"
)


def _doubts() -> dict[Doubt, Text]:
    from sekisho.gate.vulnerabilities import LEAST_ADVISORIES, Doubt

    return {
        Doubt.EMPTY: Text("写しが空です。", "The copy is empty."),
        Doubt.SMALL: Text(
            "写しの勧告が {n} 件未満で、全体ではありません。",
            "The copy has fewer than {n} advisories: it is not the whole.",
        ).fill(n=LEAST_ADVISORIES),
        Doubt.STALE: Text(
            "写しが古すぎます。新しいものを取得してください。",
            "The copy is too old; fetch it again.",
        ),
        Doubt.FUTURE: Text(
            "写しに未来の日付があります。時計か写しが誤っています。",
            "The copy holds a day to come: clock or copy is wrong.",
        ),
        Doubt.UNREAD: Text("読めない勧告があります。", "Some advisories could not be read."),
        Doubt.UNSURE: Text("比べられない版があります。", "Some versions could not be compared."),
        Doubt.NOTHING_ASKED: Text(
            "照合する部品がありません。", "There is no package to ask about."
        ),
    }


def sbom(*, out: OutOption = None) -> None:
    """Print the bill of materials of what is really installed here (CycloneDX 1.6, JSON)."""
    from sekisho.shell.cli.showing import tell_written
    from sekisho.shell.writing import write_whole

    bom, write = _bill()
    text = write(bom)
    if out is None:
        sys.stdout.write(text)
        return
    write_whole(out, text.encode())
    tell_written(out)


def vulnerabilities(
    *,
    osv: OsvOption,
    sbom: BillOption = None,
    vex: VexOption = None,
    write_vex: WriteVexOption = None,
    most_age: MostAgeOption = 14,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Compare what is installed with a copy of the known vulnerabilities; nothing is fetched.

    Exit code: 0 none known, 1 a known one without a statement, 2 usage or input, 3 it cannot be said.
    """
    from sekisho.gate.vulnerabilities import findings
    from sekisho.gate.vulnerabilities_document import published
    from sekisho.shell.cli.showing import as_text
    from sekisho.shell.clock import today_in_japan
    from sekisho.shell.surface.osv_copy import read_copy

    bom, write = _bill()
    from sekisho.shell.surface.bills import packages_of, read_bill, statements_of, vex_of

    if sbom is not None:
        bom = read_bill(sbom)
    packages = packages_of(bom)
    names = {p.name for p in packages}
    read = read_copy(osv, names.__contains__)
    statements = () if vex is None else statements_of(read_bill(vex))
    found = findings(packages, read.advisories, read.copy, statements, today_in_japan(), most_age)
    others = _others(bom)
    if write_vex is not None:
        from sekisho.shell.clock import now
        from sekisho.shell.writing import write_whole

        write_whole(write_vex, write(vex_of(found, bom, now())).encode())
    if output is Format.JSON:
        sys.stdout.write(as_text(published(found, read.copy, len(packages), others)))
    else:
        _show(found, read.copy, packages, others, language(lang))
    raise typer.Exit(found.code)


def _bill() -> tuple[Bom, Callable[[Bom], str]]:
    """The bill of this environment, and what writes one.

    Raises:
        WorldError: the extra `proof` is missing.
    """
    try:
        from sekisho.shell.clock import now
        from sekisho.shell.surface.installed import installed
        from sekisho.shell.surface.sbom import bill_of, written
    except ImportError as error:
        raise BILLS.absent(error) from error
    return bill_of(installed(), now()), written


def _others(bom: Bom) -> tuple[str, ...]:
    """Parts of a bill that are no Python packages: the interpreter, and what it and wheels carry."""

    def within(components: Iterable[Component]) -> Iterator[str]:
        for component in components:
            if component.purl is not None and component.purl.type != "pypi":
                yield f"{component.name} {component.version}"
            yield from within(component.components)

    return tuple(sorted(set(within(bom.components))))


def _show(
    found: Findings, copy: Copy, packages: tuple[Package, ...], others: tuple[str, ...], lang: Lang
) -> None:
    from sekisho.present.document import Document
    from sekisho.shell.cli.showing import on_terminal

    document = Document(
        title=_TITLE.says(lang),
        subtitle="",
        lang=lang.value,
        footer=_ASKED.fill(n=len(packages), others=", ".join(others) or "—").says(lang),
        blocks=tuple(_blocks(found, copy, lang)),
    )
    sys.stdout.write(on_terminal([document]))


def _blocks(found: Findings, copy: Copy, lang: Lang) -> Iterator[Block]:
    from sekisho.present.document import Banner, Bullets, Cell, Paragraph, Table
    from sekisho.terms.verdict import Verdict

    settled = len(found.hits) - len(found.open)
    detail = _SETTLED.fill(n=settled).says(lang) if settled else ""
    if found.open:
        yield Banner(Verdict.BROKEN, _KNOWN.fill(n=len(found.open)).says(lang), detail)
    elif found.doubts:
        yield Banner(Verdict.UNDETERMINED, _UNDETERMINED.says(lang), detail)
    else:
        yield Banner(Verdict.MET, _NONE.says(lang), detail)
    about = _EMPTY_COPY
    if copy.newest is not None:
        about = _COPY.fill(
            n=copy.advisories, newest=copy.newest, age=found.age_days, sha256=copy.sha256
        )
    yield Paragraph(about.says(lang))
    texts = _doubts()
    points = [texts[doubt] for doubt in found.doubts]
    points += [_UNREAD.fill(name=name) for name in copy.unread[:20]]
    points += [_UNSURE.fill(id=u.advisory.id, package=u.package.purl) for u in found.unsure[:20]]
    if points:
        yield Bullets(tuple(point.says(lang) for point in points))
    if found.hits:
        rows = tuple(tuple(Cell(text) for text in _row(hit)) for hit in found.hits)
        yield Table(header=tuple(h.says(lang) for h in _HEADER), rows=rows, widths=(4, 3, 2, 3))


def _row(hit: Hit) -> tuple[str, ...]:
    said = hit.statement
    return (
        f"{hit.advisory.id}\n{hit.advisory.summary}",
        f"{hit.package.name} {hit.package.version}",
        ", ".join(hit.fixed) or "—",
        "—" if said is None else f"{said.stands}: {said.reason}",
    )
