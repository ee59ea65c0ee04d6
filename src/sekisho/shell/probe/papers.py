"""Documents and reports beside the profile: hashed and read where they lie, never fetched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.evidence.bundle import digest_of
from sekisho.evidence.observation_paper import (
    DeclaredPort,
    DocumentSeen,
    PortTable,
    Statement,
)
from sekisho.evidence.observation_words import ObservationKind, WhyNot, shown
from sekisho.shell.clock import wall_ms
from sekisho.shell.readers import read_report
from sekisho.shell.reading import bounded_or_none
from sekisho.terms.errors import InputError

if TYPE_CHECKING:
    from sekisho.proof.plan_document import ProbeDocument
    from sekisho.proof.plan_papers import DocumentTable, ReportTable
    from sekisho.shell.probe.diary import Diary
    from sekisho.shell.probe.profile import Profile

MOST_BYTES = 16 * 1024 * 1024
"""Largest document or report."""


def read(
    diary: Diary, document: ProbeDocument, profile: Profile, addresses: frozenset[str]
) -> None:
    """The declared ports, every document and every report of a profile."""
    folder = profile.folder
    data = profile.text.encode()
    diary.note(
        "profile",
        PortTable(
            file=shown(profile.name),
            sha256=digest_of(data),
            dated=document.product.dated,
            ports=tuple(
                DeclaredPort(
                    transport=p.transport, port=p.number, service=p.service.value, reason=p.reason
                )
                for p in document.port
            ),
        ),
        data,
    )
    for table in document.document:
        _document(diary, table, folder)
    for report in document.report:
        _report(diary, report, folder, addresses)


def _document(diary: Diary, table: DocumentTable, folder: Path) -> None:
    data = bounded_or_none(folder / table.file, MOST_BYTES)
    diary.note(
        "document",
        DocumentSeen(
            document=table.kind,
            file=shown(Path(table.file).name),
            sha256=None if data is None else digest_of(data),
            dated=table.dated,
            attested_by=table.attested_by,
            states=tuple(
                Statement(item=s.item, says=s.says, place=s.place, words=shown(s.words, 2_000))
                for s in table.states
            ),
        ),
        data,
    )


def _report(diary: Diary, table: ReportTable, folder: Path, addresses: frozenset[str]) -> None:
    data = bounded_or_none(folder / table.file, MOST_BYTES)
    if data is None:
        diary.not_done(
            ObservationKind.SCAN_REPORT,
            WhyNot.FAILED,
            f"{table.file} cannot be read, or is too large",
        )
        return
    try:
        found = read_report(table.form, data, table.file)
    except InputError as error:
        why = "; ".join(problem.what.en for problem in error.problems)
        diary.not_done(ObservationKind.SCAN_REPORT, WhyNot.FAILED, f"{table.file}: {why}")
        return
    if found.about and not found.about & {diary.target, *addresses}:
        diary.not_done(
            ObservationKind.SCAN_REPORT, WhyNot.FAILED,
            f"{table.file} is about {', '.join(sorted(found.about))}",
        )  # fmt: skip
        return
    if found.made > wall_ms():
        diary.not_done(
            ObservationKind.SCAN_REPORT, WhyNot.FAILED, f"{table.file} bears a time that is to come"
        )
        return
    for observed in found.observations:
        diary.note(table.form.value, observed, data, at=found.made)
