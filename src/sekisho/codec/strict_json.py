"""JSON from an enemy: read so that two readers cannot understand two things.

Duplicate keys, floats, NaN, numbers beyond 2⁵³ and deep nesting are refused (RFC 8259 sections 4
and 6 leave them to the reader; I-JSON, RFC 7493, forbids most of them). What is written is
canonical for our own values: keys sorted, no spaces, ASCII.
"""

from __future__ import annotations

import base64
import json
import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn

_MOST_DIGITS = 17
_BASE64URL = re.compile(rb"[A-Za-z0-9_-]*")


class Flaw(StrEnum):
    """What is wrong with bytes that cannot be read; the first one found."""

    SIZE = "size"
    FORM = "form"
    """Not a JWS, or base64url with padding, foreign letters or trailing bits."""
    HEADER = "header"
    """Not exactly alg, kid and typ with the values wanted."""
    JSON = "json"
    """Not strict JSON: duplicate key, float, NaN, too deep, not UTF-8."""
    MEMBER = "member"
    """A member is missing or unknown."""
    VALUE = "value"
    """A member's type, range or form is wrong."""


class Malformed(Exception):  # noqa: N818 - it says what the bytes are
    """The bytes are no value of ours."""

    def __init__(self, flaw: Flaw, detail: str) -> None:
        super().__init__(f"{flaw.value}: {detail}")
        self.flaw = flaw
        self.detail = detail


def parse(data: bytes, most_openings: int) -> object:
    """The value that strict JSON says.

    Args:
        data: UTF-8 without a byte-order mark.
        most_openings: how many objects and arrays it may open; this also bounds its depth.

    Raises:
        Malformed: it is not strict JSON.
    """
    if data.count(b"{") + data.count(b"[") > most_openings:
        raise Malformed(Flaw.JSON, f"more than {most_openings} objects and arrays")
    try:
        return _READER.decode(data.decode())
    except UnicodeDecodeError:
        raise Malformed(Flaw.JSON, "not UTF-8") from None
    except RecursionError:
        raise Malformed(Flaw.JSON, "too deep") from None
    except ValueError as error:
        raise Malformed(Flaw.JSON, f"not JSON: {str(error)[:80]}") from None


def parse_foreign(data: bytes) -> object:
    """The value of JSON that others write: their numbers are let be, a key twice and NaN are not.

    Raises:
        Malformed: it is not JSON, says a thing twice, or holds NaN or an infinity.
    """
    try:
        return json.loads(data, object_pairs_hook=_object, parse_constant=_no_constant)
    except RecursionError:
        raise Malformed(Flaw.JSON, "too deep") from None
    except ValueError as error:
        raise Malformed(Flaw.JSON, f"not JSON: {str(error)[:80]}") from None


def canonical(value: Mapping[str, object]) -> bytes:
    """The one spelling of a value of ours."""
    return _WRITER.encode(value).encode("ascii")


def unbase64(text: bytes) -> bytes:
    """What unpadded base64url stands for; only the one spelling of each value is read.

    Raises:
        Malformed: padding, foreign letters, an impossible length, or bits left over.
    """
    if _BASE64URL.fullmatch(text) is None or len(text) % 4 == 1:
        raise Malformed(Flaw.FORM, "not base64url without padding")
    value = base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    if base64url(value) != text:
        raise Malformed(Flaw.FORM, "bits left over at the end of base64url")
    return value


def base64url(value: bytes) -> bytes:
    """Unpadded base64url (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(value).rstrip(b"=")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed(Flaw.JSON, "a key stands twice in one object")
    return found


def _no_float(text: str) -> NoReturn:
    raise Malformed(Flaw.JSON, f"only whole numbers are read, not {text[:20]}")


def _no_constant(text: str) -> NoReturn:
    raise Malformed(Flaw.JSON, f"{text} is no JSON")


def _integer(text: str) -> int:
    if len(text) > _MOST_DIGITS or text == "-0":
        raise Malformed(Flaw.JSON, f"not a number of ours: {text[:20]}")
    return int(text)


_READER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_no_float,
    parse_constant=_no_float,
    parse_int=_integer,
)
_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)
