"""What all readers of foreign reports share: one message for a report that is none, and bounded parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from sekisho.codec.strict_json import Malformed, parse_foreign
from sekisho.evidence.observation_paper import Vulnerabilities
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.quantity import WallMs
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.evidence.observation import Observation
    from sekisho.evidence.observation_paper import KnownVulnerability

MOST_BYTES = 16 * 1024 * 1024
MOST_DEPTH = 64
MOST_PARTS = 4_000
"""Findings or components of one report that are taken over; a report with more is refused."""
P = TypeVar("P", bound="Part")


class Part(BaseModel):
    """A part of a report as its program writes it; members that nobody here reads are let be."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a report says, and of what."""

    about: frozenset[str]
    """Names and addresses of the device that it is about; empty where it is about no live device."""
    made: WallMs
    """When it was made, as it says."""
    observations: tuple[Observation, ...]


_NO_REPORT = Text(
    "{form} の出力として読めません({why})。", "It cannot be read as output of {form} ({why})."
)
_AGAIN = Text("{form} で作り直してください。", "Make it again with {form}.")


def no_report(where: str, form: str, why: str) -> InputError:
    """It is none."""
    return InputError(
        Problem(where, _NO_REPORT.fill(form=form, why=why[:200]), _AGAIN.fill(form=form))
    )


def json_of(data: bytes, where: str, form: str) -> Any:
    """The value of a JSON report; duplicate keys and NaN are refused.

    Raises:
        InputError: it is too large, no JSON, nested too deeply, or says a thing twice.
    """
    if len(data) > MOST_BYTES:
        raise no_report(where, form, f"more than {MOST_BYTES} bytes")
    try:
        value = parse_foreign(data)
    except Malformed as error:
        raise no_report(where, form, error.detail) from None
    if _deeper(value, MOST_DEPTH):
        raise no_report(where, form, "nested too deeply")
    return value


def part_of(kind: type[P], value: object, where: str, form: str, wanted: str = "") -> P:
    """A part of this kind, of a value that a report holds.

    Args:
        kind: what it should be.
        value: as it was read.
        where: the file, for messages.
        form: the program whose output it should be.
        wanted: what else to say where it is none.

    Raises:
        InputError: it is none.
    """
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise no_report(where, form, f"{place}: {first['msg']}{wanted}") from None


def moment(text: object, where: str, form: str) -> WallMs:
    """A time as RFC 3339 writes it; one without a zone is taken as UTC.

    Raises:
        InputError: it is none.
    """
    try:
        found = datetime.fromisoformat(text if isinstance(text, str) else "")
        if found.tzinfo is None:
            found = found.replace(tzinfo=UTC)
        milliseconds = round(found.timestamp() * 1_000)
    except (ValueError, OverflowError):
        raise no_report(where, form, "a time that cannot be read") from None
    if milliseconds < 0:
        raise no_report(where, form, "a time before 1970")
    return WallMs(milliseconds)


def vex_report(
    known: Sequence[KnownVulnerability], *, source: str, made: WallMs, checked: int
) -> Report:
    """What is said of vulnerabilities: about no live device, and as of the day it was said."""
    told = Vulnerabilities(
        source=source,
        database=datetime.fromtimestamp(made / 1_000, UTC).date(),
        checked=checked,
        unreadable=0,
        known=tuple(known),
    )
    return Report(about=frozenset(), made=made, observations=(told,))


def _deeper(value: object, left: int) -> bool:
    if left == 0:
        return True
    if isinstance(value, dict):
        return any(_deeper(item, left - 1) for item in value.values())
    if isinstance(value, list):
        return any(_deeper(item, left - 1) for item in value)
    return False
