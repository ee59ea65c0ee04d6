"""What is wrong with a command line, in the language that the person asked for.

The parser speaks English only. Its sentences are few; each is said here in Japanese, and one that is
not known stands in brackets, so that nothing is lost.
"""

from __future__ import annotations

import re

from sekisho.terms.texts import Text

_SAID = (
    (r"Missing (?:argument|option|parameter) '(.+?)'.*", "{0} が指定されていません。"),
    (r"No such option: (\S+).*", "{0} というオプションはありません。"),
    (r"No such command '(.+?)'.*", "{0} というコマンドはありません。"),
    (r"Missing command\.", "コマンドが指定されていません。"),
    (r"Option '(.+?)' requires an argument.*", "{0} には値が必要です。"),
    (
        r"Invalid value for '(.+?)': '(.*)' is not one of (.+?)\.?",
        "{0} の値「{1}」は使えません(使える値: {2})。",
    ),
    (
        r"Invalid value for '(.+?)': Input should be greater than or equal to (.+?)\.?",
        "{0} は {1} 以上にしてください。",
    ),
    (
        r"Invalid value for '(.+?)': Input should be less than or equal to (.+?)\.?",
        "{0} は {1} 以下にしてください。",
    ),
    (r"Invalid value for '(.+?)': Input should be a valid integer.*", "{0} は整数にしてください。"),
    (r"Invalid value for '(.+?)': Input should be a valid number.*", "{0} は数にしてください。"),
    (r"Got unexpected extra argument\S* \((.+)\)", "余分な引数があります: {0}"),
)
_MEANT = re.compile(r"Did you mean (.+)\?|\(Possible options: (.+)\)")
_OTHER = "コマンドの指定が正しくありません({0})。"
REMEDY = Text("使い方: {command} --help", "How it is used: {command} --help")


def usage_fault(message: str) -> Text:
    """The parser's sentence in both languages."""
    english = " ".join(message.replace("Value error, ", "").split())
    for pattern, japanese in _SAID:
        hit = re.fullmatch(pattern, english, re.DOTALL)
        if hit is not None:
            return Text(japanese.format(*hit.groups()) + _meant(english), english)
    return Text(_OTHER.format(english), english)


def _meant(english: str) -> str:
    """What the parser thinks was meant, where it says so: one word or several."""
    hit = _MEANT.search(english)
    words = [] if hit is None else (hit[1] or hit[2]).replace("'", "").split(", ")
    return f"「{'」か「'.join(words)}」のことですか。" if words else ""
