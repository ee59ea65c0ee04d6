"""What one cell of a list says: a day, a level, a status word, model numbers.

Each reader gives what it is sure of and nothing else. What cannot be read is unknown, and the list
reader reports it; nothing is guessed and nothing is dropped.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from sekisho.register.model import LabelStatus
from sekisho.register.normalise import model_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.terms.sheet import Cell

_NOTHING = frozenset(
    {"", "-", "--", "---", "ー", "~", "なし", "無し", "該当なし", "n/a", "na", "none"}
)
_LONGEST_NOTHING = 8
_CACHE = 65_536

# ---- days ------------------------------------------------------------------------------------

_ISO = re.compile(r"(?<!\d)(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*日?")
_ERA = re.compile(
    r"(?:令和|令|r)\s*(\d{1,2}|元)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*日?"
)
_COMPACT = re.compile(r"(?<!\d)(20\d\d)([01]\d)([0-3]\d)(?!\d)")
_MONTHS = {
    name: n
    for n, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_ENGLISH = re.compile(
    r"(?:(\d{1,2})\s+)?([a-z]{3,9})\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(20\d\d)"
)
_REIWA_BEFORE = 2018
"""令和 1 is 2019."""
_YEARS = range(2000, 2100)
"""Years that a day of this scheme can have, in a date cell as in a text: 9999-12-31 is no expiry."""
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(43_831, 73_051)
"""Day numbers of 2020 to 2099; a number outside is no day of this scheme."""


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing: empty, a dash, なし."""
    return len(text) <= _LONGEST_NOTHING and model_key(text) in _NOTHING


def read_days(cell: Cell) -> tuple[date, ...] | None:
    """All days that a cell names, in its order; () for an empty cell, None for an unreadable one."""
    match cell:
        case str():
            return days_in(cell) or (() if is_nothing(cell) else None)
        case None:
            return ()
        case date():
            return (cell,) if cell.year in _YEARS else None
        case float():
            serial = int(cell)
            return (_EXCEL_EPOCH + timedelta(serial),) if serial in _EXCEL_DAYS else None


@lru_cache(_CACHE)
def days_in(text: str) -> tuple[date, ...]:
    """The calendar days named in a text: ISO, 2026/5/21, 2026年5月21日, 令和8年5月21日, 21 May 2026.

    A month without a day, or a day and month that could be swapped, is not a day.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    found: list[tuple[int, date]] = []
    for pattern in (_ISO, _COMPACT):
        for hit in pattern.finditer(plain):
            _add(found, hit.start(), int(hit[1]), int(hit[2]), int(hit[3]))
    for hit in _ERA.finditer(plain):
        year = 1 if hit[1] == "元" else int(hit[1])
        _add(found, hit.start(), _REIWA_BEFORE + year, int(hit[2]), int(hit[3]))
    for hit in _ENGLISH.finditer(plain):
        number = hit[1] or hit[3]
        if number and hit[2][:3] in _MONTHS:
            _add(found, hit.start(), int(hit[4]), _MONTHS[hit[2][:3]], int(number))
    return tuple(day for _, day in sorted(found))


def _add(found: list[tuple[int, date]], at: int, year: int, month: int, day: int) -> None:
    try:
        found.append((at, date(year, month, day)))
    except ValueError:  # 31 April
        return


# ---- level and status ------------------------------------------------------------------------

_LEVELS = re.compile(r"[1-4]")
_STARS = range(1, 5)
"""★4 is the highest."""
_LEVEL_WORDS = re.compile(r"(?:★|☆|star|レベル|level|jc|適合|ラベル|[-\s():・])*")


@lru_cache(_CACHE)
def read_level(text: str) -> int | None:
    """★1 to ★4 from `★1`, `STAR-1`, `レベル1`, `1` or `★★`; None where it says anything else."""
    plain = unicodedata.normalize("NFKC", text).lower()
    digits = set(_LEVELS.findall(plain))
    if _LEVEL_WORDS.fullmatch(_LEVELS.sub("", plain)) is None:
        return None
    if len(digits) == 1:
        return int(digits.pop())
    stars = plain.count("★")
    return stars if not digits and stars in _STARS else None


_STATUS_WORDS = {
    LabelStatus.VALID: ("有効", "valid"),
    LabelStatus.EXTENSION_PENDING: (
        "失効猶予延長申請中", "失効猶予", "延長申請中", "extension pending", "pending extension",
        "pending expiration extension applied for", "pending expiration",
    ),
    LabelStatus.EXPIRED: (
        "失効有効期限切れ", "失効期限切れ", "有効期限切れ", "期限切れ", "失効有効期限切", "有効期限切",
        "expired", "expired validity ended",
    ),
    LabelStatus.WITHDRAWN: (
        "失効自主取下げ", "失効自主取り下げ", "失効自主取下", "自主取下げ", "自主取り下げ", "自主取下",
        "withdrawn", "expired withdrawn by the vendor", "expired withdrawn", "withdrawn by the vendor",
    ),
    LabelStatus.REVOKED: ("取消し", "取消", "取り消し", "登録取消し", "登録取消", "revoked", "cancelled by ipa"),
}  # fmt: skip
_STATUS = {
    word.replace(" ", ""): status for status, words in _STATUS_WORDS.items() for word in words
}
_NOT_A_LETTER = re.compile(r"[\s()\[\]{}<>〈〉《》【】「」『』:,、。・‥…*※○◯●-]+")


@lru_cache(_CACHE)
def read_status(text: str) -> LabelStatus:
    """The status word in any width and with any brackets; `UNKNOWN` for every other word.

    Two languages side by side (有効 / valid) must say the same.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    found = {
        _STATUS.get(_NOT_A_LETTER.sub("", part), LabelStatus.UNKNOWN) for part in plain.split("/")
    }
    return found.pop() if len(found) == 1 else LabelStatus.UNKNOWN


# ---- model numbers ---------------------------------------------------------------------------

_LONGEST_RANGE = 20
"""GYES2〜4 is three models; a longer range is more likely a step or a rating than every number."""
_LARGEST_TAIL_DIGITS = 2
_STEP = 10
"""`100〜500` may go in steps: where both ends are multiples of ten nothing is expanded."""
MAX_MODELS = 2_000
"""Models of one label; the first published list had 477 on 26 labels."""

_BETWEEN_MODELS = re.compile(
    r"[\r\n、;；|｜]+|,(?!\d{3}(?!\d))|，|・(?=[\s0-9A-Za-z])|(?<=[0-9A-Za-z\s])・"
)
_SLASH = re.compile(r"\s*[/／]\s*")
_RANGE = re.compile(r"(.*?[^\d.])(\d+)\s*[〜～~∼〰]\s*(.*?)(\d+)")
_WAVE = re.compile("[〜～~∼〰]")
_SHORTEST_MODEL = 4


@lru_cache(_CACHE)
def split_models(cell: str) -> tuple[str, ...]:
    """The model numbers in one cell.

    Line breaks, 、 ・ commas and semicolons separate. A slash separates only where every part is a
    whole model number of one family, because `ABC-100/200` may be a single model. A range of plain
    small numbers at the end (`GYES2〜4`) is expanded; any other is kept as it is written and
    matches nothing by itself.
    """
    found: dict[str, None] = {}
    for piece in _BETWEEN_MODELS.split(unicodedata.normalize("NFC", cell)):
        for part in _slashed(piece.strip(" \t\u3000")):
            for model in _expanded(part.strip(" \t\u3000")):
                if not is_nothing(model) and len(found) < MAX_MODELS:
                    found[model] = None
    return tuple(found)


def _slashed(piece: str) -> Iterable[str]:
    if "/" not in piece and "／" not in piece:
        return (piece,)
    parts = _SLASH.split(piece)
    whole = all(
        len(part) >= _SHORTEST_MODEL
        and part[:2].casefold() == parts[0][:2].casefold()
        and part[:2].isalpha()
        for part in parts
    )
    return parts if whole else (piece,)


def _expanded(part: str) -> Iterable[str]:
    if _WAVE.search(part) is None:
        return (part,)
    hit = _RANGE.fullmatch(unicodedata.normalize("NFKC", part) if not part.isascii() else part)
    if hit is None:
        return (part,)
    stem, low, stem_again, high = hit.groups()
    first, last = int(low[:9]), int(high[:9])
    plain = (
        stem_again in {"", stem}
        and max(len(low), len(high)) <= _LARGEST_TAIL_DIGITS
        and (len(low) == len(high) or not (low + high).startswith("0"))
        and 0 < last - first <= _LONGEST_RANGE
        and not (first % _STEP == last % _STEP == 0)
    )
    width = len(low) if low.startswith("0") else 0
    return [f"{stem}{n:0{width}d}" for n in range(first, last + 1)] if plain else (part,)


_WHOLE_SERIES = re.compile(
    r"(?:シリーズ)?[・の\s(]*(?:全|すべての|全ての)\s*(?:型式|型番|機種|モデル|シリーズ|型名)"
    r"|シリーズ\s*全(?:体|般)|all\s+models|(?:entire|whole)\s+series"
)
_EXCEPT = re.compile(r"除|以外|一部|not all|except|exclud|other than")


@lru_cache(_CACHE)
def says_whole_series(text: str) -> bool:
    """Whether a product or model cell says that the whole series is meant.

    A name that merely contains シリーズ says nothing about its members, and neither does a
    statement with exceptions.
    """
    if text.isascii() and "all" not in (plain := text.lower()) and " series" not in plain:
        return False  # a model number
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _WHOLE_SERIES.search(plain) is not None and _EXCEPT.search(plain) is None


@lru_cache(_CACHE)
def series_name(text: str) -> str:
    """A product name without the words "series", "all models" and their brackets."""
    plain = _WHOLE_SERIES.sub(" ", unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"[()\s]+$|^[()\s]+", "", re.sub(r"シリーズ|\bseries\b", " ", plain)).strip()
