"""Whether the gate's tables fit the plant that the same file declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.settings import SouthRole
from sekisho.gate.tables_document import SUNSPEC, WATCHDOG_S
from sekisho.gate.tables_ways import Tables, faults_among
from sekisho.site.faults import Fault, meant, quoted, together
from sekisho.site.model import Place, Role
from sekisho.terms.ids import natural
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sekisho.gate.tables_document import GateTable, SouthTable
    from sekisho.site.locate import Path
    from sekisho.site.model import Device, Site

ROLES: Mapping[Role, SouthRole] = {
    Role.PCS: SouthRole.PCS,
    Role.BMS: SouthRole.BMS,
    Role.METER: SouthRole.METER,
}
"""What a device of the plant is to the gate; a device of another role can only be the trip."""
_LEAST_SUM, _MOST_SUM = 0.9, 2.0
"""Sum of the PCS over the site's rating: outside, a unit was mistaken or a PCS forgotten."""
_MOST_BAND, _MOST_AUXILIARY = 0.1, 0.25
"""Parts of the site's rating above which a check would see nothing."""
_SHOWN = 8


def faults_in(tables: Tables, site: Site | None) -> Iterator[Fault]:
    """Everything that does not fit together; without a site, within the tables alone."""
    yield from faults_among(tables)
    if site is not None:
        devices = {str(device.id): device for device in site.devices}
        yield from _devices(tables, devices)
        yield from _complete(tables, devices)
        yield from _powers(tables, site, devices)


def role_of(device: str, tables: Tables, devices: Mapping[str, Device]) -> SouthRole | None:
    """What a device is to the gate; None where the gate has no work for it."""
    declared = devices.get(device)
    role = ROLES.get(declared.role) if declared is not None else None
    if role is None and tables.breaker == device:
        return SouthRole.TRIP
    return role


def _devices(tables: Tables, devices: Mapping[str, Device]) -> Iterator[Fault]:
    controlled = any(d.role is Role.OUTPUT_CONTROL_UNIT for d in devices.values())
    for at, row in tables.south:
        declared = devices.get(row.device)
        if declared is None:
            yield _no_device(("south", at, "device"), row.device, devices)
            continue
        role = role_of(row.device, tables, devices)
        if role is None or declared.place is Place.CLOUD:
            yield _no_work(("south", at, "device"), declared)
        elif role is SouthRole.PCS:
            yield from _only(SouthRole.METER, ("south", at), row, ("positive",))
            yield from _pcs(("south", at), row, controlled=controlled)
        else:
            if role is not SouthRole.METER or row.profile != SUNSPEC:
                yield from _only(SouthRole.METER, ("south", at), row, ("positive",))
            yield from _only(
                SouthRole.PCS,
                ("south", at),
                row,
                ("rated_kw", "watchdog_s", "no_watchdog", "droop"),
            )
    if tables.trip is not None:
        declared = devices.get(tables.trip.device)
        if declared is None:
            yield _no_device(("trip", "device"), tables.trip.device, devices)
        elif declared.role in ROLES:
            yield Fault(
                ("trip", "device"),
                Text(
                    "{device} は {role} なので、遮断器を開く機器にできません。",
                    "{device} is a {role} and cannot be what opens the breaker.",
                ).fill(device=declared.id, role=declared.role.value),
                Text(
                    '別の機器を [[device]] に書き(例: role = "protocol-converter")、'
                    "その id を書いてください。",
                    'Declare another [[device]] (role = "protocol-converter") and write its id.',
                ),
            )


def _no_device(path: Path, device: str, devices: Mapping[str, Device]) -> Fault:
    each = [name for name in devices if name.startswith(f"{device}.")]
    if each:
        remedy = Text(
            "1台ずつ書いてください: {each}", "Write a table for each of them: {each}"
        ).fill(each=_some(each))
    else:
        remedy = together(
            meant(device, devices),
            Text("[[device]] の id: {known}", "Ids of [[device]]: {known}").fill(
                known=_some(sorted(devices, key=natural))
            ),
        )
    return Fault(
        path,
        Text(
            "「{device}」という機器は [[device]] にありません。",
            'There is no [[device]] "{device}".',
        ).fill(device=quoted(device)),
        remedy,
    )


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")


def _no_work(path: Path, device: Device) -> Fault:
    if device.place is Place.CLOUD:
        what = Text("{device} は構内の機器ではありません。", "{device} is not at the site.")
    else:
        what = Text(
            "{device} の役割 {role} に、ゲートがする仕事はありません。",
            "The gate has no work for {device}, whose role is {role}.",
        )
    return Fault(
        path,
        what.fill(device=device.id, role=device.role.value),
        Text(
            "[[south]] には pcs・bms・meter と、[trip] の機器だけを書いてください。",
            "A [[south]] is a pcs, a bms, a meter or the device of [trip].",
        ),
    )


def _pcs(path: Path, row: SouthTable, *, controlled: bool) -> Iterator[Fault]:
    if row.rated_kw is None:
        yield Fault(
            path,
            Text("{device} に rated_kw がありません。", "{device} has no rated_kw.").fill(
                device=quoted(row.device)
            ),
            Text(
                "PCS の定格を kW で書いてください(例: rated_kw = 12_500)。",
                "Write the rated power of the PCS in kW (rated_kw = 12_500).",
            ),
        )
    yield from _watchdog(path, row, controlled=controlled)


def _watchdog(path: Path, row: SouthTable, *, controlled: bool) -> Iterator[Fault]:
    """Whether there is one, and whether its time fits."""
    if row.watchdog_s is not None and row.no_watchdog is not None:
        yield Fault(
            (*path, "no_watchdog"),
            Text(
                "watchdog_s と no_watchdog は同時に書けません。",
                "watchdog_s and no_watchdog exclude one another.",
            ),
            Text(
                "ウォッチドッグがある PCS では no_watchdog を消してください。",
                "Delete no_watchdog where the PCS has a watchdog.",
            ),
        )
    seconds = row.watchdog_s if row.watchdog_s is not None else WATCHDOG_S
    if seconds > WATCHDOG_S and not controlled:
        yield Fault(
            (*path, "watchdog_s"),
            Text(
                "watchdog_s が {most} 秒を超えています: {seconds}",
                "watchdog_s is over {most}: {seconds}",
            ).fill(most=WATCHDOG_S, seconds=seconds),
            Text(
                "{most} 以下にしてください。300 秒までにできるのは出力制御ユニット"
                '(role = "output-control-unit")のあるサイトだけです。',
                "Write at most {most}; up to 300 only where the site has a device of role "
                '"output-control-unit".',
            ).fill(most=WATCHDOG_S),
        )
    if row.no_watchdog is None and seconds * 1_000 <= 2 * row.timeout_ms:
        yield Fault(
            (*path, "watchdog_s"),
            Text(
                "応答待ち {timeout} ms に対してウォッチドッグ {seconds} 秒は短すぎます。",
                "A watchdog of {seconds} s is too short for a time-out of {timeout} ms.",
            ).fill(timeout=row.timeout_ms, seconds=seconds),
            Text(
                "1回の再送で切れないよう、timeout_ms の2倍より長くしてください。",
                "Make it longer than twice timeout_ms, so that one lost answer does not end it.",
            ),
        )


def _only(role: SouthRole, path: Path, row: SouthTable, keys: Sequence[str]) -> Iterator[Fault]:
    """Keys that a device of another role does not have."""
    what = {
        SouthRole.PCS: Text("{key} は PCS だけに書けます。", "Only a PCS has {key}."),
        SouthRole.METER: Text(
            "{key} は SunSpec のメーターだけに書けます。", "Only a SunSpec meter has {key}."
        ),
    }[role]
    for key in keys:
        if getattr(row, key) is not None:
            yield Fault(
                (*path, key),
                what.fill(key=key),
                Text("この行を消してください。", "Delete this line."),
            )


def _complete(tables: Tables, devices: Mapping[str, Device]) -> Iterator[Fault]:
    """Each PCS is driven, and there is a meter and a BMS to judge by."""
    if not tables.named or not tables.named <= devices.keys():
        return  # a device that was meant may stand under another name
    here = [d for d in devices.values() if d.place is Place.SITE]
    for device in here:
        if device.role is Role.PCS and device.id not in tables.named:
            yield Fault(
                ("south",),
                Text("{device} の [[south]] がありません。", "{device} has no [[south]].").fill(
                    device=device.id
                ),
                Text(
                    "ゲートが動かさない PCS があると実測と指令を比べられません。書き足してください。",
                    "Add it: with a PCS that the gate does not drive, meter and command cannot be "
                    "compared.",
                ),
            )
    for role in (Role.METER, Role.BMS):
        if not any(d.role is role and d.id in tables.named for d in here):
            yield Fault(
                ("south",),
                Text(
                    "{role} の [[south]] がありません。", "There is no [[south]] of a {role}."
                ).fill(role=role.value),
                Text(
                    'role = "{role}" の [[device]] とその [[south]] を書いてください。',
                    'Declare a [[device]] of role "{role}" and its [[south]].',
                ).fill(role=role.value),
            )


def _powers(tables: Tables, site: Site, devices: Mapping[str, Device]) -> Iterator[Fault]:
    if site.rated_kwh is None:
        yield Fault(
            ("site",),
            Text("[site] に rated_kwh がありません。", "[site] has no rated_kwh."),
            Text(
                "ゲートは定格容量(kWh)が要ります。例: rated_kwh = 200_000",
                "The gate needs the rated energy. Write, for example: rated_kwh = 200_000",
            ),
        )
    pcs = [row for _, row in tables.south if role_of(row.device, tables, devices) is SouthRole.PCS]
    rated = [row.rated_kw for row in pcs if row.rated_kw is not None]
    total = sum(rated)
    whole = tables.whole and len(rated) == len(pcs) > 0
    if whole and not _LEAST_SUM <= total / site.rated_kw <= _MOST_SUM:
        yield Fault(
            ("south",),
            Text(
                "PCS の rated_kw の合計 {total} kW が、サイトの rated_kw {site} kW と合いません。",
                "The rated_kw of the PCS add up to {total} kW; rated_kw of the site is {site} kW.",
            ).fill(total=f"{total:_.10g}", site=f"{site.rated_kw:_.10g}"),
            Text(
                "単位(kW)と台数を確かめてください。合計はサイトの 0.9 倍から 2 倍です。",
                "Check the unit (kW) and the number of PCS: the sum is 0.9 to 2 times the site's.",
            ),
        )
    if tables.gate is not None:
        yield from _loads(tables.gate, site)


def _loads(gate: GateTable, site: Site) -> Iterator[Fault]:
    most = gate.auxiliary_most_kw
    if most is not None and most < gate.auxiliary_kw:
        yield Fault(
            ("gate", "auxiliary_most_kw"),
            Text(
                "auxiliary_most_kw が auxiliary_kw より小さい値です。",
                "auxiliary_most_kw is below auxiliary_kw.",
            ),
            Text("最大の所内負荷を書いてください。", "Write the largest load of the plant itself."),
        )
    for key, value, share in (
        ("auxiliary_kw", gate.auxiliary_kw, _MOST_AUXILIARY),
        ("auxiliary_most_kw", most, _MOST_AUXILIARY),
        ("mismatch_band_kw", gate.mismatch_band_kw, _MOST_BAND),
    ):
        if value is not None and value > share * site.rated_kw:
            yield Fault(
                ("gate", key),
                Text(
                    "{key} が定格の {share} を超えています: {value}",
                    "{key} is over {share} of the rating: {value}",
                ).fill(key=key, share=f"{share:.0%}", value=f"{value:_.10g}"),
                Text(
                    "{most} kW 以下にしてください。大きすぎると実測と指令の食い違いが見えません。",
                    "Write at most {most} kW; above it the meter could not show a mismatch.",
                ).fill(most=f"{share * site.rated_kw:_.10g}"),
            )
