"""`sekisho judge`: sixteen verdicts from an evidence bundle and the papers beside it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.judging import (
    AttestationOption,
    BundleArgument,
    DeviceOption,
    DocumentOption,
    JudgedAsOfOption,
    SignerOption,
    SiteOption,
)
from sekisho.shell.cli.options import Format, FormatOption, LangOption, OutOption, language

if TYPE_CHECKING:
    from sekisho.present.document import Document
    from sekisho.shell.cli.judging import Judged
    from sekisho.terms.texts import Lang


class View(StrEnum):
    """In which order the verdicts are shown."""

    CRITERIA = "criteria"
    EN_303_645 = "en-303-645"
    PSTI = "psti"


def judge(
    bundle: BundleArgument,
    *,
    attestation: AttestationOption = None,
    document: DocumentOption = None,
    signer: SignerOption = None,
    as_of: JudgedAsOfOption = None,
    site: SiteOption = None,
    device: DeviceOption = None,
    view: Annotated[
        View, typer.Option("--view", help="By criterion, or by provisions held equal.")
    ] = View.CRITERIA,
    output: FormatOption = Format.TEXT,
    out: OutOption = None,
    lang: LangOption = None,
) -> None:
    """Judge a device's evidence against the sixteen ★1 criteria, item by item.

    Exit code: 0 all met or not applicable, 1 broken or contradicted, 2 usage or input, 3 undetermined.
    """
    from sekisho.proof.document import as_json
    from sekisho.shell.cli.judging import judged
    from sekisho.shell.cli.showing import show

    found = judged(
        bundle,
        attestations=attestation or [],
        documents=document or [],
        signers=signer or [],
        as_of=as_of,
        site=site,
        device=device,
    )
    spoken = language(lang)
    show(
        lambda: _page(found, view, spoken, whole=out is not None),
        lambda: as_json(found.judgement, found.signature, found.declared, spoken),
        json_wanted=output is Format.JSON,
        out=out,
        day=found.day,
    )
    raise typer.Exit(found.code)


def _page(found: Judged, view: View, lang: Lang, *, whole: bool) -> Document:
    from sekisho.proof.report import checklist_page, mapping_page, summary_page
    from sekisho.proof.statement import Standard

    match view:
        case View.CRITERIA:
            page = checklist_page if whole else summary_page
            return page(found.judgement, found.signature, found.declared, lang)
        case View.EN_303_645 | View.PSTI:
            return mapping_page(found.judgement, found.signature, Standard(view.value), lang)
