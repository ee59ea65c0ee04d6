"""The checklist as a workbook: one row for each evaluation item, then the evidence and the sources.

The columns are ours: those of the official checklist were not seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.evidence.observation_paper import DocumentSeen, PortTable
from sekisho.present.document import Cell, Table
from sekisho.present.excel import Sheet
from sekisho.present.verdicts import verdict_cell
from sekisho.proof.columns import (
    CRITERIA,
    DECLARED,
    PROVISIONS,
    criterion_cells,
    declared_cells,
    item_title,
    method_words,
    provision_cells,
)
from sekisho.proof.evidence import day_of
from sekisho.proof.finding import HOW_TEXTS
from sekisho.proof.mapping import mapped
from sekisho.proof.statement import STANDARD_TEXTS, Standard
from sekisho.proof.wording import BASIS, NO_SCORE, SELF, TARGET, signature_words
from sekisho.terms.certainty import CERTAINTY_TEXTS
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sekisho.evidence.bundle import Signature
    from sekisho.proof.declared import Compared
    from sekisho.proof.evidence import Piece
    from sekisho.proof.finding import CriterionResult, Finding
    from sekisho.proof.judging import Judgement
    from sekisho.terms.texts import Lang

_CHECKLIST = Text("チェックリスト", "Checklist")
_CRITERIA = Text("16の基準", "Criteria")
_EVIDENCE = Text("証拠", "Evidence")
_DECLARED = Text("宣言と観測", "Declared")
_MAPPING = Text("対応する規定", "Mapping")
_SOURCES = Text("出典", "Sources")
_OURS = Text(
    "この様式の列は本プログラムのもので、公式のチェックリストの列は確認していません。",
    "The columns are ours; those of the official checklist were not seen.",
)
_SUMMARY = Text("要旨(自らの言葉)", "Summary in our words")
_STANDARD = Text("規格", "Standard")
_ITEM_HEADER = (
    Text("基準", "Criterion"),
    Text("評価項目", "Item"),
    Text("内容", "What is asked"),
    Text("判定", "Verdict"),
    Text("評価方法(確かさ)", "Evaluated (how sure)"),
    Text("根拠", "Judged by"),
    Text("理由", "Reason"),
    Text("次にすること", "What to do"),
    Text("証拠の番号", "Evidence no."),
    Text("読みの確かさ", "How sure the reading is"),
)
_EVIDENCE_HEADER = (
    Text("番号", "No."),
    Text("種類", "Kind"),
    Text("見た日", "Seen on"),
    Text("プログラム", "Program"),
    Text("方法", "Method"),
    Text("対象", "Target"),
    Text("記録の SHA-256", "SHA-256 of the transcript"),
    Text("書類", "Document"),
    Text("書類の日付", "Dated"),
    Text("書類の SHA-256", "SHA-256 of the document"),
    Text("数えるか", "Counts"),
)
_SOURCE_HEADER = (
    Text("基準", "Criterion"),
    Text("文書", "Document"),
    Text("所在", "Address"),
    Text("確かさ", "Certainty"),
)
_YES = Text("数える", "counts")
_NO_SIGNER = Text("署名者が不明", "signer not known")
_TOO_OLD = Text("日付により除外", "set aside by its date")


def checklist_sheets(
    judgement: Judgement, signature: Signature, declared: Sequence[Compared], lang: Lang
) -> tuple[Sheet, ...]:
    """The sheets of the workbook."""
    intro = tuple(_intro(judgement, signature, lang))
    sheets = [
        _sheet(_CHECKLIST, intro, _ITEM_HEADER, _items(judgement, lang), _ITEM_WIDTHS, lang),
        _sheet(_CRITERIA, intro, (*CRITERIA, _SUMMARY), _criteria(judgement, lang), _WIDE, lang),
        _sheet(_EVIDENCE, intro, _EVIDENCE_HEADER, _evidence(judgement, lang), _PROOF, lang),
    ]
    if declared:
        rows = (declared_cells(one, lang) for one in declared)
        sheets.append(_sheet(_DECLARED, intro, DECLARED, rows, (6, 2, 8), lang))
    mapping = _mapping(judgement, lang)
    sources = _sources(judgement, lang)
    sheets.append(
        _sheet(_MAPPING, intro, (_STANDARD, *PROVISIONS), mapping, (3, 2, 5, 4, 3, 3), lang)
    )
    sheets.append(_sheet(_SOURCES, intro, _SOURCE_HEADER, sources, (2, 6, 8, 4), lang))
    return tuple(sheets)


_ITEM_WIDTHS = (2, 2, 6, 3, 4, 3, 8, 8, 2, 5)
_WIDE = (2, 6, 3, 3, 5, 12)
_PROOF = (1, 3, 2, 3, 3, 3, 6, 4, 2, 6, 3)


def _sheet(
    name: Text,
    intro: tuple[str, ...],
    header: tuple[Text, ...],
    rows: Iterator[tuple[Cell, ...]],
    widths: tuple[int, ...],
    lang: Lang,
) -> Sheet:
    table = Table(tuple(h.says(lang) for h in header), tuple(rows), widths)
    return Sheet(name.says(lang), intro, table)


def _intro(judgement: Judgement, signature: Signature, lang: Lang) -> Iterator[str]:
    yield TARGET.fill(target=judgement.target).says(lang)
    if judgement.product.own_gate:
        yield SELF.fill(edition=judgement.edition).says(lang)
    yield BASIS.fill(edition=judgement.edition, as_of=judgement.as_of).says(lang)
    yield signature_words(signature).says(lang)
    yield NO_SCORE.says(lang)
    yield _OURS.says(lang)


def _criteria(judgement: Judgement, lang: Lang) -> Iterator[tuple[Cell, ...]]:
    for result in judgement.criteria:
        yield (*criterion_cells(result, lang), Cell(result.statement.summary.says(lang)))


def _items(judgement: Judgement, lang: Lang) -> Iterator[tuple[Cell, ...]]:
    for result in judgement.criteria:
        for finding in result.findings:
            yield _item(finding, result, lang)


def _item(finding: Finding, result: CriterionResult, lang: Lang) -> tuple[Cell, ...]:
    certainties = {item.id: item.certainty for item in result.statement.items}
    certainty = certainties.get(finding.item, result.certainty)
    return (
        Cell(result.statement.id),
        Cell(finding.item),
        Cell(item_title(finding, result).says(lang)),
        verdict_cell(finding.verdict, lang),
        Cell(method_words(finding, result).says(lang)),
        Cell(HOW_TEXTS[finding.how].says(lang)),
        Cell(finding.reason.says(lang)),
        Cell("" if finding.remedy is None else finding.remedy.says(lang)),
        Cell(", ".join(str(piece.number) for piece in finding.rests_on)),
        Cell(CERTAINTY_TEXTS[certainty].says(lang)),
    )


def _evidence(judgement: Judgement, lang: Lang) -> Iterator[tuple[Cell, ...]]:
    for piece in judgement.pieces:
        yield _piece(piece, _YES if piece.vouched else _NO_SIGNER, lang)
    for piece in judgement.set_aside:
        yield _piece(piece, _TOO_OLD, lang)


def _piece(piece: Piece, counts: Text, lang: Lang) -> tuple[Cell, ...]:
    record, observed = piece.record, piece.record.observed
    document = observed if isinstance(observed, DocumentSeen | PortTable) else None
    dated = "" if document is None or document.dated is None else document.dated.isoformat()
    return (
        Cell(str(piece.number)),
        Cell(observed.kind),
        Cell(day_of(record).isoformat()),
        Cell(record.program),
        Cell(record.method),
        Cell(record.target),
        Cell(record.transcript or ""),
        Cell("" if document is None else document.file),
        Cell(dated),
        Cell("" if document is None else document.sha256 or ""),
        Cell(counts.says(lang)),
    )


def _mapping(judgement: Judgement, lang: Lang) -> Iterator[tuple[Cell, ...]]:
    for standard in Standard:
        name = Cell(STANDARD_TEXTS[standard].says(lang))
        for row in mapped(judgement, standard):
            yield (name, *provision_cells(row, lang))


def _sources(judgement: Judgement, lang: Lang) -> Iterator[tuple[Cell, ...]]:
    for result in judgement.criteria:
        for source in result.statement.sources:
            yield (
                Cell(result.statement.id),
                Cell(source.title.says(lang)),
                Cell(source.url),
                Cell(CERTAINTY_TEXTS[source.certainty].says(lang)),
            )
