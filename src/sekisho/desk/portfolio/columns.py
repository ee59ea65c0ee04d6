"""The columns of a portfolio table: what each may be called, and how a cell is read.

One row is one device. Columns about the site may be blank in the rows after the first of a site.
Words are those of the site file; days are ISO dates or date cells; blank is unknown, never false.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from sekisho.site.model import (
    Area,
    ExternalKind,
    Medium,
    Milestone,
    Owner,
    PcsClass,
    Place,
    Programme,
    Resource,
    Role,
    Route,
    Voltage,
    Work,
    WorksClass,
)
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sekisho.terms.sheet import Cell

E = TypeVar("E", bound=StrEnum)

TRUE = frozenset({"true", "yes", "1", "有", "あり", "はい", "○", "〇"})
FALSE = frozenset({"false", "no", "0", "無", "なし", "いいえ", "×"})
_LARGEST = 1e9
"""kW or kWh: no plant of this world is larger."""
_MOST_OF_ONE_KIND = 1000
"""As in the site file: a `count` beyond this is a slip of the pen."""
_LONGEST = 500
"""Characters of one cell, as in the site file."""


class BadCellError(Exception):
    """A cell that cannot be read; `expected` says what may stand there."""

    def __init__(self, expected: Text) -> None:
        super().__init__(expected.en)
        self.expected = expected


def text(cell: Cell) -> str:
    """A cell as text; numbers without a needless decimal point."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    value = cell if isinstance(cell, str) else str(cell)
    if len(value) > _LONGEST or not value.isprintable():
        raise BadCellError(
            Text("500字以内の印字できる文字", "printable text of up to 500 characters")
        )
    return value


def number(cell: Cell) -> float:
    """A quantity in the unit of the column's name."""
    if isinstance(cell, float):
        value = cell
    else:
        try:
            value = float(str(cell).replace(",", "").replace("_", ""))
        except ValueError as error:
            raise BadCellError(Text("数値(kW または kWh)", "a number, in kW or kWh")) from error
    if not 0 < value < _LARGEST:
        raise BadCellError(Text("正の数", "a positive number"))
    return value


def day(cell: Cell) -> date:
    """A calendar date."""
    if isinstance(cell, date):
        return cell
    try:
        return date.fromisoformat(str(cell))
    except ValueError as error:
        raise BadCellError(Text("2027-05-10 の形の日付", "a date like 2027-05-10")) from error


def yes_no(cell: Cell) -> bool:
    """A stated boolean; blank cells never come here."""
    word = text(cell).lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise BadCellError(Text("有・無(true・false)、不明なら空欄", "true or false, blank if unknown"))


def count(cell: Cell) -> int:
    """How many of one kind."""
    value = number(cell)
    if value != int(value) or value > _MOST_OF_ONE_KIND:
        raise BadCellError(Text("1 から 1000 の整数", "a whole number from 1 to 1000"))
    return int(value)


def word(enum: type[E]) -> Callable[[Cell], E]:
    """A reader for one closed set of words."""
    known: Mapping[str, E] = {member.value: member for member in enum}

    def read(cell: Cell) -> E:
        found = known.get(str(cell).strip().lower())
        if found is None:
            raise BadCellError(listed(known))
        return found

    return read


def words(enum: type[E]) -> Callable[[Cell], frozenset[E]]:
    """A reader for several words of a closed set, divided by `;` or white space."""
    one = word(enum)

    def read(cell: Cell) -> frozenset[E]:
        return frozenset(one(part) for part in str(cell).replace(";", " ").split())

    return read


def names(cell: Cell) -> tuple[str, ...]:
    """Ids divided by `;` or white space."""
    return tuple(text(cell).replace(";", " ").split())


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    key: str
    read: Callable[[Cell], object]
    also: tuple[str, ...] = ()
    """Other headers that mean the same."""
    required: bool = False


SITE_COLUMNS = (
    Column("site", text, ("site id", "サイトID", "案件ID"), required=True),
    Column("name", text, ("案件名", "サイト名", "名称")),
    Column("area", word(Area), ("エリア",), required=True),
    Column("resource", word(Resource), ("電源種別",), required=True),
    Column("voltage", word(Voltage), ("電圧区分",), required=True),
    Column("rated_kw", number, ("定格出力kW", "定格出力(kW)"), required=True),
    Column("rated_kwh", number, ("容量kWh", "容量(kWh)")),
    Column("owner", word(Owner), ("所有者区分",), required=True),
    Column("work", word(Work), ("工事区分",), required=True),
    Column("works_class", word(WorksClass), ("電気工作物区分",), required=True),
    Column("self_consumption", yes_no, ("自家消費",)),
    Column("joins", words(Programme), ("参加制度",)),
    *(Column(m.value, day) for m in Milestone),
)
DEVICE_COLUMNS = (
    Column("device", text, ("機器ID", "機器名")),
    Column("role", word(Role), ("役割", "種別")),
    Column("maker", text, ("メーカー", "製造者")),
    Column("product", text, ("製品名",)),
    Column("model", text, ("型番", "型式")),
    Column("version", text, ("バージョン", "ファームウェア")),
    Column("label", text, ("登録番号", "ラベル番号")),
    Column("speaks_ip", yes_no, ("IP通信",)),
    Column("controls", yes_no, ("制御機能",)),
    Column("introduced", day, ("導入日",)),
    Column("bought", day, ("購入日",)),
    Column("count", count, ("台数",)),
    Column("pcs_class", word(PcsClass)),
    Column("place", word(Place)),
    Column("connects_to", names, ("接続先",)),
    Column("medium", word(Medium), ("媒体",)),
    Column("route", word(Route), ("経路",)),
)
COLUMNS = SITE_COLUMNS + DEVICE_COLUMNS
EXTERNALS = frozenset(kind.value for kind in ExternalKind)
"""Words that `connects_to` may use for what is outside the site."""
