"""One value, one sequence of bytes: what is chained must read the same for every writer and reader.

The spelling is that of everything signed here (`codec.strict_json`): keys sorted, no spaces, ASCII.
Of JSON only what needs no agreement on rounding is taken: objects, arrays, strings, true, false, null
and integers that every reader holds exactly (RFC 8259 section 6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sekisho.codec.strict_json import Flaw, Malformed, canonical, parse

MOST_INTEGER = 2**53 - 1
_DEEPEST = 8


def written(value: Mapping[str, object]) -> bytes:
    """The bytes of a value.

    Raises:
        Malformed: it holds a float, an integer beyond 2^53 - 1, a key that is no string, anything that is
            not JSON, or is nested deeper than 8.
    """
    return canonical(_members(value, _DEEPEST))


def read(data: bytes) -> dict[str, object]:
    """The object that these bytes spell; another spelling of the same value is refused.

    Raises:
        Malformed: they are no object as `written` spells it.
    """
    value = parse(data, len(data))
    if not isinstance(value, dict) or written(value) != data:
        raise Malformed(Flaw.JSON, "another spelling")
    return value


def _members(value: Mapping[str, object], deeper: int) -> dict[str, object]:
    for key in value:
        if not isinstance(key, str):
            raise Malformed(Flaw.JSON, "a key that is no string")
    if deeper == 0:
        raise Malformed(Flaw.JSON, "nested too deeply")
    # Words and whole numbers, which most members are, without a call each.
    return {
        key: member
        if type(member) is str or (type(member) is int and abs(member) <= MOST_INTEGER)
        else _plain(member, deeper - 1)
        for key, member in value.items()
    }


def _plain(value: object, deeper: int) -> object:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        if abs(value) > MOST_INTEGER:
            raise Malformed(Flaw.VALUE, "an integer beyond 2^53 - 1")
        return int(value)
    if isinstance(value, Mapping):
        return _members(value, deeper)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        if deeper == 0:
            raise Malformed(Flaw.JSON, "nested too deeply")
        return [_plain(item, deeper - 1) for item in value]
    raise Malformed(Flaw.VALUE, f"a value of type {type(value).__name__}")
