"""A system diagram read back from its SVG, as a reader of the file would."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

from sekisho.present.svg import text_width

_NS = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Area:
    left: float
    top: float
    right: float
    bottom: float
    what: str

    def meets(self, other: Area) -> bool:
        return (
            self.left < other.right - 0.05
            and other.left < self.right - 0.05
            and self.top < other.bottom - 0.05
            and other.top < self.bottom - 0.05
        )

    def holds(self, other: Area) -> bool:
        return (
            self.left <= other.left + 0.05
            and self.top <= other.top + 0.05
            and other.right <= self.right + 0.05
            and other.bottom <= self.bottom + 0.05
        )


@dataclass(frozen=True)
class Drawing:
    page: Area
    boxes: list[Area]
    texts: list[Area]
    wire_texts: list[Area]
    sizes: list[float]
    segments: list[tuple[int, Area]]
    links: list[dict[str, str]]
    devices: set[str]
    externals: set[str]
    words: str

    def faults(self) -> list[str]:
        found = [f"boxes {a.what} / {b.what}" for a, b in combinations(self.boxes, 2) if a.meets(b)]
        found += [
            f"texts {a.what} / {b.what}" for a, b in combinations(self.texts, 2) if a.meets(b)
        ]
        found += [
            f"off the page {a.what}" for a in self.boxes + self.texts if not self.page.holds(a)
        ]
        found += [
            f"text {text.what} leaves box {box.what}"
            for box in self.boxes
            for text in self.texts
            if box.meets(text) and not box.holds(text)
        ]
        found += [
            f"wire {number} enters {box.what}"
            for number, segment in self.segments
            for box in self.boxes
            if segment.meets(box)
        ]
        found += [
            f"wire {number} strikes {text.what}"
            for number, segment in self.segments
            for text in self.wire_texts
            if segment.meets(text)
        ]
        found += [
            f"wires {one} and {other} lie on one another"
            for (one, a), (other, b) in combinations(self.segments, 2)
            if one != other and _along(a, b)
        ]
        return found


def _along(a: Area, b: Area) -> bool:
    """Whether two stretches of the same direction share more than a point."""
    for near, low, high in (("left", "top", "bottom"), ("top", "left", "right")):
        upright_a = abs(getattr(a, low) - getattr(a, high)) > 0.5
        upright_b = abs(getattr(b, low) - getattr(b, high)) > 0.5
        if not (upright_a and upright_b):
            continue
        shared = min(getattr(a, high), getattr(b, high)) - max(getattr(a, low), getattr(b, low))
        if abs(getattr(a, near) - getattr(b, near)) < 0.5 and shared > 0.5:
            return True
    return False


def read(svg: str) -> Drawing:
    root = ET.fromstring(svg)
    _, _, width, height = (float(n) for n in root.attrib["viewBox"].split())
    boxes, texts, wire_texts, sizes, segments = [], [], [], [], []
    links: list[dict[str, str]] = []
    devices: set[str] = set()
    externals: set[str] = set()
    for node in root.iter():
        data = {k.removeprefix("data-"): v for k, v in node.attrib.items() if "data-" in k}
        if node.tag == f"{_NS}rect" and {"device", "external"} & set(data):
            x, y, w, h = (float(node.attrib[k]) for k in ("x", "y", "width", "height"))
            ids = data.get("device") or data["external"]
            (devices if "device" in data else externals).update(ids.split())
            boxes.append(Area(x, y, x + w, y + h, ids))
        elif node.tag == f"{_NS}text":
            own = "".join([*([node.text] if node.text else []), *(c.tail or "" for c in node)])
            size = float(node.attrib["font-size"])
            x, y = float(node.attrib["x"]), float(node.attrib["y"])
            area = Area(x, y - 0.88 * size, x + text_width(own, size), y + 0.12 * size, own)
            sizes.append(size)
            texts.append(area)
            if "wire" in data:
                wire_texts.append(area)
        elif node.tag == f"{_NS}path" and "link" in data:
            points = [
                (float(a), float(b))
                for a, b in re.findall(r"([\d.-]+) ([\d.-]+)", node.attrib["d"])
            ]
            for (x1, y1), (x2, y2) in pairwise(points):
                stretch = Area(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2), data["link"])
                segments.append((len(links), stretch))
            links.append(data | {"dash": node.attrib.get("stroke-dasharray", "")})
    return Drawing(
        Area(0, 0, width, height, "page"),
        boxes,
        texts,
        wire_texts,
        sizes,
        segments,
        links,
        devices,
        externals,
        "".join(root.itertext()),
    )
