"""One value, one sequence of bytes: what is chained must read the same for every writer and reader.

The spelling is that of everything signed here (`codec.strict_json`): keys sorted, no spaces, ASCII.
Of JSON only what needs no agreement on rounding is taken: objects, arrays, strings, true, false, null
and integers that every reader holds exactly (RFC 8259 section 6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sekisho.codec.strict_json import Flaw, Malformed, canonical, parse

MOST_INTEGER = 2**53 - 1
MOST_OPENINGS = 256
"""Objects and arrays in one value."""


def written(value: Mapping[str, object]) -> bytes:
    """The bytes of a value.

    Raises:
        Malformed: it holds a float, an integer beyond 2^53 - 1, a key that is no string, more than
            `MOST_OPENINGS` objects and arrays, or anything that is not JSON.
    """
    data = canonical(_members(value))
    if data.count(b"{") + data.count(b"[") > MOST_OPENINGS:
        raise Malformed(Flaw.JSON, f"more than {MOST_OPENINGS} objects and arrays")
    return data


def read(data: bytes) -> dict[str, object]:
    """The object that these bytes spell; another spelling of the same value is refused.

    Raises:
        Malformed: they are no object as `written` spells it.
    """
    value = parse(data, MOST_OPENINGS)
    if not isinstance(value, dict) or written(value) != data:
        raise Malformed(Flaw.JSON, "another spelling")
    return value


def _members(value: Mapping[str, object]) -> dict[str, object]:
    for key in value:
        if not isinstance(key, str):
            raise Malformed(Flaw.JSON, "a key that is no string")
    return {str(key): _plain(member) for key, member in value.items()}


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        if abs(value) > MOST_INTEGER:
            raise Malformed(Flaw.VALUE, "an integer beyond 2^53 - 1")
        return int(value)
    if isinstance(value, Mapping):
        return _members(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [_plain(item) for item in value]
    raise Malformed(Flaw.VALUE, f"a value of type {type(value).__name__}")
