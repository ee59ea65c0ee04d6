"""A label as one line of JSON and back: the form in which the register database keeps rows."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sekisho.register.model import Label, LabelStatus

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def label_line(label: Label) -> str:
    """One label as compact JSON; equal labels have equal lines."""
    return _ENCODE(
        [
            label.key,
            label.number,
            label.makers,
            label.products,
            label.models,
            label.versions,
            label.level,
            label.status,
            label.status_raw,
            label.issued and label.issued.isoformat(),
            label.expires and label.expires.isoformat(),
            label.covers_series,
            label.note,
            label.raw,
        ]
    )


def label_of(line: str) -> Label:
    """The label of one line.

    Raises:
        ValueError: the line was not written by `label_line`.
    """
    fields: list[Any] = json.loads(line)
    key, number, makers, products, models, versions, level, status, word, *rest = fields
    issued, expires, covers_series, note, raw = rest
    return Label(
        key=key,
        number=number,
        makers=tuple(makers),
        products=tuple(products),
        models=tuple(models),
        versions=tuple(versions),
        level=level,
        status=LabelStatus(status),
        status_raw=word,
        issued=date.fromisoformat(issued) if issued else None,
        expires=date.fromisoformat(expires) if expires else None,
        covers_series=covers_series,
        note=note,
        raw=tuple((name, text) for name, text in raw),
    )
