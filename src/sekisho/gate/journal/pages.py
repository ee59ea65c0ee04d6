"""The journal's pages: what was verified, and entries as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.strict_json import Malformed
from sekisho.gate.journal.entries import Entry
from sekisho.gate.journal.form import read_entry
from sekisho.gate.journal.judgement import WORDS, finding_data, finding_text, headline, remarks
from sekisho.gate.journal.said import UNKNOWN, jst, said
from sekisho.present.document import Banner, Bullets, Cell, Document, Heading, Paragraph, Table
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.gate.journal.document import EntryDoc, ShownDoc, ShownEntryDoc, VerifiedDoc
    from sekisho.gate.journal.judgement import Judgement
    from sekisho.gate.journal.log import Row
    from sekisho.present.document import Block
    from sekisho.terms.texts import Lang

_TITLE = Text("ジャーナル: {name}", "Journal: {name}")
_CHECKED = Text("記録 {first} 番から {last} 番", "Entries {first} to {last}")
_OF_TIME = Text("{numbers}、{first} から {last}(日本)", "{numbers}, {first} to {last} (Japan)")
_EMPTY = Text("記録はありません", "No entries")
_FOUND = Text("見つかったこと", "What was found")
_MORE = Text("ほかに {n} 件あります。", "And {n} more.")
_HEADER = (
    Text("番号", "No."),
    Text("時刻(日本)", "Time (Japan)"),
    Text("種類", "Kind"),
    Text("内容", "What happened"),
)
_UNREADABLE = Text("読めない記録です。", "An entry that cannot be read.")
_SHOWN = Text("{all} 件のうち最後の {shown} 件", "The last {shown} of {all}")
_NONE = Text("該当する記録はありません。", "There are no such entries.")
_CARRIES = Text(
    "このファイルの終わりには、上の記録がそのままの形で、つながりを示す値と署名とともに入っています。"
    "sekisho journal verify で確かめられるのはその部分です。上の表は読むためのもので、証拠ではありません。"
    "sekisho journal show は表を記録から作り直します。",
    "The end of this file carries the entries as they were written, with their digests and the signed "
    "checkpoint. That part is what sekisho journal verify checks. The table above is for reading and is "
    "no evidence; sekisho journal show makes it anew from the entries.",
)


def verified_page(judged: Judgement, lang: Lang) -> Document:
    """The outcome of `journal verify`."""
    checked = judged.checked
    span = _EMPTY
    if checked.entries:
        span = _CHECKED.fill(first=checked.base.number + 1, last=checked.tip.number)
    found = [finding_text(finding).says(lang) for finding in checked.findings]
    if checked.unsaid:
        found.append(_MORE.fill(n=checked.unsaid).says(lang))
    said_too = tuple(remark.says(lang) for remark in remarks(judged))
    blocks: tuple[Block, ...] = (
        Banner(judged.verdict, headline(judged).says(lang), span.says(lang)),
        *((Heading(2, _FOUND.says(lang)), Bullets(tuple(found))) if found else ()),
        *((Bullets(said_too),) if said_too else ()),
    )
    return _document(_TITLE.fill(name=judged.name).says(lang), "", lang, blocks)


def verified_data(judged: Judgement) -> VerifiedDoc:
    """The outcome of `journal verify` as published."""
    checked = judged.checked
    return {
        "file": judged.name,
        "verdict": WORDS[judged.verdict],
        "first": checked.base.number + 1,
        "last": checked.tip.number,
        "head": checked.tip.digest.hex(),
        "signed_to": checked.signed_to if judged.key else None,
        "witnessed_to": checked.witnessed_to if judged.witness else None,
        "findings": [finding_data(finding) for finding in checked.findings],
        "findings_unsaid": checked.unsaid,
        "remarks": [{"ja": remark.ja, "en": remark.en} for remark in remarks(judged)],
    }


def shown_page(
    name: str, rows: Sequence[Row], count: int, lang: Lang, *, carries: bool = False
) -> Document:
    """Entries as a table, the oldest first.

    Args:
        name: the journal.
        rows: what is shown.
        count: how many were wanted; more than are shown where only the last ones are.
        lang: of the sentences.
        carries: the page will carry the extract that it shows.
    """
    cells = tuple(tuple(Cell(text) for text in _cells(row, lang)) for row in rows)
    subtitle = _SHOWN.fill(shown=len(rows), all=count).says(lang) if count > len(rows) else ""
    if carries:
        subtitle = _span(rows).says(lang)
    table = Table(tuple(text.says(lang) for text in _HEADER), cells, (1, 4, 2, 10))
    blocks: tuple[Block, ...] = (table if rows else Paragraph(_NONE.says(lang)),)
    notes: tuple[Block, ...] = (Paragraph(_CARRIES.says(lang), small=True),) if carries else ()
    return _document(_TITLE.fill(name=name).says(lang), subtitle, lang, (*blocks, *notes))


def _span(rows: Sequence[Row]) -> Text:
    """Which entries a file carries, and of what time."""
    if not rows:
        return _EMPTY
    times = [e.wall for e in map(_entry, rows) if isinstance(e, Entry)]
    numbers = _CHECKED.fill(first=rows[0].number, last=rows[-1].number)
    if not times:
        return numbers
    return _OF_TIME.fill(numbers=numbers, first=jst(min(times)), last=jst(max(times)))


def shown_data(rows: Sequence[Row], count: int) -> ShownDoc:
    """Entries as published."""
    return {"wanted": count, "entries": [_data(row) for row in rows]}


def _cells(row: Row, lang: Lang) -> tuple[str, str, str, str]:
    entry = _entry(row)
    if entry is None:
        return str(row.number), "", "", _UNREADABLE.says(lang)
    if not isinstance(entry, Entry):
        wall, kind = entry.get("wall"), entry.get("kind")
        when = jst(wall) if isinstance(wall, int) else ""
        return str(row.number), when, str(kind), UNKNOWN.says(lang)
    return str(row.number), jst(entry.wall), entry.kind.value, said(entry).says(lang)


def _data(row: Row) -> ShownEntryDoc:
    entry, digest = _entry(row), row.digest.hex()
    if not isinstance(entry, Entry):
        return {"n": row.number, "digest": digest, "entry": entry}
    sentence = said(entry)
    published: EntryDoc = {
        "kind": entry.kind.value,
        "wall": entry.wall,
        "boot": entry.boot,
        "behind": entry.behind,
        "body": dict(entry.body),
    }
    return {
        "n": row.number,
        "digest": digest,
        "at": jst(entry.wall),
        "says": {"ja": sentence.ja, "en": sentence.en},
        "entry": published,
    }


def _entry(row: Row) -> Entry | dict[str, object] | None:
    try:
        entry = read_entry(row.entry or b"")
    except Malformed:
        return None
    return entry if isinstance(entry, Entry) else dict(entry.value)


def _document(title: str, subtitle: str, lang: Lang, blocks: tuple[Block, ...]) -> Document:
    return Document(
        title=title,
        subtitle=subtitle,
        lang=lang.value,
        footer="",
        blocks=blocks,
    )
