"""A portfolio from one table: rows of devices become sites.

Strict like the site file: an unknown header, an unreadable cell or a link to nowhere is a problem with
its cell, and all problems are reported at once (up to a bound).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sekisho.desk.portfolio_columns import (
    COLUMNS,
    DEVICE_COLUMNS,
    EXTERNALS,
    SITE_COLUMNS,
    BadCellError,
    Column,
)
from sekisho.site.model import (
    Device,
    External,
    ExternalKind,
    Identity,
    Link,
    Medium,
    Milestone,
    Place,
    Route,
    Site,
)
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.ids import DeviceId, ExternalId, SiteId
from sekisho.terms.quantity import KilowattHours, Kilowatts
from sekisho.terms.sheet import Book, Cell, Sheet, cell_text, place
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TITLE_ROWS = 20
"""As many rows are searched for the headers; a title above them is longer nowhere."""
_MOST_PROBLEMS = 100
"""More than this and the rest is left for the next run."""
_IDENTITY = ("maker", "product", "model", "version", "label")

_UNKNOWN_HEADER = Text("見出し「{given}」は使われません。", 'The header "{given}" is not known.')
_UNKNOWN_REMEDY = Text("使える見出し: {known}", "Known headers: {known}")
_TWICE = Text("見出し「{given}」が2列あります。", 'The header "{given}" stands twice.')
_TWICE_REMEDY = Text("どちらかの列を消してください。", "Remove one of the columns.")
_MISSING = Text("列「{key}」がありません。", 'There is no column "{key}".')
_MISSING_REMEDY = Text("見出しの行に「{key}」を足してください。", 'Add a header "{key}".')
_BAD = Text("{key}: 「{given}」は読めません。", '{key}: "{given}" cannot be read.')
_BAD_REMEDY = Text("書けるもの: {expected}", "What may stand here: {expected}")
_NO_SITE = Text("{key} が空です。", "{key} is blank.")
_NO_SITE_REMEDY = Text("サイトの最初の行に書いてください。", "State it in the site's first row.")
_NO_ROLE = Text("機器「{device}」に役割がありません。", 'The device "{device}" has no role.')
_NOWHERE = Text("接続先「{name}」がありません。", 'It connects to "{name}", which is nowhere.')
_NOWHERE_REMEDY = Text(
    "同じサイトの機器ID か、次の語を書いてください: {known}",
    "Name a device of the same site, or one of: {known}",
)
_DUPLICATE = Text("機器「{device}」が2度あります。", 'The device "{device}" stands twice.')
_DUPLICATE_REMEDY = Text("機器ID を変えてください。", "Change one of the ids.")
_NOT_IP = Text(
    "{device} は speaks_ip が無なのに、IP の接続があります。",
    "{device} does not speak IP and has a link over IP.",
)
_NOT_IP_REMEDY = Text(
    "speaks_ip を有にするか、medium を serial か can にしてください。",
    "Set speaks_ip to true, or medium to serial or can.",
)
_DIFFERS = Text(
    "{key}: 「{given}」は、同じサイトの上の行「{above}」と異なります。",
    '{key}: "{given}" differs from "{above}" in an earlier row of the same site.',
)
_DIFFERS_REMEDY = Text(
    "サイトの値は1つにしてください(2行目からは空欄で構いません)。",
    "Give the site one value; the rows after its first may be blank.",
)
_EMPTY = Text("表にサイトがありません。", "The table holds no site.")
_EMPTY_REMEDY = Text("1行に1機器で書いてください。", "Write one device a row.")


class _Problems:
    """What is wrong so far; stops the reading when the bound is reached."""

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self._book = book
        self._sheet = sheet
        self.found: list[Problem] = []

    def add(self, at: tuple[int, int], what: Text, remedy: Text) -> None:
        where = place(self._book, self._sheet, *at)
        self.found.append(Problem(where, what, remedy))
        if len(self.found) >= _MOST_PROBLEMS:
            raise InputError(*self.found)


def read_portfolio(book: Book) -> tuple[Site, ...]:
    """The sites of a portfolio table, in the order of their first rows.

    Raises:
        InputError: everything that is wrong, each with its cell.
    """
    sheet = next((s for s in book.sheets if s.rows), None)
    if sheet is None:
        raise InputError(Problem(book.name, _EMPTY, _EMPTY_REMEDY))
    problems = _Problems(book, sheet)
    top = _header_row(sheet)
    columns = _columns(sheet, top, problems)
    if problems.found:
        raise InputError(*problems.found)
    groups = _grouped(sheet, top, columns, problems)
    sites = [_site(rows, columns, problems) for rows in groups.values()]
    if problems.found:
        raise InputError(*problems.found)
    if not sites:
        raise InputError(Problem(book.name, _EMPTY, _EMPTY_REMEDY))
    return tuple(s for s in sites if s is not None)


def _header_row(sheet: Sheet) -> int:
    """The row of headers: titles may stand above it, and they name no site column."""
    [column] = [c for c in COLUMNS if c.key == "site"]
    names = {column.key, *(a.lower() for a in column.also)}
    for at, row in enumerate(sheet.rows[:_TITLE_ROWS]):
        if any(cell_text(cell).strip().lower() in names for cell in row):
            return at
    return 0


def _columns(sheet: Sheet, top: int, problems: _Problems) -> Mapping[str, int]:
    """Where each column stands."""
    known = {name: c.key for c in COLUMNS for name in (c.key, *(a.lower() for a in c.also))}
    where: dict[str, int] = {}
    for at, cell in enumerate(sheet.rows[top]):
        given = cell_text(cell).strip()
        if not given:
            continue
        key = known.get(given.lower())
        if key is None:
            remedy = _UNKNOWN_REMEDY.fill(known=listed(c.key for c in COLUMNS))
            problems.add((top, at), _UNKNOWN_HEADER.fill(given=given), remedy)
        elif key in where:
            problems.add((top, at), _TWICE.fill(given=given), _TWICE_REMEDY)
        else:
            where[key] = at
    for column in COLUMNS:
        if column.required and column.key not in where:
            problems.add(
                (top, 0), _MISSING.fill(key=column.key), _MISSING_REMEDY.fill(key=column.key)
            )
    return where


Rows = list[tuple[int, "tuple[Cell, ...]"]]
Stated = tuple[int, str, "dict[str, Any]"]
"""Row, device and cells of a row that says what the device connects to."""


def _grouped(
    sheet: Sheet, top: int, columns: Mapping[str, int], problems: _Problems
) -> dict[str, Rows]:
    """Rows by site; a row without a site id belongs to the site above it."""
    at = columns["site"]
    groups: dict[str, Rows] = {}
    current: str | None = None
    for index, row in enumerate(sheet.rows[top + 1 :], top + 1):
        cell = row[at]
        if cell is not None:
            current = cell_text(cell)
        elif all(c is None for c in row):
            continue
        if current is None:
            problems.add((index, at), _NO_SITE.fill(key="site"), _NO_SITE_REMEDY)
            continue
        groups.setdefault(current, []).append((index, row))
    return groups


def _site(rows: Rows, columns: Mapping[str, int], problems: _Problems) -> Site | None:
    head = _read(SITE_COLUMNS, rows, columns, problems)
    for column in SITE_COLUMNS:
        if column.key in columns:
            _one_value(column.key, columns[column.key], rows, problems)
        blank = column.required and all(row[columns[column.key]] is None for _, row in rows)
        if blank:
            at = (rows[0][0], columns[column.key])
            problems.add(at, _NO_SITE.fill(key=column.key), _NO_SITE_REMEDY)
    devices: list[Device] = []
    links: list[Stated] = []
    for row in rows:
        found = _read(DEVICE_COLUMNS, [row], columns, problems)
        if found:
            devices.extend(_devices(found, row[0], len(devices), columns, problems))
            if "connects_to" in found:
                links.append((row[0], str(found["device"]), found))
    if problems.found:
        return None
    return _put_together(head, devices, links, columns, problems)


def _one_value(key: str, at: int, rows: Rows, problems: _Problems) -> None:
    """Tells of rows of one site that contradict each other: neither value may win in silence."""
    stated = [(index, row[at]) for index, row in rows if row[at] is not None]
    for index, cell in stated[1:]:
        if cell != stated[0][1]:
            given, above = cell_text(cell)[:60], cell_text(stated[0][1])[:60]
            what = _DIFFERS.fill(key=key, given=given, above=above)
            problems.add((index, at), what, _DIFFERS_REMEDY)


def _read(
    wanted: Sequence[Column], rows: Rows, columns: Mapping[str, int], problems: _Problems
) -> dict[str, Any]:
    """The first stated value of each column in the rows."""
    found: dict[str, Any] = {}
    for column in wanted:
        at = columns.get(column.key)
        if at is None:
            continue
        for index, row in rows:
            cell = row[at]
            if cell is None:
                continue
            try:
                found[column.key] = column.read(cell)
            except BadCellError as bad:
                what = _BAD.fill(key=column.key, given=cell_text(cell)[:60])
                problems.add((index, at), what, _BAD_REMEDY.fill(expected=bad.expected))
            break
    return found


def _devices(
    found: dict[str, Any],
    row: int,
    so_far: int,
    columns: Mapping[str, int],
    problems: _Problems,
) -> list[Device]:
    name = found.setdefault("device", f"device-{so_far + 1}")
    if "role" not in found:
        at = (row, columns.get("role", 0))
        problems.add(at, _NO_ROLE.fill(device=name), _NO_SITE_REMEDY)
        return []
    times = found.get("count", 1)
    ids = [name] if times == 1 else [f"{name}.{i}" for i in range(1, times + 1)]
    identity = Identity(**{k: found[k] for k in _IDENTITY if k in found})
    return [
        Device(
            id=DeviceId(i),
            role=found["role"],
            identity=identity,
            speaks_ip=found.get("speaks_ip"),
            controls=found.get("controls"),
            introduced=found.get("introduced"),
            bought=found.get("bought"),
            pcs_class=found.get("pcs_class"),
            place=found.get("place", Place.SITE),
        )
        for i in ids
    ]


def _put_together(
    head: dict[str, Any],
    devices: list[Device],
    stated: list[Stated],
    columns: Mapping[str, int],
    problems: _Problems,
) -> Site | None:
    names = _names(devices, stated, columns, problems)
    links, outside = _links(names, devices, stated, columns, problems)
    if problems.found:
        return None
    return Site(
        id=SiteId(head["site"]),
        name=head.get("name", head["site"]),
        area=head["area"],
        resource=head["resource"],
        voltage=head["voltage"],
        rated_kw=Kilowatts(head["rated_kw"]),
        rated_kwh=KilowattHours(head["rated_kwh"]) if "rated_kwh" in head else None,
        owner=head["owner"],
        work=head["work"],
        works_class=head["works_class"],
        self_consumption=head.get("self_consumption"),
        dates={m: head[m.value] for m in Milestone if m.value in head},
        joins=head.get("joins", frozenset()),
        attestations={},
        externals=outside,
        devices=tuple(devices),
        links=links,
    )


def _names(
    devices: list[Device], stated: list[Stated], columns: Mapping[str, int], problems: _Problems
) -> dict[str, list[str]]:
    """What each id means: a device, or all that its `count` made."""
    names: dict[str, list[str]] = {}
    for device in devices:
        if device.id in names:
            at = (stated[0][0] if stated else 1, columns.get("device", 0))
            problems.add(at, _DUPLICATE.fill(device=device.id), _DUPLICATE_REMEDY)
        names.setdefault(device.id, []).append(device.id)
        stem, dot, rest = device.id.rpartition(".")
        if dot and rest.isdigit():
            names.setdefault(stem, []).append(device.id)
    return names


def _links(
    names: dict[str, list[str]],
    devices: list[Device],
    stated: list[Stated],
    columns: Mapping[str, int],
    problems: _Problems,
) -> tuple[tuple[Link, ...], tuple[External, ...]]:
    silent = {d.id for d in devices if d.speaks_ip is False}
    outside: dict[str, External] = {}
    links: list[Link] = []
    for row, name, found in stated:
        at = (row, columns["connects_to"])
        medium = found.get("medium", Medium.IP)
        route = found.get("route", Route.LOCAL)
        mine = names.get(name, [])
        for other in found["connects_to"]:
            if other in EXTERNALS:
                kind = ExternalKind(other)
                outside.setdefault(other, External(id=ExternalId(other), kind=kind))
            elif other not in names:
                remedy = _NOWHERE_REMEDY.fill(known=listed(sorted(EXTERNALS)))
                problems.add(at, _NOWHERE.fill(name=other), remedy)
                continue
            ends = names.get(other, [other])
            if medium is Medium.IP:
                for end in sorted({*ends, *mine} & silent):
                    problems.add(at, _NOT_IP.fill(device=end), _NOT_IP_REMEDY)
            pairs = ((end, one) for one in mine for end in ends if end != one)
            links += [Link(between=pair, medium=medium, route=route) for pair in pairs]
    return tuple(links), tuple(outside.values())
