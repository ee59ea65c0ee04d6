"""`sekisho checklist`: the judgement as a workbook, page, PDF, or a pack with evidence and hash list."""

from __future__ import annotations

from pathlib import Path
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
from sekisho.shell.cli.options import LangOption, language
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Lang, Text

if TYPE_CHECKING:
    from sekisho.codec.jws import Signer
    from sekisho.shell.cli.judging import Judged

_ONLY_ZIP = Text("署名できるのは .zip だけです。", "Only a .zip is signed.")
_END_ZIP = Text("--out の名前を .zip で終えてください。", "End the name given with --out in .zip.")


def checklist(
    bundle: BundleArgument,
    *,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help="A .xlsx, .html, .pdf, .txt, .json or .zip."),
    ],
    attestation: AttestationOption = None,
    document: DocumentOption = None,
    signer: SignerOption = None,
    sign: Annotated[
        Path | None,
        typer.Option(
            "--sign", metavar="KEY.pem", help="Private key that signs the .zip.", show_default=False
        ),
    ] = None,
    as_of: JudgedAsOfOption = None,
    site: SiteOption = None,
    device: DeviceOption = None,
    lang: LangOption = None,
) -> None:
    """Write the checklist, or with .zip all of it in both languages with evidence and hash list.

    Exit code as for judge: 0 all met or not applicable, 1 broken, 2 usage or input, 3 undetermined.
    """
    from sekisho.shell.cli.judging import judged
    from sekisho.shell.cli.showing import tell_written
    from sekisho.shell.keys import load_key
    from sekisho.shell.writing import write_whole

    if sign is not None and out.suffix.lower() != ".zip":
        raise InputError(Problem("--sign", _ONLY_ZIP, _END_ZIP))
    key = None if sign is None else load_key(sign)
    found = judged(
        bundle,
        attestations=attestation or [],
        documents=document or [],
        signers=signer or [],
        as_of=as_of,
        site=site,
        device=device,
    )
    write_whole(out, _bytes(found, out, language(lang), key))
    tell_written(out)
    raise typer.Exit(found.code)


def _bytes(found: Judged, out: Path, lang: Lang, key: Signer | None) -> bytes:
    from sekisho.proof.report import checklist_page
    from sekisho.shell.cli.showing import cannot_be_made, rendered

    match out.suffix.lower():
        case ".zip":
            return _pack(found, out, key)
        case ".xlsx":
            return _workbook(found, lang)
        case ".json":
            return _json(found, lang)
        case ".html" | ".pdf" | ".txt":
            page = checklist_page(found.judgement, found.signature, found.declared, lang)
            return rendered(page, out, found.day)
        case suffix:
            kinds = (".xlsx", ".html", ".pdf", ".txt", ".json", ".zip")
            raise cannot_be_made(out, suffix, *kinds)


def _pack(found: Judged, out: Path, key: Signer | None) -> bytes:
    from sekisho.present.escape import filename
    from sekisho.shell.pack_file import pack_bytes

    files: dict[str, bytes] = {}
    for lang in Lang:
        for suffix in (".xlsx", ".html", ".pdf", ".json"):
            name = f"checklist-{lang}{suffix}"
            files[name] = _bytes(found, Path(name), lang, None)
    files["evidence/bundle.sekisho-bundle"] = found.bundle_bytes
    files |= {f"documents/{filename(name)}": data for name, data in found.papers.items()}
    return pack_bytes(files, filename(out.stem), found.day, key)


def _workbook(found: Judged, lang: Lang) -> bytes:
    from sekisho.proof.sheets import checklist_sheets
    from sekisho.shell.rendering import excel_bytes

    sheets = checklist_sheets(found.judgement, found.signature, found.declared, lang)
    return excel_bytes(sheets, found.judgement.target, found.day)


def _json(found: Judged, lang: Lang) -> bytes:
    from sekisho.proof.document import as_json
    from sekisho.shell.cli.showing import as_text

    return as_text(as_json(found.judgement, found.signature, found.declared, lang)).encode()
