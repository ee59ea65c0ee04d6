"""The judgement as pages: a short one for the terminal, a whole one for the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.present.document import (
    Banner,
    Block,
    Bullets,
    Cell,
    Document,
    Heading,
    Paragraph,
    Table,
)
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
from sekisho.proof.mapping import mapped
from sekisho.proof.statement import STANDARD_TEXTS, Standard
from sekisho.proof.wording import (
    BASIS,
    NO_SCORE,
    SELF,
    TARGET,
    YARDSTICK,
    by_verdict,
    piece_words,
    reason_of,
    remedy_of,
    signature_words,
)
from sekisho.terms.certainty import CERTAINTY_TEXTS
from sekisho.terms.texts import Text
from sekisho.terms.verdict import VERDICT_TEXTS, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sekisho.evidence.bundle import Signature
    from sekisho.proof.declared import Compared
    from sekisho.proof.finding import CriterionResult, Finding
    from sekisho.proof.judging import Judgement
    from sekisho.terms.texts import Lang

_TITLE = Text("★1の16基準: 判定", "The sixteen ★1 criteria: judged")
_CHECKLIST = Text("★1チェックリスト(自作の様式)", "★1 checklist (a form of our own)")
_OPEN = Text("満たしていない・決められないもの", "What is not met, or open")
_NONE_OPEN = Text("ありません。", "Nothing.")
_BY_ITEM = Text("評価項目ごとの判定", "Verdicts by evaluation item")
_ITEM_HEADER = (
    Text("評価項目", "Item"),
    Text("判定", "Verdict"),
    Text("評価方法", "Evaluated"),
    Text("理由と次にすること", "Reason and next step"),
    Text("証拠", "Evidence"),
)
_STEP = Text("{id}: {reason} → {remedy}", "{id}: {reason} → {remedy}")
_NO_STEP = Text("{id}: {reason}", "{id}: {reason}")
_SURE = Text("読みの確かさ: {certainty}", "how sure the reading is: {certainty}")
_SET_ASIDE = Text(
    "数えなかった証拠(365日を超えるか、基準日より後): {n} 件。",
    "Evidence set aside (older than 365 days, or of a later day): {n}.",
)
_NOT_DONE = Text("行わなかった観測", "What was not done")
_NOT_DONE_LINE = Text("{what}: {why} {detail}", "{what}: {why} {detail}")
_DECLARED = Text("宣言と観測", "Declared against observed")
_MAPPING_NOTE = Text(
    "同等とされる規定に並べ替えたものです。その規格への適合を述べるものではありません。",
    "The same verdicts by provisions held equal; this states no conformity with that standard.",
)
_SOURCES = Text("出典", "Sources")
_SOURCE = Text("{id}: {title} {url}({certainty})", "{id}: {title} {url} ({certainty})")


def summary_page(
    judgement: Judgement, signature: Signature, declared: Sequence[Compared], lang: Lang
) -> Document:
    """What fits a terminal: sixteen rows, then what to do."""
    return _document(
        judgement,
        _TITLE,
        lang,
        (
            *_opening(judgement, signature, lang),
            overview(judgement, lang),
            *_todo(judgement, lang),
            *_declared(declared, lang),
            *_left_out(judgement, lang),
        ),
    )


def checklist_page(
    judgement: Judgement, signature: Signature, declared: Sequence[Compared], lang: Lang
) -> Document:
    """Everything: the overview, each item with its evidence, the mappings, the sources."""
    return _document(
        judgement,
        _CHECKLIST,
        lang,
        (
            *_opening(judgement, signature, lang),
            overview(judgement, lang),
            Heading(1, _BY_ITEM.says(lang)),
            *(block for result in judgement.criteria for block in _criterion(result, lang)),
            *_declared(declared, lang),
            *_left_out(judgement, lang),
            *(block for standard in Standard for block in _mapping(judgement, standard, lang)),
            Heading(1, _SOURCES.says(lang)),
            Bullets(tuple(_sources(judgement, lang))),
        ),
    )


def mapping_page(
    judgement: Judgement, signature: Signature, standard: Standard, lang: Lang
) -> Document:
    """The verdicts by the provisions of one standard."""
    blocks = (*_opening(judgement, signature, lang), *_provisions(judgement, standard, lang))
    return _document(judgement, STANDARD_TEXTS[standard], lang, blocks)


def overview(judgement: Judgement, lang: Lang) -> Table:
    """Sixteen rows."""
    return Table(
        tuple(h.says(lang) for h in CRITERIA),
        tuple(criterion_cells(result, lang) for result in judgement.criteria),
        (2, 7, 3, 3, 5),
    )


def _document(judgement: Judgement, title: Text, lang: Lang, blocks: tuple[Block, ...]) -> Document:
    basis = BASIS.fill(edition=judgement.edition, as_of=judgement.as_of)
    return Document(
        title.says(lang),
        TARGET.fill(target=judgement.target).says(lang),
        lang.value,
        basis.says(lang),
        blocks,
    )


def _opening(judgement: Judgement, signature: Signature, lang: Lang) -> Iterator[Block]:
    if judgement.product.own_gate:
        yield Paragraph(SELF.fill(edition=judgement.edition).says(lang))
    verdict = judgement.verdict
    text = by_verdict(judgement).says(lang)
    yield Banner(verdict, VERDICT_TEXTS[verdict].says(lang), text)
    yield Paragraph(signature_words(signature).says(lang))
    yield Paragraph(NO_SCORE.says(lang), small=True)


def _todo(judgement: Judgement, lang: Lang) -> Iterator[Block]:
    settled = {Verdict.MET, Verdict.NOT_APPLICABLE}
    left = [result for result in judgement.criteria if result.verdict not in settled]
    yield Heading(1, _OPEN.says(lang))
    if not left:
        yield Paragraph(_NONE_OPEN.says(lang))
        return
    lines = []
    for result in left:
        remedy, reason = remedy_of(result), reason_of(result)
        line = _NO_STEP if remedy is None else _STEP
        lines.append(line.fill(id=result.statement.id, reason=reason, remedy=remedy).says(lang))
    yield Bullets(tuple(lines))


def _criterion(result: CriterionResult, lang: Lang) -> Iterator[Block]:
    statement = result.statement
    yield Heading(2, f"{statement.id} {statement.title.says(lang)}")
    yield Paragraph(statement.summary.says(lang))
    for one in statement.yardsticks:
        yield Paragraph(YARDSTICK.fill(words=one.words, value=one.value).says(lang), small=True)
    yield Table(
        tuple(h.says(lang) for h in _ITEM_HEADER),
        tuple(_item(finding, result, lang) for finding in result.findings),
        (5, 3, 4, 7, 5),
    )


def _item(finding: Finding, result: CriterionResult, lang: Lang) -> tuple[Cell, ...]:
    items = {item.id: item for item in result.statement.items}
    said = finding.reason.says(lang)
    if finding.remedy is not None:
        said += "\n→ " + finding.remedy.says(lang)
    sure = ""
    if finding.item in items:
        certainty = CERTAINTY_TEXTS[items[finding.item].certainty]
        sure = "\n" + _SURE.fill(certainty=certainty).says(lang)
    evidence = "\n".join(piece_words(piece).says(lang) for piece in finding.rests_on)
    return (
        Cell(f"{finding.item}\n{item_title(finding, result).says(lang)}"),
        verdict_cell(finding.verdict, lang),
        Cell(method_words(finding, result).says(lang) + sure),
        Cell(said),
        Cell(evidence or "–"),
    )


def _declared(declared: Sequence[Compared], lang: Lang) -> Iterator[Block]:
    if not declared:
        return
    yield Heading(1, _DECLARED.says(lang))
    yield Table(
        tuple(h.says(lang) for h in DECLARED),
        tuple(declared_cells(one, lang) for one in declared),
        (6, 2, 8),
    )


def _left_out(judgement: Judgement, lang: Lang) -> Iterator[Block]:
    if judgement.set_aside:
        yield Paragraph(_SET_ASIDE.fill(n=len(judgement.set_aside)).says(lang))
    if judgement.not_done:
        yield Heading(1, _NOT_DONE.says(lang))
        yield Bullets(
            tuple(
                _NOT_DONE_LINE.fill(what=one.what, why=one.why, detail=one.detail).says(lang)
                for one in judgement.not_done
            )
        )


def _mapping(judgement: Judgement, standard: Standard, lang: Lang) -> Iterator[Block]:
    yield Heading(1, STANDARD_TEXTS[standard].says(lang))
    yield from _provisions(judgement, standard, lang)


def _provisions(judgement: Judgement, standard: Standard, lang: Lang) -> Iterator[Block]:
    yield Paragraph(_MAPPING_NOTE.says(lang))
    yield Table(
        tuple(h.says(lang) for h in PROVISIONS),
        tuple(provision_cells(row, lang) for row in mapped(judgement, standard)),
        (2, 6, 4, 3, 3),
    )


def _sources(judgement: Judgement, lang: Lang) -> Iterator[str]:
    for result in judgement.criteria:
        for source in result.statement.sources:
            yield _SOURCE.fill(
                id=result.statement.id,
                title=source.title,
                url=source.url,
                certainty=CERTAINTY_TEXTS[source.certainty],
            ).says(lang)
