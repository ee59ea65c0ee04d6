"""The text of a drafted site file: what an equipment list said, and lines to fill in.

Written here, read by nobody but a person and `site check`; `from_sheet` reads the list.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sekisho.site.faults import quoted
from sekisho.site.forms import TABLES, example
from sekisho.site.model import Milestone, Role
from sekisho.site.words import MILESTONE_TEXTS
from sekisho.site.writer import toml_text
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sekisho.terms.texts import Lang

TRUTHS = ("speaks_ip", "controls")
"""Yes-or-no keys of a device, left out where the list does not say."""


@dataclass(slots=True)
class Row:
    """One device as the list has it; `said` holds finished TOML values."""

    id: str = ""
    role: Role | None = None
    said: dict[str, str] = field(default_factory=dict)
    remarks: list[Text] = field(default_factory=list)


def name_devices(rows: Sequence[Row]) -> None:
    """An id for each row that has none, or that another row has already."""
    given = {row.id for row in rows if row.id}
    seen: set[str] = set()
    counts: dict[str, int] = {}
    for row in rows:
        if row.id and row.id not in seen:
            seen.add(row.id)
            continue
        stem = row.role.value if row.role is not None else "device"
        while True:
            counts[stem] = counts.get(stem, 0) + 1
            name = f"{stem}-{counts[stem]}"
            if name not in given and name not in seen:
                break
        if row.id:
            row.remarks.append(
                Text(
                    "リストの id {id} は重複しています。", "The id {id} stood twice in the list."
                ).fill(id=row.id)
            )
        row.id = name
        seen.add(name)


_TOP = (
    Text(
        "{book} から作った下書きです。「要記入」の行を埋めて # を外してください。",
        'A draft made from {book}. Fill in the lines marked "to fill in" and take off their #.',
    ),
    Text(
        "足りないものは sekisho site check が列挙します。",
        "sekisho site check lists what is still missing.",
    ),
)
_FILL = Text("要記入", "to fill in")
_WORDS_OF = Text(
    "使える語は sekisho site new のひな形を参照", "sekisho site new explains the words"
)
_LINKS = Text(
    "接続: 機器どうし・機器と構外を1つずつ書いてください。例:",
    "Links: write each connection between devices, or of a device to the outside. For example:",
)


def draft_lines(rows: Sequence[Row], book: str, lang: Lang) -> Iterator[str]:
    """The lines of the draft; `book` is the name of the list it was made from."""
    name = quoted(book)
    yield from (f"# {text.fill(book=name).says(lang)}" for text in _TOP)
    yield ""
    fill = _FILL.says(lang)
    yield f"[site]  # {_WORDS_OF.says(lang)}"
    for key, info in TABLES["site"].model_fields.items():
        yield f"# {example(('site', key))}" + (f"  # {fill}" if info.is_required() else "")
    yield ""
    yield "[dates]"
    for day in Milestone:
        yield f"# {example(('dates', day.value))}  # {MILESTONE_TEXTS[day].says(lang)}"
    yield ""
    yield "[programmes]"
    yield "joins = []"
    for row in rows:
        yield ""
        yield from _device_lines(row, lang)
    yield ""
    yield f"# {_LINKS.says(lang)}"
    yield "# [[external]]"
    yield from (f"# {example(('external', key))}" for key in ("id", "kind"))
    first = rows[0].id if rows else "gw-1"
    yield "# [[link]]"
    yield f'# between = ["{first}", "agg"]'
    yield from (f"# {example(('link', key))}" for key in ("medium", "route", "protocol"))


def _device_lines(row: Row, lang: Lang) -> Iterator[str]:
    yield "[[device]]"
    yield from (f"# {remark.says(lang)}" for remark in row.remarks)
    yield f"id = {toml_text(row.id)}"
    fill = _FILL.says(lang)
    if row.role is not None:
        yield f'role = "{row.role.value}"'
    else:
        yield f"# {example(('device', 'role'))}  # {fill}"
    for key in TABLES["device"].model_fields:
        if key in row.said:
            yield f"{key} = {row.said[key]}"
        elif key in {"model", "label"}:
            yield f'# {key} = "…"  # {fill}'
        elif key in TRUTHS:
            yield f"# {key} = true  # {fill} (true / false)"
