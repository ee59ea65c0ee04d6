r"""An extract of a journal: a part of it that can be checked alone, line by line.

The first line says what the first entry is chained to. Then come the entries that were asked for,
after them the hashes of those up to the next checkpoint, and the checkpoint, so that a signature
covers all of it. Each line is one canonical JSON object:

    {"base":{"digest":…,"number":…},"sekisho":"journal-extract/1"}
    {"digest":…,"entry":{…},"n":…}
    {"digest":…,"leaf":…,"n":…}
    {"checkpoint":…}

The lines may stand between two marks in a page that people read; there `>` is written `\u003e`, so
that nothing in them can end a comment of HTML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.strict_json import Flaw, Malformed, parse
from sekisho.evidence.canonical import read, written
from sekisho.evidence.chain import DIGEST_BYTES, Tip
from sekisho.gate.journal.log import Log, Row, row_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sekisho.evidence.checkpoint import Checkpoint

FORMAT = "journal-extract/1"
BEGIN = b"-----BEGIN SEKISHO JOURNAL EXTRACT-----"
END = b"-----END SEKISHO JOURNAL EXTRACT-----"
MOST_LINE = 128 * 1024
"""Longest line."""


class NoExtract(Exception):  # noqa: N818 - it says what the file is
    """The bytes are no extract."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line = line
        """Counted from 1; 0 where no line is at fault."""
        self.why = why


def extract(
    log: Log, first: int, last: int, marks: Iterable[Checkpoint], *, embedded: bool = False
) -> Iterator[bytes]:
    """The lines of an extract.

    Args:
        log: the journal, or an extract of it.
        first: number of the first entry.
        last: number of the last entry; at least `first`.
        marks: the journal's checkpoints in the order of their counts.
        embedded: the lines will stand in a page.
    """
    spell = _embedded if embedded else _plain
    covering = [mark for mark in marks if mark.count >= first]
    inside = [mark for mark in covering if mark.count <= last]
    after = [mark for mark in covering if mark.count >= last][:1]
    up_to = max([last, *(mark.count for mark in after)])
    before = log.base if first == log.base.number + 1 else _tip(log, first - 1)
    base = {"number": before.number, "digest": before.digest.hex()}
    yield spell({"sekisho": FORMAT, "base": base})
    for row in log.rows(first, up_to):
        yield spell(_line(row, whole=row.number <= last))
    for mark in {mark.count: mark for mark in (*inside, *after)}.values():
        yield spell({"checkpoint": mark.token.decode("ascii")})


def _tip(log: Log, number: int) -> Tip:
    row = next(iter(log.rows(number, number)))
    return Tip(row.number, row.digest)


def _line(row: Row, *, whole: bool) -> dict[str, object]:
    line: dict[str, object] = {"n": row.number, "digest": row.digest.hex()}
    if whole and row.entry is not None:
        return line | {"entry": read(row.entry)}
    return line | {"leaf": row.leaf.hex()}


def _plain(value: dict[str, object]) -> bytes:
    return written(value) + b"\n"


def _embedded(value: dict[str, object]) -> bytes:
    return _plain(value).replace(b">", b"\\u003e")


def opened_extract(name: str, content: bytes) -> Log:
    """The log in an extract, or in a page that carries one.

    Raises:
        NoExtract: a line is not as one of ours is spelled.
    """
    rows: list[Row] = []
    tokens: list[bytes] = []
    base: Tip | None = None
    for place, line in _lines(content):
        try:
            value = _value(line)
            if base is None:
                base = _base(value)
            elif set(value) == {"checkpoint"}:
                tokens.append(str(value["checkpoint"]).encode("ascii"))
            else:
                rows.append(_row(value, at_end=bool(tokens)))
        except (Malformed, ValueError) as error:
            raise NoExtract(place, str(error)) from error
    if base is None:
        raise NoExtract(0, "empty")
    held = tuple(rows)
    return Log(
        name=name,
        base=base,
        last=max((row.number for row in held), default=base.number),
        tokens=tuple(tokens),
        whole=False,
        rows=lambda first, to: (row for row in held if first <= row.number <= to),
    )


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The extract's lines with their places in the file."""
    bare = content.removesuffix(b"\n").split(b"\n") if content else []
    begin, end = 0, len(bare)
    if BEGIN in bare:
        begin = end - bare[::-1].index(BEGIN)  # the last one: what stands before it is for people
        if END not in bare[begin:]:
            raise NoExtract(0, "cut off before its end mark")
        end = bare.index(END, begin)
    elif content and not content.endswith(b"\n"):
        raise NoExtract(end, "cut off within its last line")
    for place in range(begin, end):
        yield place + 1, bare[place]


def _value(line: bytes) -> dict[str, object]:
    if len(line) > MOST_LINE:
        raise Malformed(Flaw.SIZE, "too long")
    value = parse(line, len(line))
    if not isinstance(value, dict):
        raise Malformed(Flaw.JSON, "no object")
    spelled = written(value)
    if line not in (spelled, spelled.replace(b">", b"\\u003e")):
        raise Malformed(Flaw.JSON, "another spelling")
    return value


def _base(value: dict[str, object]) -> Tip:
    base = value.get("base")
    if value.get("sekisho") != FORMAT or set(value) != {"sekisho", "base"}:
        raise Malformed(Flaw.FORM, "not the first line of an extract")
    if not isinstance(base, dict) or set(base) != {"number", "digest"}:
        raise Malformed(Flaw.FORM, "not the first line of an extract")
    return Tip(_number(base["number"]), _digest(base["digest"]))


def _row(value: dict[str, object], *, at_end: bool) -> Row:
    if at_end:
        raise Malformed(Flaw.FORM, "an entry after a checkpoint")
    match value:
        case {"n": number, "digest": digest, "entry": dict(entry), **more} if not more:
            return row_of(_number(number), written(entry), _digest(digest))
        case {"n": number, "digest": digest, "leaf": leaf, **more} if not more:
            return Row(_number(number), None, _digest(leaf), _digest(digest))
        case _:
            raise Malformed(Flaw.FORM, "no line of an extract")


def _number(value: object) -> int:
    if type(value) is not int or value < 0:
        raise Malformed(Flaw.VALUE, "no number of an entry")
    return value


def _digest(value: object) -> bytes:
    digest = bytes.fromhex(value) if isinstance(value, str) else b""
    if len(digest) != DIGEST_BYTES or digest.hex() != value:
        raise Malformed(Flaw.VALUE, "no digest")
    return digest
