"""The register for a person: lists, labels, changes as documents and as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sekisho.present.document import Block, Cell, Document, Paragraph, Table
from sekisho.register.diff import Change, Kind
from sekisho.register.normalise import model_key, number_key, product_key
from sekisho.terms.texts import Lang, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sekisho.register.model import Label, ListInfo, Listing

KIND_TEXTS = {
    Kind.NEW: Text("新規", "new"),
    Kind.STATUS: Text("状態の変更", "status changed"),
    Kind.LEVEL: Text("レベルの変更", "level changed"),
    Kind.MODELS_ADDED: Text("型番の追加", "models added"),
    Kind.MODELS_REMOVED: Text("型番の削除", "models removed"),
    Kind.VERSIONS_ADDED: Text("バージョンの追加", "versions added"),
    Kind.VERSIONS_REMOVED: Text("バージョンの削除", "versions removed"),
    Kind.EXTENDED: Text("有効期限の延長", "extended"),
    Kind.SHORTENED: Text("有効期限の短縮", "expiry shortened"),
    Kind.EXPIRY_STATED: Text("有効期限の記載", "expiry now stated"),
    Kind.EXPIRY_DROPPED: Text("有効期限の記載なし", "expiry no longer stated"),
    Kind.VANISHED: Text(
        "リストから消えた(取消しとは限りません)", "vanished (which is not revoked)"
    ),
}

_NONE = "—"
_EXCERPT = Text("抜粋", "excerpt")
_WHOLE = Text("全件", "complete")
_EXCERPT_NOTE = Text(
    "抜粋にないことは、ラベルがないことを意味しません。",
    "Absence from an excerpt does not mean that there is no label.",
)

_NOT_FOUND = Text(
    "この番号・型番・語に当たるラベルは、このリストにありません。",
    "No label on this list has this number, model or words.",
)


def found(labels: Iterable[Label], words: str) -> list[Label]:
    """Labels in which every word occurs, in the number, maker, product, model or version."""
    wanted = [key for word in words.split() if (key := product_key(word))]
    return [
        label for label in labels if (text := _searchable(label)) and all(w in text for w in wanted)
    ]


def _searchable(label: Label) -> str:
    parts = [label.number or "", *label.makers, *label.products, *label.models, *label.versions]
    return "\n".join(product_key(part) for part in parts)


def shown(labels: Iterable[Label], asked: str) -> list[Label]:
    """The labels with exactly this number or model; else all that `found` finds."""
    every = list(labels)
    number, model = number_key(asked), model_key(asked)
    exact = [
        label
        for label in every
        if (label.number and number_key(label.number) == number)
        or model in map(model_key, label.models)
    ]
    return exact or found(every, asked)


def _document(title: str, subtitle: str, lang: Lang, blocks: Iterable[Block]) -> Document:
    return Document(title, subtitle, lang.value, "", tuple(blocks))


def about(info: ListInfo, lang: Lang) -> str:
    """Which list this is, as one line."""
    return (
        Text(
            "リスト {date}({kind}、{source}、取得 {learned}、SHA-256 {sha})",
            "list of {date} ({kind}, {source}, learned {learned}, SHA-256 {sha})",
        )
        .fill(
            date=info.list_date,
            kind=_WHOLE if info.complete else _EXCERPT,
            source=info.source,
            learned=info.learned,
            sha=info.sha256[:12],
        )
        .says(lang)
    )


def lists_page(listings: Sequence[Listing], lang: Lang) -> Document:
    """All lists of a register."""
    header = [
        Text("リストの日付", "list date"),
        Text("取得日", "learned"),
        Text("種類", "kind"),
        Text("行数", "rows"),
        Text("出所", "source"),
        Text("SHA-256", "SHA-256"),
    ]
    rows = [
        [
            listing.info.list_date.isoformat(),
            listing.info.learned.isoformat(),
            (_WHOLE if listing.info.complete else _EXCERPT).says(lang),
            str(len(listing.labels)),
            listing.info.source,
            listing.info.sha256[:12],
        ]
        for listing in listings
    ]
    title = Text("登録簿にあるリスト", "Lists in the register").says(lang)
    return _document(title, "", lang, [_table(header, rows, (11, 11, 8, 6, 22, 13), lang)])


def labels_page(labels: Sequence[Label], info: ListInfo, lang: Lang) -> Document:
    """Labels that a search has found, one row each."""
    header = [
        Text("登録番号", "number"),
        Text("事業者", "maker"),
        Text("製品", "product"),
        Text("型番", "models"),
        Text("レベル", "level"),
        Text("状態", "status"),
        Text("有効期限", "expires"),
    ]
    rows = [
        [
            label.number or _NONE,
            _first(label.makers, lang),
            _first(label.products, lang),
            _some(label.models),
            f"★{label.level}" if label.level else _NONE,
            label.status_raw or _NONE,
            label.expires.isoformat() if label.expires else _NONE,
        ]
        for label in labels
    ]
    title = Text("ラベル {n} 件", "Labels: {n}").fill(n=len(labels)).says(lang)
    blocks: list[Block] = [_table(header, rows, (14, 18, 22, 18, 5, 10, 10), lang)] if rows else []
    if not info.complete:
        blocks.append(Paragraph(_EXCERPT_NOTE.says(lang), small=True))
    return _document(title, about(info, lang), lang, blocks)


def label_page(labels: Sequence[Label], info: ListInfo, lang: Lang) -> Document:
    """Everything that the list prints about some labels."""
    header = [Text("項目", "field"), Text("内容", "value")]
    blocks: list[Block] = []
    for label in labels:
        rows = [[name.says(lang), value] for name, value in _fields(label) if value]
        rows += [[f"[{name}]", text] for name, text in label.raw]
        blocks.append(_table(header, rows, (24, 60), lang))
    if not labels:
        blocks.append(Paragraph(_NOT_FOUND.says(lang)))
        if not info.complete:
            blocks.append(Paragraph(_EXCERPT_NOTE.says(lang), small=True))
    title = Text("リストの記載", "As the list prints it").says(lang)
    return _document(title, about(info, lang), lang, blocks)


def _fields(label: Label) -> list[tuple[Text, str]]:
    return [
        (Text("登録番号", "number"), label.number or _NONE),
        (Text("事業者", "maker"), " / ".join(label.makers)),
        (Text("製品", "product"), " / ".join(label.products)),
        (Text("型番", "models"), ", ".join(label.models) or _NONE),
        (Text("バージョン", "versions"), ", ".join(label.versions)),
        (Text("レベル", "level"), f"★{label.level}" if label.level else _NONE),
        (Text("状態", "status"), label.status_raw or _NONE),
        (Text("発行日", "issued"), label.issued.isoformat() if label.issued else _NONE),
        (Text("有効期限", "expires"), label.expires.isoformat() if label.expires else _NONE),
        (Text("注記", "note"), label.note),
    ]


def diff_page(changes: Sequence[Change], old: ListInfo, new: ListInfo, lang: Lang) -> Document:
    """What changed between two lists."""
    header = [
        Text("変更", "change"),
        Text("登録番号", "number"),
        Text("事業者", "maker"),
        Text("製品", "product"),
        Text("前", "before"),
        Text("後", "after"),
    ]
    rows = [
        [
            KIND_TEXTS[change.kind].says(lang),
            change.label.number or _NONE,
            _first(change.label.makers, lang),
            _first(change.label.products, lang),
            change.before or _NONE,
            change.after or _NONE,
        ]
        for change in changes
    ]
    title = Text("リストの変更: {n} 件", "Changes between lists: {n}").fill(n=len(changes))
    blocks: list[Block] = [_table(header, rows, (14, 12, 16, 22, 14, 14), lang)] if rows else []
    if not (old.complete and new.complete):
        note = Text(
            "抜粋を含む比較です。「新規」は前の抜粋に写されていなかっただけかもしれません。",
            'An excerpt is among them: "new" may only mean not copied into the earlier excerpt.',
        )
        blocks.append(Paragraph(note.says(lang), small=True))
    return _document(title.says(lang), f"{about(old, lang)} → {about(new, lang)}", lang, blocks)


def _table(
    header: Sequence[Text], rows: Sequence[Sequence[str]], widths: tuple[int, ...], lang: Lang
) -> Table:
    return Table(
        tuple(name.says(lang) for name in header),
        tuple(tuple(Cell(text) for text in row) for row in rows),
        widths,
    )


def _first(names: Sequence[str], lang: Lang) -> str:
    """The name in the reader's language where the list prints both."""
    plain = [name for name in names if name.isascii() == (lang is Lang.EN)]
    return (plain or list(names) or [_NONE])[0]


_MOST_SHOWN = 4


def _some(models: Sequence[str]) -> str:
    more = f" … (+{len(models) - _MOST_SHOWN})" if len(models) > _MOST_SHOWN else ""
    return ", ".join(models[:_MOST_SHOWN]) + more or _NONE


# ---- plain data ------------------------------------------------------------------------------


def info_data(info: ListInfo) -> dict[str, Any]:
    """A list's facts as JSON values."""
    return {
        "list_date": info.list_date.isoformat(),
        "learned": info.learned.isoformat(),
        "sha256": info.sha256,
        "source": info.source,
        "complete": info.complete,
    }


def label_data(label: Label) -> dict[str, Any]:
    """A label as JSON values."""
    return {
        "number": label.number,
        "makers": list(label.makers),
        "products": list(label.products),
        "models": list(label.models),
        "versions": list(label.versions),
        "level": label.level,
        "status": label.status.value,
        "status_raw": label.status_raw,
        "issued": label.issued.isoformat() if label.issued else None,
        "expires": label.expires.isoformat() if label.expires else None,
        "covers_series": label.covers_series,
        "note": label.note,
        "raw": dict(label.raw),
    }


def change_data(change: Change) -> dict[str, Any]:
    """A change as JSON values."""
    return {
        "change": change.kind.value,
        "number": change.label.number,
        "makers": list(change.label.makers),
        "products": list(change.label.products),
        "before": change.before,
        "after": change.after,
        "worse": change.worse,
    }
