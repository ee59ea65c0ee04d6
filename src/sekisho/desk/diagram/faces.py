"""What a box and a link say: lines of text, and how a link is drawn.

A link's medium is its dash, its route the weight and colour of its line, and both stand beside it
in words: colour is never the only sign. Numbers and ids are never shortened; names may be, and are
then whole in the box's title.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from sekisho.present.svg import shortened, text_width, wrapped
from sekisho.site.model import Device, Medium, Route
from sekisho.site.words import EXTERNAL_TEXTS, MEDIUM_TEXTS, ROLE_TEXTS, ROUTE_TEXTS
from sekisho.terms.texts import Text, same
from sekisho.terms.verdict import VERDICT_SIGNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.desk.diagram.parts import LabelNote, Part, Wire
    from sekisho.site.topology import Topology
    from sekisho.terms.texts import Lang

SMALL = 7.0
"""Size of all running text, in points; nothing is smaller."""
NAME = 8.5
LEADING = 8.8
PAD = 4.0
LABEL_WIDTH = 58.0
"""Widest line of a link's label."""

ASIDE = 5.0
"""Between a name and the words behind it."""


class Density(IntEnum):
    """How tightly the boxes are written; the loosest that fits the paper is taken."""

    ROOMY = 0
    COMPACT = 1
    DENSE = 2


LEADINGS: Mapping[Density, float] = {
    Density.ROOMY: LEADING,
    Density.COMPACT: LEADING,
    Density.DENSE: 7.8,
}

DASHES: Mapping[Medium, str] = {Medium.IP: "", Medium.SERIAL: "6 3", Medium.CAN: "7 2 1.5 2"}


@dataclass(frozen=True, slots=True)
class Pen:
    """Colour and weight of a route."""

    ink: str
    thick: float


PENS: Mapping[Route, Pen] = {
    Route.LOCAL: Pen("#3a424c", 0.9),
    Route.INTERNET: Pen("#a8281e", 1.7),
    Route.VPN: Pen("#1f4e8c", 1.3),
    Route.DEDICATED_LINE: Pen("#1b6e4b", 2.3),
}

NOT_LOOKED_UP = Text("未照合", "not looked up")
_NUMBER = Text("登録番号 {number}", "Label {number}")
_NO_NUMBER = Text("登録番号 記載なし", "Label number not given")
_UNNAMED = Text("製品名・型番 記載なし", "product not given")
_SPEAKS = {
    True: Text("IP 有", "IP"),
    False: Text("IP 無", "no IP"),
    None: Text("IP 不明", "IP unknown"),
}
_CONTROLS = {
    True: Text("制御 有", "controls"),
    False: Text("制御 無", "no control"),
    None: Text("制御 不明", "control unknown"),
}
_AND = Text("・", ", ")
_WAY = Text("{medium}・{route}", "{medium}, {route}")
_JET = Text("JET認証 {jet}(適合ラベルではありません)", "JET certificate {jet} (not a label)")
_CONTAINS = Text("内蔵部品 {parts}", "contains {parts}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a box; `kind` names it for readers of the picture's data."""

    text: str
    kind: str = ""
    bold: bool = False
    may_shorten: bool = True
    most: int = 1
    aside: str = ""
    """Small words behind a name, on its line."""

    @property
    def width(self) -> float:
        """How wide the line is when nothing is shortened."""
        size = NAME if self.bold else SMALL
        return text_width(self.text, size) + (
            ASIDE + text_width(self.aside, SMALL) if self.aside else 0.0
        )


@dataclass(frozen=True, slots=True)
class Face:
    """The lines of a box, and the whole of what they say."""

    lines: tuple[Line, ...]
    whole: str

    def width(self) -> float:
        """The least width: what must not be shortened."""
        return 2 * PAD + max(line.width for line in self.lines if not line.may_shorten)

    def broken(self, width: float) -> list[tuple[str, Line]]:
        """The lines as they fit a box of a width."""
        room = width - 2 * PAD
        return [
            (piece, line)
            for line in self.lines
            for piece in (
                wrapped(line.text, room, SMALL, line.most) if line.may_shorten else [line.text]
            )
        ]


def short_role(part: Part, lang: Lang) -> str:
    """The role or kind without its explanation in brackets."""
    thing = part.thing
    text = ROLE_TEXTS[thing.role] if isinstance(thing, Device) else EXTERNAL_TEXTS[thing.kind]
    return text.says(lang).split("(")[0].strip()


def face_of(part: Part, topology: Topology, lang: Lang, density: Density) -> Face:
    """What a part's box says; lines are joined where height is scarce."""
    name = part.name + (f" ×{len(part.ids)}" if len(part.ids) > 1 else "")
    role = short_role(part, lang)
    thing = part.thing
    if not isinstance(thing, Device):
        lines = [Line(name, "id", bold=True, may_shorten=False), Line(role, "role")]
        if thing.name:
            lines.append(Line(thing.name, "name"))
        return Face(tuple(lines), " / ".join([*part.ids, role, thing.name or ""]))
    identity = thing.identity
    abilities = [
        _SPEAKS[topology.speaks_ip(thing)].says(lang),
        _CONTROLS[thing.controls].says(lang),
    ]
    made = " ".join(w for w in (identity.maker, identity.product) if w)
    model = " ".join(w for w in (identity.model, identity.version) if w)
    named = " ".join(w for w in (made, model) if w) or _UNNAMED.says(lang)
    number, state = _label_lines(part.note, identity.label, lang)
    whole = [*part.ids, ROLE_TEXTS[thing.role].says(lang), *abilities, named, number, state]
    if thing.jet:
        whole.append(_JET.fill(jet=thing.jet).says(lang))
    if thing.contains:
        whole.append(_CONTAINS.fill(parts=", ".join(thing.contains)).says(lang))
    compact = density > Density.ROOMY
    about = _AND.says(lang).join([role, *abilities[: 1 if compact else 2]])
    if density is Density.DENSE:
        lines = [Line(name, "id", bold=True, may_shorten=False, aside=about)]
    else:
        lines = [
            Line(name, "id", bold=True, may_shorten=False),
            Line(about, "role", may_shorten=False),
        ]
    if compact or not (made and model):
        lines.append(Line(named, "product"))
    else:
        lines += [Line(made, "product"), Line(model, "model")]
    lines += [
        Line(number, "number", may_shorten=False),
        Line(state, "state", most=1 if compact else 2),
    ]
    return Face(tuple(lines), " / ".join(whole))


def _label_lines(note: LabelNote | None, stated: str | None, lang: Lang) -> tuple[str, str]:
    number = note.number if note is not None else same(stated) if stated else None
    shown = _NUMBER.fill(number=number) if number is not None else _NO_NUMBER
    if note is None:
        return shown.says(lang), NOT_LOOKED_UP.says(lang)
    sign = f"{VERDICT_SIGNS[note.verdict]} " if note.verdict is not None else ""
    return shown.says(lang), sign + note.text.says(lang)


def wire_words(wire: Wire, lang: Lang) -> tuple[str, str]:
    """Medium and route in words, and the protocol with the number of links alike."""
    way = _WAY.fill(medium=MEDIUM_TEXTS[wire.medium], route=ROUTE_TEXTS[wire.route]).says(lang)
    alike = f"×{wire.count}" if wire.count > 1 else ""
    return way, " ".join(w for w in (wire.protocol or "", alike) if w)


def wire_label(wire: Wire, lang: Lang) -> list[str]:
    """The label beside a wire, in short lines."""
    way, protocol = wire_words(wire, lang)
    apart = [MEDIUM_TEXTS[wire.medium].says(lang), ROUTE_TEXTS[wire.route].says(lang)]
    lines = [way] if text_width(way, SMALL) <= LABEL_WIDTH else apart
    alike = f"×{wire.count}" if wire.count > 1 else ""
    if protocol and text_width(protocol, SMALL) <= LABEL_WIDTH:
        lines.append(protocol)
    elif protocol:
        lines += [w for w in (shortened(wire.protocol or "", LABEL_WIDTH, SMALL), alike) if w]
    return [shortened(line, LABEL_WIDTH * 1.4, SMALL) for line in lines]
