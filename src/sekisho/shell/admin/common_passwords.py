"""Passwords that everybody tries: the lists that ship with zxcvbn, held in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zxcvbn.frequency_lists import FREQUENCY_LISTS

if TYPE_CHECKING:
    from collections.abc import Callable


def common_passwords() -> Callable[[str], bool]:
    """Whether a word in small letters is on a list of common passwords, words or names."""
    words = frozenset(word.lower() for words in FREQUENCY_LISTS.values() for word in words)
    return words.__contains__
