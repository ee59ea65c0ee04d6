"""Whether one point of a profile makes sense: its place, its form, how it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.meanings import SIGNED, STATES, Meaning, Unit, factor
from sekisho.codec.modbus.pdu import ADDRESSES, BITS, Space
from sekisho.codec.points import Keeping, Pace
from sekisho.codec.profile_roles import ENGAGED, OFTEN, WRITTEN
from sekisho.codec.registers import Kind, UnfitError
from sekisho.site.faults import Fault
from sekisho.terms.quantity import Watts
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.codec.profile_document import PointTable
    from sekisho.codec.profile_draft import Draft
    from sekisho.site.locate import Path


def point_faults(path: Path, table: PointTable, draft: Draft) -> Iterator[Fault]:
    """Everything about one point that cannot be."""
    yield from _place_faults(path, table, draft)
    yield from _measure_faults(path, table)
    yield from _value_faults(path, table, draft)
    yield from _keeping_faults(path, table)
    yield from _engaging_faults(path, table, draft)


def _place_faults(path: Path, table: PointTable, draft: Draft) -> Iterator[Fault]:
    if (table.space in BITS) is not (table.kind is Kind.BIT):
        yield Fault(
            (*path, "kind"),
            Text("{space} に {kind} は置けません。", "A {kind} cannot stand in {space}.").fill(
                space=table.space, kind=table.kind
            ),
            Text(
                "coil と discrete は bit、holding と input はそれ以外です。",
                "coil and discrete hold bit; holding and input hold everything else.",
            ),
        )
    if table.kind in (Kind.STRING, Kind.SUNSSF):
        yield Fault(
            (*path, "kind"),
            Text("点の kind に {kind} は使えません。", "A point cannot be of kind {kind}.").fill(
                kind=table.kind
            ),
            Text(
                "倍率レジスターは scale_factor に番地を書いてください。",
                "Write the address of a scale factor as scale_factor.",
            ),
        )
    if draft.point.span.end > ADDRESSES:
        yield Fault(
            (*path, "address"),
            Text("65535 番地を超えます。", "It ends beyond address 65535."),
            Text(
                "番地は 0 から数えます(資料の 40001 は 0)。",
                "Addresses count from 0: a data sheet's 40001 is 0.",
            ),
        )


def _measure_faults(path: Path, table: PointTable) -> Iterator[Fault]:
    """Unit and direction."""
    meaning = table.meaning
    if factor(table.unit, meaning, Watts(1)) is None:
        yield Fault(
            (*path, "unit"),
            Text("{meaning} の単位に {unit} は使えません。", "{meaning} cannot be in {unit}.").fill(
                meaning=meaning, unit=table.unit
            ),
            _units_for(meaning),
        )
    if table.sign == 0:
        yield Fault(
            (*path, "sign"),
            Text("sign は 1 か -1 です。", "sign is 1 or -1."),
            Text(
                "機器が充電・受電を正とするときだけ sign = -1 と書いてください。",
                "Write sign = -1 only where the device counts import (charge) positive.",
            ),
        )
    if table.sign == -1 and meaning not in SIGNED:
        yield Fault(
            (*path, "sign"),
            Text("{meaning} に向きはありません。", "{meaning} has no direction.").fill(
                meaning=meaning
            ),
            Text("sign の行を消してください。", "Delete the line with sign."),
        )


def _units_for(meaning: Meaning) -> Text:
    fitting = [unit for unit in Unit if factor(unit, meaning, Watts(1)) is not None]
    return Text("使える単位: {words}", "Allowed units: {words}").fill(words=", ".join(fitting))


def _value_faults(path: Path, table: PointTable, draft: Draft) -> Iterator[Fault]:
    """What its raw values stand for."""
    meaning = table.meaning
    if (meaning in STATES) is not bool(table.states):
        yield Fault(
            (*path, "states"),
            Text(
                "states は状態の点(status、local-remote)に要り、ほかには書けません。",
                "states is needed for a state (status, local-remote), and for nothing else.",
            ),
            Text(
                "例: states = {{ running = [3, 4], fault = [7] }}",
                "Write, for example: states = {{ running = [3, 4], fault = [7] }}",
            ).fill(),
        )
    if len(draft.point.states) != sum(len(raws) for raws in table.states.values()):
        yield Fault(
            (*path, "states"),
            Text("同じ値が2つの状態にあります。", "One raw value stands for two states."),
            Text("どちらか一方を消してください。", "Delete one of the two."),
        )
    if table.mask is not None and meaning is not Meaning.ALARMS:
        yield Fault(
            (*path, "mask"),
            Text("mask は alarms の点だけに書けます。", "mask belongs to alarms only."),
            Text("mask の行を消してください。", "Delete the line with mask."),
        )
    if meaning is Meaning.SETPOINT and (draft.point.reach or (-1, 1))[0] >= 0:
        yield Fault(
            (*path, "kind"),
            Text(
                "{kind} は負の値を持てないので、充電を指令できません。",
                "{kind} holds no negative value, so charging cannot be commanded.",
            ).fill(kind=table.kind),
            Text(
                "符号付きの設定値レジスターを書いてください。",
                "Name a set-point register that is signed.",
            ),
        )


def _keeping_faults(path: Path, table: PointTable) -> Iterator[Fault]:
    """Whether it can be written, and how often."""
    meaning, writable = table.meaning, table.keeping is not None
    if writable and table.space not in (Space.HOLDING, Space.COIL):
        yield Fault(
            (*path, "space"),
            Text("{space} には書き込めません。", "{space} cannot be written.").fill(
                space=table.space
            ),
            Text("holding か coil を書いてください。", "Write holding or coil."),
        )
    if writable is not (meaning in WRITTEN):
        yield Fault(
            (*path, "keeping"),
            Text(
                "ゲートが書く点には keeping が要り、ほかには書けません。",
                "keeping is needed where the gate writes, and nowhere else.",
            ),
            Text("ゲートが書く意味: {words}", "The gate writes: {words}").fill(
                words=", ".join(sorted(WRITTEN))
            ),
        )
    if meaning in OFTEN and table.keeping is Keeping.NVRAM:
        yield Fault(
            (*path, "keeping"),
            Text(
                "{meaning} は頻繁に書くので、寿命のあるメモリー(nvram)には書けません。",
                "{meaning} is written often, which memory that wears out (nvram) cannot bear.",
            ).fill(meaning=meaning),
            Text(
                "揮発性の設定値レジスターを使うか、メーカーに尋ねてください。",
                "Use a volatile register, or ask the maker for one.",
            ),
        )
    if meaning is Meaning.SETPOINT and table.pace is Pace.ONCE:
        yield Fault(
            (*path, "pace"),
            Text("設定値は読み返します。", "A set-point is read back."),
            Text("pace の行を消してください。", "Delete the line with pace."),
        )


def _engaging_faults(path: Path, table: PointTable, draft: Draft) -> Iterator[Fault]:
    """The raw value by which it is engaged."""
    if (table.write is not None) is not (table.meaning in ENGAGED):
        yield Fault(
            (*path, "write"),
            Text(
                "write は {words} に要り、ほかには書けません。",
                "write is needed for {words}, and for nothing else.",
            ).fill(words=", ".join(sorted(ENGAGED))),
            Text(
                "有効にする値を書いてください(例: write = 1)。",
                "Write the raw value that engages it (write = 1).",
            ),
        )
    elif table.write is not None and table.keeping is not None:
        try:
            draft.point.write_raw(table.write)
        except UnfitError:
            yield Fault(
                (*path, "write"),
                Text("{n} は {kind} に入りません。", "{n} does not fit {kind}.").fill(
                    n=table.write, kind=table.kind
                ),
                Text("資料の値を確かめてください。", "Check it against the device's documents."),
            )
