"""What `judge` and `checklist` share: options, and the judgement of a bundle with its papers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sekisho.evidence.bundle import Opened, Signature
    from sekisho.evidence.observation import Record
    from sekisho.evidence.observation_words import DocumentKind
    from sekisho.proof.declared import Compared
    from sekisho.proof.evidence import Evidence, Product
    from sekisho.proof.judging import Judgement
    from sekisho.site.model import Device, Site
    from sekisho.terms.quantity import WallMs

GATE_PROFILE = "sekisho-gate"
"""Profile by which the program's own gate is asked."""

BundleArgument = Annotated[Path, typer.Argument(metavar="BUNDLE", help="An evidence bundle.")]
AttestationOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--attestation",
        metavar="FILE.toml",
        help="What documents state, item by item; may be repeated.",
        show_default=False,
    ),
]
DocumentOption = Annotated[
    list[str] | None,
    typer.Option(
        "--document",
        metavar="KIND=FILE",
        help="The file of a document of that kind; may be repeated.",
        show_default=False,
    ),
]
SignerOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--signer",
        metavar="KEY.pem",
        help="Public key whose signature counts; may be repeated.",
        show_default=False,
    ),
]
JudgedAsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="Day of the question (default: today in Japan).",
        show_default=False,
    ),
]
SiteOption = Annotated[
    Path | None,
    typer.Option(
        "--site",
        metavar="SITE",
        help="Hold the evidence against what this site file declares.",
        show_default=False,
    ),
]
DeviceOption = Annotated[
    str | None,
    typer.Option(
        "--device", metavar="ID", help="Which device of the site file it is.", show_default=False
    ),
]

_NOT_PAIR = Text("「{given}」は KIND=FILE の形ではありません。", '"{given}" is not KIND=FILE.')
_KINDS = Text("KIND は次のどれかです: {kinds}。", "KIND is one of: {kinds}.")
_NO_DEVICE = Text(
    "サイトファイルに機器 {given} はありません。", "The site file has no device {given}."
)
_WHICH = Text("--device に次のどれかを指定してください: {ids}。", "Give --device one of: {ids}.")
_WHICH_ONE = Text(
    "どの機器の証拠かが指定されていません。", "Which device the evidence is about is not said."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A judgement with all that it was made of."""

    judgement: Judgement
    signature: Signature
    declared: tuple[Compared, ...]
    bundle_bytes: bytes
    papers: Mapping[str, bytes]
    day: date

    @property
    def code(self) -> int:
        """The exit code: the worst of the sixteen, and a contradicted declaration."""
        from sekisho.proof.declared import COUNTS
        from sekisho.terms.verdict import ExitCode, exit_code

        if any(one.outcome in COUNTS for one in self.declared):
            return ExitCode.FOUND_BAD
        return exit_code(self.judgement.verdict)


def judged(
    bundle: Path,
    *,
    attestations: Sequence[Path],
    documents: Sequence[str],
    signers: Sequence[Path],
    as_of: str | None,
    site: Path | None,
    device: str | None,
) -> Judged:
    """The judgement of a bundle with the papers beside it.

    Raises:
        InputError: a file or an option is wrong.
        WorldError: a part of the program is missing.
    """
    from sekisho.proof.criteria import CRITERIA, EDITION
    from sekisho.proof.evidence import evidence_of
    from sekisho.proof.judging import judged as asked
    from sekisho.shell.cli.options import day
    from sekisho.shell.clock import now, today_in_japan
    from sekisho.shell.keys import load_public
    from sekisho.shell.package_data import load_criteria
    from sekisho.shell.proof_files import load_bundle, load_papers

    statements = load_criteria()
    when = day(as_of, "--as-of", today_in_japan())
    opened, data = load_bundle(bundle, [load_public(path) for path in signers])
    items = {item.id for statement in statements.values() for item in statement.items}
    target = opened.bundle.target
    papers = load_papers(attestations, _pairs(documents), items, target, _ms(now()))
    plant, box = _declared(site, device)
    product = _product(opened, site)
    submitted = _submitted(opened, papers.records)
    evidence = evidence_of(submitted, when, product)
    declared: tuple[Compared, ...] = ()
    if plant is not None and box is not None:
        from sekisho.proof.declared import compared

        submitted.append((_links_record(plant, box, evidence, site, opened), True))
        evidence = evidence_of(submitted, when, product)
        declared = compared(plant, box, evidence)
    return Judged(
        judgement=asked(evidence, CRITERIA, statements, EDITION, target),
        signature=opened.signature,
        declared=declared,
        bundle_bytes=data,
        papers=papers.files,
        day=when,
    )


def _submitted(opened: Opened, papers: Sequence[Record]) -> list[tuple[Record, bool]]:
    from sekisho.evidence.bundle import counts

    vouched = counts(opened.signature)
    records = [(record, vouched) for record in opened.bundle.records]
    return [*records, *((record, True) for record in papers)]


def _pairs(documents: Sequence[str]) -> list[tuple[DocumentKind, Path]]:
    from sekisho.evidence.observation_words import DocumentKind

    pairs = []
    for given in documents:
        kind, equals, file = given.partition("=")
        if not equals or not file or kind not in set(DocumentKind):
            what = _NOT_PAIR.fill(given=given)
            raise InputError(
                Problem("--document", what, _KINDS.fill(kinds=", ".join(DocumentKind)))
            )
        pairs.append((DocumentKind(kind), Path(file)))
    return pairs


def _declared(site: Path | None, device: str | None) -> tuple[Site | None, Device | None]:
    """The site and its device that the evidence is about.

    Raises:
        InputError: there is no such device, or none was named and there are several.
    """
    if site is None:
        return None, None
    from sekisho.shell.site_files import load_site

    plant = load_site(site)
    if device is None and len(plant.devices) == 1:
        return plant, plant.devices[0]
    for one in plant.devices:
        if one.id == device:
            return plant, one
    what = _WHICH_ONE if device is None else _NO_DEVICE.fill(given=device)
    ids = ", ".join(one.id for one in plant.devices)
    raise InputError(Problem("--device", what, _WHICH.fill(ids=ids)))


def _product(opened: Opened, site: Path | None) -> Product:
    """The program's own gate by the profile it was asked by; its hardware from the site file."""
    from sekisho.proof.evidence import DEVICE, Product

    if opened.bundle.profile != GATE_PROFILE:
        return DEVICE
    if site is None:
        return Product(own_gate=True, hardware="")
    from sekisho.shell.gate.configuration import load_configuration

    return Product(own_gate=True, hardware=load_configuration(site).settings.hardware)


def _links_record(
    plant: Site, box: Device, evidence: Evidence, site: Path | None, opened: Opened
) -> Record:
    """The site file as a table of wanted ports: those that its links explain, as of today."""
    from sekisho import __version__
    from sekisho.evidence.bundle import digest_of
    from sekisho.evidence.observation import Record
    from sekisho.evidence.observation_paper import PortTable
    from sekisho.proof.declared import ports_of_links
    from sekisho.shell.clock import now
    from sekisho.shell.proof_files import MOST_DOCUMENT, bounded_bytes
    from sekisho.shell.site_files import SITE_FILE

    path = Path(site or "")
    file = path / SITE_FILE if path.is_dir() else path
    return Record(
        at=_ms(now()),
        program=f"sekisho {__version__}",
        method="site file",
        target=opened.bundle.target,
        transcript=None,
        observed=PortTable(
            file=file.name,
            sha256=digest_of(bounded_bytes(file, MOST_DOCUMENT)),
            dated=evidence.as_of,
            ports=ports_of_links(plant, box, evidence),
        ),
    )


def _ms(moment: datetime) -> WallMs:
    from sekisho.terms.quantity import WallMs

    return WallMs(int(moment.timestamp() * 1_000))
