"""The scheme as a reference page in Markdown, in both languages, made from its data alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.scheme.criteria import CRITERIA_SETS, METHOD_TEXTS
from sekisho.scheme.levels import LEVELS, PRODUCT_TEXTS, STATE_TEXTS
from sekisho.scheme.recognition import EFFECT_TEXTS, RECOGNITIONS
from sekisho.terms.certainty import CERTAINTY_TEXTS, Certainty
from sekisho.terms.markdown import LANGUAGE_NAMES, markdown_table
from sekisho.terms.texts import Lang, Text, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.scheme.criteria import CriteriaSet, Criterion
    from sekisho.scheme.levels import Level
    from sekisho.scheme.recognition import Recognition
    from sekisho.terms.citation import Citation

_NOTICE = "<!-- generated from src/sekisho/scheme: `make generate` -->\n"
_NONE = Text("－", "–")

_LEVELS = Text("水準", "Levels")
_CRITERIA = Text(
    "★{level}の適合基準: {document}({edition})", "★{level} criteria: {document} ({edition})"
)
_CRITERIA_NOTE = Text(
    "基準の文書そのものは読めていません。要旨は本プログラムの言葉で、確かさを欄ごとに示します。"
    "出典のない数値や対応表は載せません。",
    "The criteria document itself was not read. The subjects are in our own words, each with its"
    " certainty. Figures and mappings without a source are left out.",
)
_RECOGNITION = Text("相互承認", "Mutual recognition")
_RECOGNITION_NOTE = Text(
    "いずれも、それ自体は日本の適合ラベルではありません。",
    "None of these is itself a label on the Japanese list.",
)
_STEP = Text("{product}: {state}({day})", "{product}: {state} ({day})")
_UNDATED = Text("日付なし", "no day given")


def scheme_page() -> str:
    """The whole page."""
    parts = ["# JC-STAR\n", _NOTICE]
    for lang in (Lang.JA, Lang.EN):
        parts += [f"## {LANGUAGE_NAMES[lang]}\n", f"### {_LEVELS.says(lang)}\n"]
        header: tuple[Text, ...] = (
            _LEVELS,
            Text("評価者", "who evaluates"),
            Text("現状", "state"),
            _SOURCE,
        )
        parts.append(markdown_table(header, [_level(level) for level in LEVELS], lang))
        for edition in CRITERIA_SETS:
            parts += _criteria(edition, lang)
        parts += [f"### {_RECOGNITION.says(lang)}\n", f"{_RECOGNITION_NOTE.says(lang)}\n"]
        header = (Text("相手", "partner"), _SINCE, _EFFECT, Text("説明", "note"), _SOURCE)
        parts.append(markdown_table(header, [_recognition(r) for r in RECOGNITIONS], lang))
    return "\n".join(parts)


_SOURCE = Text("出典", "source")
_SINCE = Text("開始日", "since")
_EFFECT = Text("効果", "effect")
_CERTAINTY = Text("確かさ", "certainty")


def _level(level: Level) -> tuple[Text, ...]:
    steps = [
        _STEP.fill(
            product=PRODUCT_TEXTS[step.product],
            state=STATE_TEXTS[step.state],
            day=_UNDATED if step.reached is None else step.reached,
        )
        for step in level.steps
    ]
    sources = [level.evaluator_source, *(step.source for step in level.steps)]
    star = f"★{level.stars}"
    state = listed(steps) if steps else Text("確認できず", "nothing seen")
    return (Text(star, star), level.evaluator, state, _cited(sources))


def _criteria(edition: CriteriaSet, lang: Lang) -> list[str]:
    title = _CRITERIA.fill(level=edition.level, document=edition.document, edition=edition.edition)
    header = (
        Text("番号", "id"),
        Text("要旨", "subject"),
        _CERTAINTY,
        Text("評価方法", "evaluated"),
        _CERTAINTY,
        Text("EN 303 645(推論)", "EN 303 645 (inferred)"),
        _SOURCE,
    )
    return [
        f"### {title.says(lang)}\n",
        f"{_CRITERIA_NOTE.says(lang)}\n",
        markdown_table(header, [_criterion(c) for c in edition.criteria], lang),
    ]


def _criterion(criterion: Criterion) -> tuple[Text, ...]:
    known = criterion.method_certainty is not Certainty.UNCONFIRMED
    return (
        Text(criterion.id, criterion.id),
        criterion.subject,
        CERTAINTY_TEXTS[criterion.certainty],
        METHOD_TEXTS[criterion.method],
        CERTAINTY_TEXTS[criterion.method_certainty] if known else _NONE,
        listed(criterion.en_303_645) if criterion.en_303_645 else _NONE,
        _NONE if criterion.source is None else _cited([criterion.source]),
    )


def _recognition(recognition: Recognition) -> tuple[Text, ...]:
    effect = EFFECT_TEXTS[recognition.effect]
    if recognition.waived:
        effect = listed([effect, *recognition.waived])
    since = recognition.since
    return (
        recognition.partner,
        _NONE if since is None else Text(since.isoformat(), since.isoformat()),
        effect,
        recognition.note,
        _cited(recognition.sources),
    )


def _cited(sources: Iterable[Citation]) -> Text:
    unique = {source.url: source for source in sources}
    return listed(
        Text(f"[{s.title.ja}]({s.url})", f"[{s.title.en}]({s.url})") for s in unique.values()
    )
