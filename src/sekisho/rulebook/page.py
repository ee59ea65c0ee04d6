"""A rule as a reference page in Markdown, in both languages, made from its statement alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sekisho.rulebook.markdown import LEARNED, source_list
from sekisho.rulebook.statement import FORCE_TEXTS, STATUS_TEXTS, Kind, Trigger
from sekisho.terms.markdown import LANGUAGE_NAMES, cell, markdown_table
from sekisho.terms.texts import Lang, Text, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.rulebook.cases import Story
    from sekisho.rulebook.statement import Parameter, Scalar, Statement

TRIGGER_TEXTS = {
    Trigger.CONTRACT_APPLICATION: Text("契約申込みの日", "day of the contract application"),
    Trigger.AUCTION_REGISTRATION: Text("オークション登録の日", "day of the auction registration"),
    Trigger.SUBSIDY_APPLICATION: Text("補助金申請の日", "day of the subsidy application"),
    Trigger.PROCUREMENT: Text("調達の日", "day of the procurement"),
    Trigger.COMMISSIONING: Text("運転開始の日", "day of the commissioning"),
    Trigger.CONTROL_RENEWAL: Text(
        "制御システム更新の日", "day of the renewal of the control system"
    ),
    Trigger.INTRODUCED: Text(
        "機器を新たに制御対象とする日", "day on which the device is newly taken under control"
    ),
    Trigger.TODAY: Text("常時", "at all times"),
}

_KIND_TEXTS = {Kind.LABEL: Text("適合ラベル", "label"), Kind.DUTY: Text("義務", "duty")}
_NOTICE = "<!-- generated from the rule's statement.toml: `make generate` -->\n"

_WHAT = Text("項目", "What")
_VALUE = Text("内容", "Value")
_ROW = Text("規則表の行", "Row of the table of rules")
_PROGRAMME = Text("制度", "Programme")
_KIND = Text("種類", "Kind")
_FORCE = Text("強さ", "Force")
_LEVEL = Text("求める水準", "Level wanted")
_TRIGGER = Text("適用の日", "Date that decides")
_ADDRESSES = Text("対象", "Addresses")
_NEEDS = Text("申告が必要な役割", "Roles that must be declared")
_ATTESTATION = Text("示す書類の項目", "Key of the document that shows it")
_ANY = Text("すべて", "any")
_STATUS = Text("状態の履歴", "History of the status")
_REACHED = Text("到達日", "reached")
_PARAMETERS = Text("日付と値", "Dates and values")
_NAME = Text("名前", "name")
_SINCE = Text("適用日", "since")
_ALWAYS = Text("常に", "always")
_ASSUMED = Text(
    "(出典は月または年度まで。日は仮定)", " (the source gives no day; this one is assumed)"
)
_SOURCES = Text("出典", "Sources")
_STORIES = Text("事例", "Stories")
_STORY_NOTE = Text(
    "各事例はテストとして実行されます。事例名は英語です。",
    "Each story is run as a test.",
)
_DAY = Text("日", "day")
_EXPECTED = Text("期待する答え", "expected answer")


def rule_page(statement: Statement, stories: Iterable[Story] = ()) -> str:
    """The rule's page."""
    told = tuple(stories)
    parts = [f"# {cell(statement.id)}: {cell(statement.title.en)}\n", _NOTICE]
    for lang in (Lang.JA, Lang.EN):
        parts += [
            f"## {LANGUAGE_NAMES[lang]}\n",
            f"**{cell(statement.title.says(lang))}**\n",
            f"{cell(statement.summary.says(lang))}\n",
            _facts(statement, lang),
            f"### {_STATUS.says(lang)}\n",
            markdown_table(
                (Text("状態", "status"), _REACHED, LEARNED),
                [(STATUS_TEXTS[s.value], s.reached, s.learned) for s in statement.steps],
                lang,
            ),
        ]
        if statement.parameters:
            parts += [
                f"### {_PARAMETERS.says(lang)}\n",
                markdown_table(
                    (_NAME, _VALUE, _SINCE, LEARNED),
                    [_parameter(p) for p in statement.parameters],
                    lang,
                ),
            ]
        parts += [f"### {_SOURCES.says(lang)}\n", source_list(statement.sources, lang)]
    if told:
        parts += [f"## {_STORIES.ja} / {_STORIES.en}\n", f"{_STORY_NOTE.ja} {_STORY_NOTE.en}\n"]
        rows = [(s.name, s.day, _expected(s)) for s in told]
        parts.append(markdown_table((Text("事例", "story"), _DAY, _EXPECTED), rows, Lang.EN))
    return "\n".join(parts)


def index_page(statements: Iterable[Statement]) -> str:
    """The table of all rules, in the order of the reports."""
    listed_rules = tuple(statements)
    parts = ["# Rules\n", _NOTICE]
    for lang in (Lang.JA, Lang.EN):
        rows = [
            (
                f"[{s.id}]({s.id}.md)",
                s.row,
                s.title,
                FORCE_TEXTS[s.force],
                STATUS_TEXTS[s.steps[-1].value],
                TRIGGER_TEXTS[s.trigger],
                _start(s),
            )
            for s in listed_rules
        ]
        header = (
            Text("規則", "rule"),
            Text("行", "row"),
            Text("題", "title"),
            _FORCE,
            Text("状態", "status"),
            _TRIGGER,
            Text("適用開始", "from"),
        )
        parts += [f"## {LANGUAGE_NAMES[lang]}\n", markdown_table(header, rows, lang)]
    return "\n".join(parts)


def _facts(statement: Statement, lang: Lang) -> str:
    rows: list[tuple[object, ...]] = [
        (_ROW, statement.row),
        (_PROGRAMME, statement.programme),
        (_KIND, _KIND_TEXTS[statement.kind]),
        (_FORCE, FORCE_TEXTS[statement.force]),
        (_TRIGGER, TRIGGER_TEXTS[statement.trigger]),
        (_ADDRESSES, _addressed(statement)),
    ]
    if statement.kind is Kind.LABEL:
        rows.append((_LEVEL, Text(f"★{statement.level}以上", f"★{statement.level} or higher")))
    if statement.needs:
        rows.append((_NEEDS, listed(" / ".join(sorted(need)) for need in statement.needs)))
    if statement.attestation:
        rows.append((_ATTESTATION, f"`{statement.attestation}`"))
    return markdown_table((_WHAT, _VALUE), rows, lang)


def _addressed(statement: Statement) -> Text:
    applies = statement.applies
    named = {
        "resource": applies.resource,
        "voltage": applies.voltage,
        "work": applies.work,
        "owner": applies.owner,
        "joins": applies.joins,
    }
    parts = [f"{key} = {' / '.join(sorted(words))}" for key, words in named.items() if words]
    return listed(parts) if parts else _ANY


def _parameter(parameter: Parameter) -> tuple[object, ...]:
    shown = _scalar(parameter.value)
    value = Text(shown, shown)
    if parameter.assumed:
        value = Text(shown + _ASSUMED.ja, shown + _ASSUMED.en)
    since: object = _ALWAYS if parameter.since is None else parameter.since
    return (f"`{parameter.name}`", value, since, parameter.learned)


def _start(statement: Statement) -> Text:
    starts = [p for p in statement.parameters if p.name == "from"]
    if not starts:
        return Text("－", "–")
    latest = max(starts, key=lambda p: p.learned)
    shown = _scalar(latest.value)
    return Text(f"{shown}(仮定)", f"{shown} (assumed)") if latest.assumed else Text(shown, shown)


def _scalar(value: Scalar) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:g}" if isinstance(value, float) else value


def _expected(story: Story) -> str:
    said = story.expected
    extra = said.get("without") or said.get("key")
    return f"{said['expect']} ({extra})" if extra else str(said["expect"])
