"""A criterion as a reference page in Markdown, in both languages, made from its statement and stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.proof.absence import FUNCTION_TEXTS
from sekisho.proof.paper import kinds_of
from sekisho.proof.statement import STANDARD_TEXTS
from sekisho.rulebook.markdown import source_list
from sekisho.scheme.criteria import METHOD_TEXTS
from sekisho.terms.certainty import CERTAINTY_TEXTS
from sekisho.terms.markdown import LANGUAGE_NAMES, cell, markdown_table
from sekisho.terms.texts import Lang, Text, same
from sekisho.terms.verdict import VERDICT_TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.proof.cases import Story
    from sekisho.proof.statement import CriterionStatement, EvaluationItem

_NOTICE = "<!-- generated from the criterion's statement.toml: `make generate` -->\n"
_UNREAD = Text(
    "基準の原文({edition})は読んでいません。何がどれだけ確かかを、それぞれに添えます。評価項目の番号は"
    "本プログラムのものです。",
    "The criteria document ({edition}) was not read; how sure each part is stands beside it. The "
    "numbers of the evaluation items are ours.",
)
_SURE = Text("題と要旨の確かさ: {certainty}。", "Title and summary: {certainty}.")
_HARDWARE = Text(
    "半分は機器そのものについてです。ソフトウェアだけの製品では、機器の型番が決まるまで判定不能です。",
    "Half of it is about a physical device: for a product of software alone it stays undetermined until "
    "a hardware model is named.",
)
_ITEMS = Text("評価項目", "Evaluation items")
_ITEM_HEADER = (
    Text("項目", "Item"),
    Text("求めること", "What is asked"),
    Text("評価方法", "Evaluated"),
    Text("読みの確かさ", "How sure the reading is"),
    Text("数える書類", "Documents that count"),
    Text("対象外になるのは", "Not applicable where there is no"),
)
_METHOD = Text("{method}({certainty})", "{method} ({certainty})")
_OWN = Text("{text}。独自の確認", "{text}; a check of our own")
_ALTERNATIVE = Text("{text}(どれか一つで足りる)", "{text} (one of these is enough)")
_ONLY_DEVICE = Text("なし(実機だけ)", "none: the device alone")
_NEVER = Text("ならない", "never")
_YARDSTICKS = Text("本プログラムの目安", "Yardsticks of ours")
_YARDSTICK_NOTE = Text(
    "基準の数ではありません。満たしていることの根拠にはせず、目安として示します。",
    "These are not the criterion's numbers; they are told as ours wherever they are used.",
)
_YARDSTICK_HEADER = (Text("何", "What"), Text("数", "Number"), Text("確かさ", "Certainty"))
_EQUIVALENTS = Text("同等とされる規定", "Provisions held equal")
_EQUIVALENT_HEADER = (
    Text("規格", "Standard"),
    Text("規定", "Provision"),
    Text("内容", "Subject"),
    Text("確かさ", "Certainty"),
)
_SOURCES = Text("出典", "Sources")
_NO_SOURCES = Text("読んだ資料はありません。", "Nothing was read about it.")
_STORIES = Text("事例", "Stories")
_STORY_NOTE = Text(
    "各事例はテストとして実行されます。事例名は英語です。", "Each story is run as a test."
)
_INDEX = Text("★1の16基準", "The sixteen ★1 criteria")
_INDEX_HEADER = (
    Text("基準", "Criterion"),
    Text("内容", "Subject"),
    Text("評価方法", "Evaluated"),
    Text("確かさ", "Certainty"),
)


def criterion_page(
    statement: CriterionStatement, stories: Iterable[Story], judge: str, edition: str
) -> str:
    """The criterion's page.

    Args:
        statement: what is asked.
        stories: its cases.
        judge: the docstring of its judge: the published reading.
        edition: the edition of the criteria.
    """
    parts = [f"# {statement.id}: {cell(statement.title.en)}\n", _NOTICE]
    for lang in Lang:
        parts += [
            f"## {LANGUAGE_NAMES[lang]}\n",
            f"**{cell(statement.title.says(lang))}**\n",
            f"{cell(statement.summary.says(lang))}\n",
            f"{_SURE.fill(certainty=CERTAINTY_TEXTS[statement.certainty]).says(lang)}\n",
            f"{_UNREAD.fill(edition=edition).says(lang)}\n",
            *([f"{_HARDWARE.says(lang)}\n"] if statement.hardware else []),
            f"### {_ITEMS.says(lang)}\n",
            markdown_table(_ITEM_HEADER, [_item(i) for i in statement.items], lang),
            *_yardsticks(statement, lang),
            f"### {_EQUIVALENTS.says(lang)}\n",
            markdown_table(
                _EQUIVALENT_HEADER,
                [
                    (STANDARD_TEXTS[e.standard], e.provision, e.words, CERTAINTY_TEXTS[e.certainty])
                    for e in statement.equivalents
                ],
                lang,
            ),
            f"### {_SOURCES.says(lang)}\n",
            source_list(statement.sources, lang)
            if statement.sources
            else f"{_NO_SOURCES.says(lang)}\n",
        ]
    rows = [(story.name, VERDICT_TEXTS[story.expected].en) for story in stories]
    header = (Text("事例", "story"), Text("判定", "verdict"))
    return "\n".join(
        [
            *parts,
            "## How it is judged\n",
            f"{cell_text(judge)}\n",
            f"## {_STORIES.ja} / {_STORIES.en}\n",
            f"{_STORY_NOTE.ja} {_STORY_NOTE.en}\n",
            markdown_table(header, rows, Lang.EN),
        ]
    )


def criteria_index(statements: Iterable[CriterionStatement], edition: str) -> str:
    """The table of the sixteen."""
    listed = tuple(statements)
    parts = [f"# {_INDEX.en}\n", _NOTICE]
    for lang in Lang:
        parts += [
            f"## {LANGUAGE_NAMES[lang]}\n",
            f"{_UNREAD.fill(edition=edition).says(lang)}\n",
            markdown_table(
                _INDEX_HEADER,
                [
                    (
                        f"[{s.id}]({s.id}.md)",
                        s.title,
                        METHOD_TEXTS[s.items[0].how],
                        CERTAINTY_TEXTS[s.certainty],
                    )
                    for s in listed
                ],
                lang,
            ),
        ]
    return "\n".join(parts)


def cell_text(docstring: str) -> str:
    """A docstring as paragraphs of Markdown."""
    paragraphs = docstring.strip().split("\n\n")
    return "\n\n".join(" ".join(cell(line) for line in p.split("\n")) for p in paragraphs)


def _yardsticks(statement: CriterionStatement, lang: Lang) -> list[str]:
    if not statement.yardsticks:
        return []
    rows = [(y.words, y.value, CERTAINTY_TEXTS[y.certainty]) for y in statement.yardsticks]
    return [
        f"### {_YARDSTICKS.says(lang)}\n",
        f"{_YARDSTICK_NOTE.says(lang)}\n",
        markdown_table(_YARDSTICK_HEADER, rows, lang),
    ]


def _item(item: EvaluationItem) -> tuple[object, ...]:
    method = _METHOD.fill(
        method=METHOD_TEXTS[item.how], certainty=CERTAINTY_TEXTS[item.how_certainty]
    )
    return (
        same(item.id),
        _ALTERNATIVE.fill(text=item.title) if item.one_of else item.title,
        _OWN.fill(text=method) if item.own else method,
        CERTAINTY_TEXTS[item.certainty],
        kinds_of(item) if item.attested_by else _ONLY_DEVICE,
        _NEVER if item.absent is None else FUNCTION_TEXTS[item.absent],
    )
