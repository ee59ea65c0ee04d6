"""Observations of every kind, drawn from their own annotations."""

import dataclasses
import enum
import types
import typing
from datetime import date

from hypothesis import strategies as st

from sekisho.evidence.bundle import digest_of
from sekisho.evidence.observation import Bundle, Observation, Record
from sekisho.terms.quantity import WallMs

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
KINDS = typing.get_args(Observation)


def built(kind):
    """Any value of a dataclass that states only what an observation may."""
    hints = typing.get_type_hints(kind, include_extras=True)
    return st.builds(kind, **{name: _of(hint) for name, hint in hints.items()})


def _of(hint):
    origin = typing.get_origin(hint)
    if origin is typing.Annotated:
        base, *marks = typing.get_args(hint)
        if any(getattr(mark, "pattern", None) for mark in marks):
            return st.binary(max_size=4).map(digest_of)
        return _of(base)
    if origin is typing.Literal:
        return st.sampled_from(typing.get_args(hint))
    if origin is tuple:
        return st.lists(_of(typing.get_args(hint)[0]), max_size=3).map(tuple)
    if origin in {types.UnionType, typing.Union}:
        return st.one_of(*(_of(part) for part in typing.get_args(hint)))
    if hint is type(None):
        return st.none()
    if hasattr(hint, "__supertype__"):
        return st.integers(0, 2**53 - 1)
    if issubclass(hint, enum.Enum):
        return st.sampled_from(hint)
    if dataclasses.is_dataclass(hint):
        return built(hint)
    plain = {str: texts, int: st.integers(0, 65_535), bool: st.booleans(), date: st.dates()}
    return plain[hint]


observations = st.one_of(*(built(kind) for kind in KINDS))


@st.composite
def bundles(draw):
    """A bundle and the blobs that its records point to."""
    blobs = draw(st.lists(st.binary(max_size=40), max_size=3, unique=True))
    names = [digest_of(blob) for blob in blobs]
    transcripts = names + draw(st.lists(st.sampled_from([None, *names]), max_size=3))
    target = draw(texts)
    records = tuple(
        Record(
            at=draw(st.integers(0, 2**53 - 1)),
            program=draw(texts),
            method=draw(texts),
            target=target,
            transcript=transcript,
            observed=draw(observations),
        )
        for transcript in transcripts
    )
    return (
        Bundle(
            target=target,
            profile="",
            program="sekisho",
            began=WallMs(0),
            ended=WallMs(1),
            records=records,
        ),
        blobs,
    )
