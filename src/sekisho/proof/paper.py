"""What documents prove: an item counts as attested with a file's hash and a date of at most 365 days.

A statement in a document is an attestation: somebody says so and can be held to it. It counts only for
the items whose statement names the kind of document, and says nothing about the device itself.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sekisho.evidence.observation_paper import DocumentSeen
from sekisho.evidence.observation_words import Says
from sekisho.proof.evidence import MOST_DAYS
from sekisho.proof.finding import How, absent, broken, left_open, met
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from datetime import date

    from sekisho.evidence.observation_paper import Statement
    from sekisho.proof.evidence import Case, Piece
    from sekisho.proof.finding import Finding
    from sekisho.proof.statement import EvaluationItem

DOCUMENT_TEXTS = {
    "technical": Text("技術文書", "technical document"),
    "user-manual": Text("利用者向け文書", "user manual"),
    "disclosure-policy": Text("脆弱性開示ポリシー", "disclosure policy"),
    "update-policy": Text("アップデート方針", "update policy"),
    "support-notice": Text("サポート期間等の告知", "support notice"),
    "port-table": Text("ポート一覧", "port table"),
    "test-report": Text("試験記録", "test report"),
    "nameplate": Text("銘板の図または写真", "drawing or picture of the nameplate"),
    "attestation": Text("宣言書", "attestation"),
}
_SAYS = Text(
    "{file}({dated}、{place})がそう述べています。",
    "{file} ({dated}, {place}) says so.",
)
_SAYS_NOT = Text(
    "{file}({dated}、{place})が、満たしていないと述べています。",
    "{file} ({dated}, {place}) says that it is not so.",
)
_SAYS_ABSENT = Text(
    "{file}({dated}、{place})が、その機能がないと述べています: {words}",
    "{file} ({dated}, {place}) says that there is no such function: {words}",
)
_NONE = Text(
    "「{title}」ことを述べる書類({kinds})がありません。",
    'No document ({kinds}) that states "{title}" was given.',
)
_NO_FILE = Text(
    "{file} は実物がなく、ハッシュを取れないため、数えません。",
    "{file} was not there to be hashed and does not count.",
)
_NO_DATE = Text(
    "{file} には日付がないため、数えません。", "{file} bears no date and does not count."
)
_OLD = Text(
    "{file} は{days}日前の書類です。{most}日を超えるものは数えません。",
    "{file} is {days} days old; older than {most} days does not count.",
)
_LATER = Text(
    "{file} は基準日より後の日付のため、数えません。",
    "{file} is dated after the day of the question and does not count.",
)
_KIND = Text(
    "{file} は、この項目に数える種類の書類({kinds})ではありません。",
    "{file} is not a document that counts for this item ({kinds}).",
)
_NO_REASON = Text(
    "{file} は機能がないと述べますが、理由がないか、この項目は対象外にできません。",
    "{file} says that there is no such function, without a reason, or for an item that always applies.",
)
_SILENT = Text(
    "{file} は提出されていますが、何を述べるかが書かれていません。",
    "{file} was submitted, and nobody says what it states.",
)
_AND = Text("{first}{second}", "{first} {second}")


def usable(seen: DocumentSeen, as_of: date) -> Text | None:
    """Why a document counts for nothing on a day, or None where it may count."""
    if seen.sha256 is None:
        return _NO_FILE.fill(file=seen.file)
    if seen.dated is None:
        return _NO_DATE.fill(file=seen.file)
    if seen.dated > as_of:
        return _LATER.fill(file=seen.file)
    if as_of - seen.dated > timedelta(days=MOST_DAYS):
        return _OLD.fill(file=seen.file, days=(as_of - seen.dated).days, most=MOST_DAYS)
    return None


def kinds_of(item: EvaluationItem) -> Text:
    """The documents that count for an item, in words."""
    return listed(DOCUMENT_TEXTS[kind] for kind in sorted(item.attested_by))


def attested(case: Case, item: EvaluationItem) -> Finding:
    """What the documents make of an item that documents decide."""
    said: list[tuple[Piece, DocumentSeen, Statement]] = []
    set_aside: list[Text] = []
    for piece, seen in case.evidence.of(DocumentSeen):
        for statement in seen.states:
            if statement.item != item.id:
                continue
            why = _not_counted(case, item, seen, statement)
            if why is None:
                said.append((piece, seen, statement))
            else:
                set_aside.append(why)
    for says in (Says.NOT_FULFILLED, Says.FULFILLED, Says.ABSENT):
        found = [entry for entry in said if entry[2].says is says]
        if found:
            return _told(item, says, found)
    reason = _NONE.fill(title=item.title, kinds=kinds_of(item))
    set_aside += [_SILENT.fill(file=file) for file in _silent(case, item)]
    for why in set_aside:
        reason = _AND.fill(first=reason, second=why)
    return left_open(item, reason)


def _silent(case: Case, item: EvaluationItem) -> list[str]:
    """Documents of a kind that counts, of which nobody says what they state."""
    return sorted(
        {
            seen.file
            for _, seen in case.evidence.of(DocumentSeen)
            if seen.document in item.attested_by and not seen.states
        }
    )


def _not_counted(
    case: Case, item: EvaluationItem, seen: DocumentSeen, statement: Statement
) -> Text | None:
    if seen.document not in item.attested_by:
        return _KIND.fill(file=seen.file, kinds=kinds_of(item))
    if statement.says is Says.ABSENT and (item.absent is None or not statement.words.strip()):
        return _NO_REASON.fill(file=seen.file)
    return usable(seen, case.evidence.as_of)


def _told(
    item: EvaluationItem, says: Says, found: list[tuple[Piece, DocumentSeen, Statement]]
) -> Finding:
    _, seen, statement = found[0]
    pieces = [piece for piece, _, _ in found]
    values = {
        "file": seen.file,
        "dated": seen.dated,
        "place": statement.place or Text("箇所の記載なし", "no place given"),
        "words": statement.words,
    }
    match says:
        case Says.FULFILLED:
            return met(item, How.DOCUMENT, _SAYS.fill(**values), pieces)
        case Says.NOT_FULFILLED:
            return broken(item, How.DOCUMENT, _SAYS_NOT.fill(**values), pieces)
        case Says.ABSENT:
            return absent(item, How.DOCUMENT, _SAYS_ABSENT.fill(**values), pieces)
