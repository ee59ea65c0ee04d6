"""Keys under which two spellings of the same thing are equal, and nothing else is.

Number, model, maker, product and version each have their own key. All of them ignore width, case,
runs of white space, glyph variants of the same kanji, and which of the many dashes was typed. Names
(makers, products) also ignore the long-vowel mark at the end of a kana word; makers ignore their
legal form. **Model keys keep every dash**: `A-1` and `A1` are two models until a person says that
they are one. Every key is idempotent: the key of a key is the key.

References: Unicode UAX #15 (NFKC turns half-width kana, full-width letters, ㈱ and Roman numerals
into plain ones); JIS Z 8301 on the long-vowel mark at the end of loan words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_CACHE = 65_536
"""Texts kept per key: more than the distinct names of the largest list foreseen."""

# Hyphens, dashes, minus signs and the box-drawing lines that are typed for them. The katakana
# long-vowel mark is not here: between ASCII letters or digits it is a dash, elsewhere a vowel.
_DASHES = (
    "\u00ad\u02d7\u058a\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2500\u2501"
    "\u2796\u2e3a\u2e3b\ufe58\ufe63\uff0d"
)
_WAVES = "\u301c\u3030\uff5e\u223c\u223e"
_INVISIBLE = (  # zero-width, bidirectional and variation marks
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069"
    "\ufeff\ufe0e\ufe0f\U000e0100\U000e0101\U000e0102"
)
_MARKS = "™®©℠"
# Glyph variants and old forms that offices use one for the other in company names. NFKC leaves
# them apart because they are characters of their own.
_KANJI = {
    "髙": "高", "﨑": "崎", "碕": "崎", "𠮷": "吉", "德": "徳", "黑": "黒", "濵": "浜", "濱": "浜",
    "邊": "辺", "邉": "辺", "齋": "斎", "齊": "斉", "澤": "沢", "國": "国", "廣": "広", "櫻": "桜",
    "惠": "恵", "藏": "蔵", "眞": "真", "冨": "富", "會": "会", "槗": "橋", "𣘺": "橋", "桒": "桑",
    "瀨": "瀬", "瀧": "滝", "淸": "清", "靑": "青", "曻": "昇",
    "緖": "緒", "增": "増", "鷗": "鴎", "礒": "磯", "嵜": "崎", "寳": "宝", "寶": "宝", "區": "区",
    "圓": "円", "學": "学", "應": "応", "總": "総", "關": "関", "龍": "竜", "舘": "館",
}  # fmt: skip

# NFKC would make plain digits of these, and KX² is not KX2.
_RAISED = {mark: f"^{n}" for n, mark in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
_LOWERED = {mark: f"_{n}" for n, mark in enumerate("₀₁₂₃₄₅₆₇₈₉")}
_CIRCLED = {chr(0x2460 + n): f"({n + 1})" for n in range(20)}

_TABLE = str.maketrans(
    _RAISED
    | _LOWERED
    | _CIRCLED
    | dict.fromkeys(_DASHES, "-")
    | dict.fromkeys(_WAVES, "~")
    | dict.fromkeys(_INVISIBLE + _MARKS, "")
    | _KANJI
)
_VOWEL_AS_DASH = re.compile(r"(?<=[0-9a-z])[ーｰ](?=[0-9a-z])")
_LONG_VOWEL_END = re.compile(r"(?<=[ァ-ヺー][ァ-ヺ])ー(?![ァ-ヺー])")
_SPACE_BESIDE_JAPANESE = re.compile(
    r"(?<=[\u3040-\u30ff\u3400-\u9fff]) | (?=[\u3040-\u30ff\u3400-\u9fff])"
)


def _folded(text: str) -> str:
    """Width, case, dashes, kanji variants and white space made one."""
    if text.isascii():
        return " ".join(text.lower().split())
    for _ in range(4):  # case and compatibility folding may uncover each other; settles by two
        before = text
        text = unicodedata.normalize("NFKC", text.translate(_TABLE)).casefold().translate(_TABLE)
        text = _VOWEL_AS_DASH.sub("-", " ".join(text.split()))
        if text == before:
            break
    return text


def _settled(text: str, step: Callable[[str], str]) -> str:
    """`step` on the folded text until nothing changes: what a step uncovers is folded again."""
    key = step(_folded(text))
    for _ in range(8):
        again = step(_folded(key))
        if again == key:
            break
        key = again
    return key


_NUMBER_PREFIX = re.compile(
    r"^(?:登録番号|(?:登録|registration)(?:no|number)|no)[.:]+"  # No.: 12, 登録番号: 12
    r"|^(?:登録番号|(?:登録|registration)(?:no|number))(?=.)"
    r"|^no(?=[0-9])"
)


@lru_cache(_CACHE)
def number_key(text: str) -> str:
    """Key of a registration number: without spaces and without the words "registration number"."""
    return _settled(text, _bare_number)


def _bare_number(key: str) -> str:
    key = key.replace(" ", "")
    return _NUMBER_PREFIX.sub("", key) or key


@lru_cache(_CACHE)
def model_key(text: str) -> str:
    """Key of a model number. Dashes, dots and single spaces stay."""
    return _folded(text)


_VERSION_PREFIX = re.compile(
    r"^(?:software|firmware|ファームウェア|ソフトウェア)? ?"
    r"(?:version|ver\.?|v\.?|バージョン) ?(?=[0-9])"
)


@lru_cache(_CACHE)
def version_key(text: str) -> str:
    """Key of a version: `Ver. 1.2`, `V1.2` and `1.2` are one; `1.2` and `1.2.0` are two."""
    return _settled(text, lambda key: _VERSION_PREFIX.sub("", key))


@lru_cache(_CACHE)
def product_key(text: str) -> str:
    """Key of a product name: コントローラー is コントローラ; spaces beside kana are dropped."""
    return _settled(text, _name)


def _name(key: str) -> str:
    if key.isascii():
        return key
    return _SPACE_BESIDE_JAPANESE.sub("", _LONG_VOWEL_END.sub("", key))


_FORMS_JA = (
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "合名会社",
    "(株)",
    "(有)",
    "(同)",
    "(合)",
)
_FORMS_EN = frozenset(
    {
        "inc", "incorporated", "co", "company", "ltd", "limited", "corp", "corporation", "gmbh",
        "kk", "llc", "llp", "plc", "ag", "sa", "srl", "spa", "bv", "nv", "oy", "ab", "pte", "pty",
        "kabushiki", "kaisha", "a/s",
    }
)  # fmt: skip
_MAKER_NOISE = re.compile(r"[.・'’\"]")
_MAKER_SPLIT = re.compile(r"[,\s]+")


@lru_cache(_CACHE)
def maker_key(text: str) -> str:
    """Key of a company's name, without its legal form: ㈱髙橋電機, 高橋電機(株), 高橋電機."""
    return _settled(text, _without_form)


def _without_form(key: str) -> str:
    words = _MAKER_SPLIT.split(_MAKER_NOISE.sub("", key).strip(" ,"))
    while len(words) > 1 and words[-1].strip("()") in _FORMS_EN:
        words.pop()
    name = _LONG_VOWEL_END.sub("", "".join(words))
    for form in _FORMS_JA:
        shorter = name.removeprefix(form).removesuffix(form)
        name = shorter or name
    return name


_BRACKETS = re.compile(r"\([^()]*\)")


@lru_cache(_CACHE)
def maker_keys(printed: str) -> frozenset[str]:
    """All keys that one printed maker cell stands for.

    `TMEIC（東芝三菱電機産業システム）` is also plain TMEIC; 「甲／乙」 is two companies. What stands
    in brackets is not taken as a name by itself: it may as well be a country. For the list's side
    only: what a device states is one name, compared whole.
    """
    folded = _folded(printed)
    for form in _FORMS_JA:
        folded = folded.replace(form, " ")
    found = {maker_key(folded), maker_key(_BRACKETS.sub(" ", folded))}
    parts = _DANISH.sub(" ", folded).split("/")
    if all(len(part.strip()) >= _SHORTEST_NAME for part in parts):
        for part in parts:
            found |= {maker_key(part), maker_key(_BRACKETS.sub(" ", part))}
    return frozenset(key for key in found if key)


_DANISH = re.compile(r"\ba/s\b")
_SHORTEST_NAME = 2
"""A slash beside a single letter is part of one name."""


_SKELETON = re.compile(r"[^0-9a-z\u3040-\u9fff]+")
_LOOKALIKE = str.maketrans("oil", "011")


def skeleton(key: str) -> str:
    """A key without punctuation and with letters that look like digits as digits.

    Only for proposing candidates to a person; two different models may share a skeleton.
    """
    return _SKELETON.sub("", key).translate(_LOOKALIKE)
