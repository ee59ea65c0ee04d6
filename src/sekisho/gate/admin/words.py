"""Names, passwords and codes as people give them: what is taken, and why something is not."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from typing import TYPE_CHECKING

from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LEAST_PASSWORD = 12
MOST_PASSWORD = 128
"""In characters; longer ones only cost time."""
_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}", re.ASCII)
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of set-up and recovery codes: without letters that look like digits."""
CODE_LENGTH = 20
"""100 random bits."""
_GROUP = 5

BAD_NAME = Text(
    "利用者名は英小文字で始まる 2～32 文字(英小文字・数字・. _ -)にしてください。",
    "A user name has 2 to 32 characters: small letters, digits, . _ -, a letter first.",
)
TOO_SHORT = Text(
    "パスワードは 12 文字以上にしてください。", "A password has at least 12 characters."
)
TOO_LONG = Text(
    "パスワードは 128 文字以下にしてください。", "A password has at most 128 characters."
)
TOO_COMMON = Text(
    "よく使われるパスワードです。別のものにしてください。",
    "This password is a common one. Choose another.",
)
HOLDS_NAME = Text(
    "パスワードに利用者名や装置の名前を含めないでください。",
    "A password must not hold the user's or the device's name.",
)
TOO_SIMPLE = Text(
    "同じ文字の繰返しや並びではないパスワードにしてください。",
    "A password is not one run or repetition of the same few signs.",
)
_LEAST_SIGNS = 5
_MOST_DRESSING = 4
"""Digits and signs after a word that do not make it another one."""
_OWN_NAMES = ("sekisho",)


def spelt(word: str) -> str:
    """A password in one spelling (NFKC, as NIST SP 800-63B section 5.1.1.2 asks)."""
    return unicodedata.normalize("NFKC", word)


def name_fault(name: str) -> Text | None:
    """Why this cannot be a user's name."""
    return None if _NAME.fullmatch(name) else BAD_NAME


def password_fault(password: str, name: str, is_common: Callable[[str], bool]) -> Text | None:
    """Why this cannot be a user's password; None: it can.

    Args:
        password: as `spelt`.
        name: the user's.
        is_common: whether a word in small letters is on a list of common passwords.
    """
    small = password.lower()
    if len(password) < LEAST_PASSWORD:
        return TOO_SHORT
    if len(password) > MOST_PASSWORD:
        return TOO_LONG
    if len(set(small)) < _LEAST_SIGNS:
        return TOO_SIMPLE
    if any(own in small for own in (name, *_OWN_NAMES) if own):
        return HOLDS_NAME
    if any(is_common(one) for one in _stems(small)):
        return TOO_COMMON
    return None


def _stems(small: str) -> Iterator[str]:
    """The word, and what it is made of where it was only dressed up or written twice."""
    yield small
    yield re.sub(r"^[^a-z]+|[^a-z]+$", "", small)
    short = small
    for _ in range(_MOST_DRESSING):
        if not short or short[-1].isalpha():
            break
        short = short[:-1]
        yield short
    half = small[: len(small) // 2]
    if half * 2 == small:
        yield half


def code_of(choose: Callable[[str], str]) -> str:
    """A new code for people, in groups of five.

    Args:
        choose: one letter of a word at random.
    """
    letters = "".join(choose(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return "-".join(letters[at : at + _GROUP] for at in range(0, CODE_LENGTH, _GROUP))


def digest(secret: str) -> str:
    """What is kept of a random secret (never of a password, which can be guessed)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def code_digest(code: str) -> str:
    """What is kept of a code for people: small letters, spaces and dashes are forgiven."""
    return digest(re.sub(r"[\s-]", "", code.upper()))


def matches(kept: str | None, given: str) -> bool:
    """Whether two digests are the same, in a time that tells nothing."""
    return kept is not None and hmac.compare_digest(kept.encode(), given.encode())
