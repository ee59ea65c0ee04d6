"""What to do about a text that is not TOML.

`tomllib` says in English what it expected and where. The person who wrote the file wants to know
what to write, so each of its messages is answered with that.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sekisho.site.faults import quoted
from sekisho.terms.errors import Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLACE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)\s*$")
_FULL_WIDTH = re.compile(r"[＝＂“”＇‘’［］｛｝，．＃\u3000]")
_STRING = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*')

_VALUE = Text(
    '文字は "…" で囲んでください(例: area = "tokyo")。真偽は true / false、日付は 2027-05-10、数は単位なし(例: rated_kw = 50_000)。',
    'Put text in quotes (area = "tokyo"); truth is true or false, a date is 2027-05-10, a number has no unit (rated_kw = 50_000).',
)
_ANSWERS: Sequence[tuple[str, Text, Text]] = (
    (
        "Cannot overwrite a value",
        Text("同じキーが2回書かれています。", "The same key is written twice."),
        Text("どちらか1行を消してください。", "Delete one of the two lines."),
    ),
    (
        "Cannot declare",
        Text("同じ表が2回書かれています。", "The same table is declared twice."),
        Text(
            "1つにまとめてください。機器・外部・接続は二重かっこで [[device]] [[external]] [[link]]。",
            "Merge the two; devices, externals and links take two brackets: [[device]] [[external]] [[link]]",
        ),
    ),
    ("Invalid value", Text("値が読めません。", "The value cannot be read."), _VALUE),
    (
        "Expected newline or end of document after a statement",
        Text("値の後に余分な文字があります。", "There is something after the value."),
        Text(
            "1行に1つの「キー = 値」だけを書き、単位や説明は # の後に書いてください(例: rated_kw = 50_000  # kW)。",
            "Write one key = value on a line; a unit or a remark goes after # (rated_kw = 50_000  # kW).",
        ),
    ),
    (
        "Expected '=' after a key",
        Text("キーの後に「=」がありません。", "There is no = after the key."),
        Text(
            '「キー = 値」の形で書いてください(例: area = "tokyo")。',
            'Write key = value (area = "tokyo").',
        ),
    ),
    (
        "Invalid date or datetime",
        Text("暦にない日付です。", "This is not a day of the calendar."),
        Text("YYYY-MM-DD で書いてください(例: 2027-05-10)。", "Write YYYY-MM-DD (2027-05-10)."),
    ),
    (
        "Unterminated string",
        Text("引用符が閉じていません。", "A quotation mark is not closed."),
        Text('同じ行で " を閉じてください。', 'Close it with " on the same line.'),
    ),
    (
        "Unclosed",
        Text("かっこが閉じていません。", "A bracket is not closed."),
        Text("] または } を補ってください。", "Add the ] or }."),
    ),
    (
        "Unescaped '\\'",
        Text(
            '" の中では \\ をそのまま書けません。',  # noqa: RUF100  Japanese quotes
            "A \\ cannot stand alone in double quotes.",
        ),
        Text(
            "\\\\ と二重に書くか、' ' で囲んでください。",
            "Write \\\\ twice, or use single quotes ' '.",
        ),
    ),
    (
        "Illegal character '\\n'",
        Text("引用符が閉じていません。", "A quotation mark is not closed."),
        Text('同じ行で " を閉じてください。', 'Close it with " on the same line.'),
    ),
    (
        "Illegal character",
        Text(
            "目に見えない制御文字があります。", "There is a control character that cannot be seen."
        ),
        Text("その文字を消してください。", "Delete that character."),
    ),
    (
        "Found invalid character",
        Text(
            "目に見えない制御文字があります。", "There is a control character that cannot be seen."
        ),
        Text("その文字を消してください。", "Delete that character."),
    ),
    (
        "Expected ']",
        Text("表の見出しのかっこが合いません。", "The brackets of a table's header do not match."),
        Text("[site] または [[device]] の形で書いてください。", "Write [site] or [[device]]."),
    ),
    (
        "Invalid initial character for a key part",
        Text("キーに使えない文字があります。", "The key has a character that keys cannot have."),
        Text("キーは半角の英小文字と _ で書いてください。", "Write keys in ASCII letters and _."),
    ),
)
_OTHERWISE = (
    Text("TOML として読めません。", "This is not TOML."),
    Text(
        '「[表]」か「キー = 値」の形で書いてください。全体の形は "sekisho site new" のひな形を参照してください。',
        'Write [table] or key = value; "sekisho site new" shows the whole form.',
    ),
)


def syntax_problem(error: ValueError, text: str, where: str) -> Problem:
    """What to do about the error that `tomllib` raised on the text."""
    message = str(error)
    place = _PLACE.search(message)
    lines = text.split("\n")
    number = int(place[1]) if place and place[1] else len(lines) if place else None
    line = lines[number - 1] if number is not None and number <= len(lines) else ""
    full_width = _FULL_WIDTH.search(_STRING.sub("", line))
    where = where if number is None else f"{where}:{number}"
    if full_width is not None:
        return Problem(
            where,
            Text("全角の「{c}」があります。", 'There is a full-width "{c}".').fill(
                c=full_width[0] if full_width[0] != "\u3000" else "U+3000"
            ),
            Text(
                '記号と空白は半角で書いてください(= " [ ] , #)。',
                'Write signs and spaces in half width (= " [ ] , #).',
            ),
        )
    for start, what, remedy in _ANSWERS:
        if message.startswith(start):
            return Problem(where, _with_line(what, line), remedy)
    return Problem(where, _with_line(_OTHERWISE[0], line), _OTHERWISE[1])


def _with_line(what: Text, line: str) -> Text:
    if not line.strip():
        return what
    return Text("{what}(行: {line})", "{what} (line: {line})").fill(
        what=what, line=quoted(line.strip())
    )
