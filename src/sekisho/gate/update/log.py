"""The updater's own log: each line is signed, and chained to the one before.

A line is a compact JWS of a canonical JSON object with its number, the digest that the chain has before
it (`evidence.chain`), the time, its kind, and a body. Who cuts the end off leaves a log that holds;
that is what the gate's journal is for: it names the number and digest of the line that it was told.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from sekisho.codec.jws import Typ, open_envelope, verify
from sekisho.codec.strict_json import Flaw, Malformed
from sekisho.evidence.canonical import read, written
from sekisho.evidence.chain import GENESIS, Tip, chained
from sekisho.gate.update.version import Version, read_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MEMBERS = {"body", "kind", "n", "previous", "wall"}


class Kind(StrEnum):
    """What a line tells."""

    MADE = "made"
    """The folder was made."""
    OFFERED = "offered"
    """A signed update was found right; it may be installed."""
    REFUSED = "refused"
    """An update was refused, and why."""
    PHASE = "phase"
    """A phase of a switch begins."""
    ENDED = "ended"
    """A switch ended: in the new version, the old one, or unchanged."""


class Signs(Protocol):
    """Who signs."""

    def __call__(self, payload: bytes, typ: Typ) -> bytes:
        """A compact JWS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line."""

    number: int
    wall: int
    """Milliseconds since 1970 UTC, as the clock was then."""
    kind: Kind
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A log as far as it holds."""

    lines: tuple[Line, ...]
    tip: Tip
    fault: str | None
    """What is wrong with the first line that does not hold; None: it holds."""

    @property
    def highest(self) -> Version | None:
        """The highest version that was ever switched to, as the log has it."""
        pointed = [
            read_version(str(line.body["new"]))
            for line in self.lines
            if line.kind is Kind.PHASE and line.body.get("phase") == "point"
        ]
        return max(pointed, default=None)

    @property
    def latest(self) -> int:
        """The latest time at which time was sure; 0: never. Offers are made at no other time."""
        return max((one.wall for one in self.lines if one.kind is Kind.OFFERED), default=0)


def line_bytes(line: Line, tip: Tip, sign: Signs) -> tuple[bytes, Tip]:
    """A line, and the tip after it.

    Args:
        line: its number is the tip's and one.
        tip: the log so far.
        sign: the updater's key.
    """
    payload = written(
        {
            "n": line.number,
            "previous": tip.digest.hex(),
            "wall": line.wall,
            "kind": line.kind.value,
            "body": line.body,
        }
    )
    return sign(payload, Typ.UPDATE) + b"\n", chained(tip, payload)


def read_log(lines: Iterable[bytes], public: bytes) -> Log:
    """The log of its lines, up to the first that does not hold."""
    told: list[Line] = []
    tip, fault = GENESIS, None
    for raw in lines:
        try:
            line, payload = _line(raw, tip, public)
        except Malformed as error:
            fault = f"line {tip.number + 1}: {error}"
            break
        told.append(line)
        tip = chained(tip, payload)
    return Log(lines=tuple(told), tip=tip, fault=fault)


def _line(raw: bytes, tip: Tip, public: bytes) -> tuple[Line, bytes]:
    envelope = open_envelope(raw.rstrip(b"\n"), Typ.UPDATE)
    if not verify(envelope, public):
        raise Malformed(Flaw.FORM, "signature")
    found = read(envelope.payload)
    if set(found) != _MEMBERS:
        raise Malformed(Flaw.MEMBER, "not exactly the members of a line")
    number, wall, body, kind = found["n"], found["wall"], found["body"], found["kind"]
    if number != tip.number + 1 or found["previous"] != tip.digest.hex():
        raise Malformed(Flaw.VALUE, "not chained to the one before")
    if not isinstance(kind, str) or kind not in set(Kind):
        raise Malformed(Flaw.VALUE, "kind")
    if type(wall) is not int or not isinstance(body, dict):
        raise Malformed(Flaw.VALUE, "wall or body")
    return Line(number=tip.number + 1, wall=wall, kind=Kind(kind), body=body), envelope.payload
