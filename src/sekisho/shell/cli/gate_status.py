"""Shows a gate's status: the running one's own words, or that it does not run."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from sekisho.gate.attention import what_calls
from sekisho.gate.journal.words import called
from sekisho.gate.status import OLD_MS, read_status
from sekisho.present.document import Banner, Bullets, Cell, Document, Heading, Paragraph, Table
from sekisho.shell.cli.showing import as_text, on_terminal
from sekisho.shell.gate.kernel_time import KernelClock
from sekisho.shell.gate.recall import recalled
from sekisho.shell.gate.state_folder import STATUS
from sekisho.terms.dates import JST
from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.texts import Text, listed, same
from sekisho.terms.verdict import ExitCode, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sekisho.gate.status import Status
    from sekisho.present.document import Block
    from sekisho.shell.gate.state_folder import StateFolder
    from sekisho.terms.texts import Lang

_CALM = Text("動いています。異常はありません。", "Running, and calm.")
_TROUBLED = Text("動いています。人の対応が要ります。", "Running; somebody should look.")
_STILL = Text("動いていません。", "Not running.")
_LAST = Text(
    "最後の状態は {age} 秒前です。下の値は今のものではありません。",
    "It spoke last {age} s ago; what follows is not the present.",
)
_NEVER = Text("まだ動いたことがありません。", "It has never run.")
_NONE_YET = Text("まだ状態を書いたことがありません。", "It has written no status yet.")
_NEXT = Text(
    "→ sekisho gate check で足りないものを確かめてから、sekisho gate run で動かしてください。",
    "→ See with sekisho gate check what is missing; then sekisho gate run.",
)
_KEPT = Text(
    "記録 {entries} 件。復帰待ち: {latches}",
    "{entries} journal entries. Latches: {latches}",
)


def show_status(folder: StateFolder, lang: Lang, *, as_json: bool) -> int:
    """Print the status; the exit code says whether somebody should look.

    Raises:
        InputError: the status is open to others.
        WorldError: it cannot be read.
    """
    status = read(folder) if folder.has(STATUS) else None
    now = KernelClock()()
    age = None if status is None else abs(now.boot - status.boot)
    running = age is not None and age <= OLD_MS and folder.is_held()
    if as_json:
        found = None if status is None else asdict(status)
        sys.stdout.write(as_text({"running": running, "status": found}))
    else:
        blocks = _blocks(folder, status, age, running=running, lang=lang)
        title = Text("ゲートの状態", "The gate's status").says(lang)
        name = status.site if status is not None else str(folder.path)
        document = Document(
            title=title, subtitle=name, lang=lang.value, footer="", blocks=tuple(blocks)
        )
        sys.stdout.write(on_terminal([document]))
    if status is None or not running:
        return ExitCode.UNDETERMINED
    return ExitCode.GOOD if status.calm else ExitCode.FOUND_BAD


def read(folder: StateFolder) -> Status:
    """The status that the gate wrote last.

    Raises:
        InputError: it is open to others.
        WorldError: it cannot be read.
    """
    try:
        return read_status(folder.read(STATUS))
    except ValueError as error:
        problem = Problem(
            str(folder.file(STATUS)),
            Text("ゲートの状態として読めません。", "It is no status of a gate."),
            Text(
                "同じ版の sekisho で見てください。", "Look at it with the same version of sekisho."
            ),
        )
        raise WorldError(problem) from error


def _blocks(
    folder: StateFolder, status: Status | None, age: int | None, *, running: bool, lang: Lang
) -> Iterator[Block]:
    if not running:
        memory = recalled(folder)
        begun = memory is not None and memory.tip.number > 0
        never = _NONE_YET if begun else _NEVER
        detail = never if age is None else _LAST.fill(age=f"{age // 1_000:,}")
        yield Banner(Verdict.UNDETERMINED, _STILL.says(lang), detail.says(lang))
        if memory is not None and memory.durable is not None:
            names = sorted(memory.durable.latches)
            latches = listed(called("what", str(name)) for name in names) if names else "—"
            yield Paragraph(_KEPT.fill(entries=memory.tip.number, latches=latches).says(lang))
        if age is None:
            yield Paragraph(_NEXT.says(lang))
    if status is None:
        return
    if running:
        verdict, said = (Verdict.MET, _CALM) if status.calm else (Verdict.BROKEN, _TROUBLED)
        yield Banner(verdict, said.says(lang), "")
    yield _table(_SUMMARY, _summary(status, lang), lang)
    renewal = status.north.renewal
    troubles = list(what_calls(status.latches, status.alarms, status.failures, renewal))
    if troubles:
        yield Heading(2, Text("対応の要るもの", "What calls for a person").says(lang))
        yield Bullets(tuple(trouble.says(lang) for trouble in troubles))
    yield Heading(2, Text("機器", "Devices").says(lang))
    yield _table(_DEVICES, _devices(status, lang), lang)
    if status.orders:
        yield Heading(2, Text("有効な指令", "Standing orders").says(lang))
        yield _table(_ORDERS, _orders(status, lang), lang)
    if status.decisions:
        yield Heading(2, Text("最近の決定", "Latest decisions").says(lang))
        yield _table(_DECISIONS, _decisions(status, lang), lang)


_BROKER = Text("{state}(受領確認待ち {n} 件)", "{state} ({n} not acknowledged yet)")
_JOURNAL = Text("{n} 件(最後のハッシュ {head}…)", "{n} entries (last hash {head}…)")
_OWN_DROOP = Text("自身の周波数応動: {state}", "own droop {state}")
_DOG = Text("ウォッチドッグ: {state}", "watchdog {state}")
_STOPPED = Text("現地で停止", "stopped locally")
_FAULT = Text("故障", "fault")
_SUMMARY = (Text("項目", "What"), Text("値", "Value"))
_DEVICES = (
    Text("機器", "Device"),
    Text("接続", "Link"),
    Text("電力", "Power"),
    Text("設定値", "Set-point"),
    Text("状態", "State"),
)
_ORDERS = (
    Text("指令", "Order"),
    Text("発行者", "Issuer"),
    Text("電力", "Power"),
    Text("終わり(日本)", "Ends (Japan)"),
)
_DECISIONS = (
    Text("時刻(日本)", "At (Japan)"),
    Text("指令", "Command"),
    Text("決定", "Decision"),
    Text("理由・制約", "Reason, bounds"),
)


def _beside(status: Status) -> Mapping[Text, str]:
    """What flows beside the set-points, where a PCS follows the frequency by itself."""
    if status.own_droop is None:
        return {}
    name = Text("ほかに PCS 自身の応動(見込み)", "besides, the PCS's own droop (expected)")
    return {name: _watts(status.own_droop)}


def _summary(status: Status, lang: Lang) -> Iterator[tuple[str, ...]]:
    yes = {True: Text("はい", "yes"), False: Text("いいえ", "no")}
    lines: Mapping[Text, str] = {
        Text("連系点の電力", "Power at the connection point"): _watts(status.power),
        Text("設備の設定値", "Set-point of the plant"): _watts(status.setpoint),
        Text("うち指令・周波数応動", "of which dispatch, droop"): (
            f"{_watts(status.dispatch)}, {_watts(status.droop)}"
        ),
        **_beside(status),
        Text("周波数", "Frequency"): (
            f"{status.frequency:.3f} Hz"
            if status.frequency is not None
            else f"— ({called('doubt', status.frequency_doubt or '').says(lang)})"
        ),
        Text("充電率", "State of charge"): _share(status.soc),
        Text("ブローカー", "Broker"): (
            _BROKER.fill(
                state=called("link", "up" if status.north.connected else "lost"),
                n=f"{status.north.waiting:,}",
            ).says(lang)
        ),
        Text("時刻は確か", "Time is sure"): (
            f"{yes[status.time_sure].says(lang)} (± {status.time_error_ms:,} ms)"
        ),
        Text("試運転済み", "Commissioned"): yes[status.commissioned].says(lang),
        Text("ジャーナル", "Journal"): _JOURNAL.fill(
            n=f"{status.journal.entries:,}", head=status.journal.head[:16]
        ).says(lang),
        Text("書込み待ち", "Not yet on disk"): f"{status.journal.behind_ms:,} ms",
        Text("信頼・上限の版", "Versions of trust, bounds"): (
            f"{status.trust_version}, {status.bounds_version}"
        ),
    }
    yield from ((name.says(lang), value) for name, value in lines.items())


def _devices(status: Status, lang: Lang) -> Iterator[tuple[str, ...]]:
    for pcs in status.pcs:
        words = [_DOG.fill(state=called("state", pcs.watchdog))]
        if pcs.no_watchdog is not None:
            words = [same(f"no_watchdog: {pcs.no_watchdog}")]
        if pcs.own_droop is not None:
            words += [_OWN_DROOP.fill(state=called("state", pcs.own_droop))]
        words += [_STOPPED] if pcs.stopped_locally else []
        words += [_FAULT] if pcs.faulted else []
        link = called("link", pcs.link).says(lang)
        yield (
            pcs.device,
            link,
            _watts(pcs.power),
            _watts(pcs.setpoint),
            _beside_each_other(words, lang),
        )
    for bms in status.bms:
        limits = (
            f"{_share(bms.soc)}, ≤ {_watts(bms.discharge_limit)}, ≥ −{_watts(bms.charge_limit)}"
        )
        words = [same(limits), *([_FAULT] if bms.faulted else [])]
        yield (
            bms.device,
            called("link", bms.link).says(lang),
            "",
            "",
            _beside_each_other(words, lang),
        )
    for meter in status.meters:
        yield meter.device, called("link", meter.link).says(lang), _watts(meter.power), "", ""


def _orders(status: Status, lang: Lang) -> Iterator[tuple[str, ...]]:
    for order in status.orders:
        power = _watts(order.power)
        if order.export_max is not None or order.import_max is not None:
            power = f"≤ {_watts(order.export_max)}, ≥ −{_watts(order.import_max)}"
        kind = called("asked", order.kind).says(lang)
        yield f"{kind} {order.command}", order.issuer, power, _at(order.ends)


def _decisions(status: Status, lang: Lang) -> Iterator[tuple[str, ...]]:
    for one in status.decisions:
        why = called("reason", one.reason).says(lang) if one.reason else ", ".join(one.limits)
        yield _at(one.at), one.command or "—", called("outcome", one.outcome).says(lang), why


def _beside_each_other(words: Sequence[Text], lang: Lang) -> str:
    """Several states in one cell; they hold commas themselves."""
    return " / ".join(word.says(lang) for word in words)


def _watts(power: int | None) -> str:
    return "—" if power is None else f"{power:,} W"


def _share(soc: float | None) -> str:
    return "—" if soc is None else f"{soc:.1%}"


def _at(wall_ms: int) -> str:
    try:
        return f"{datetime.fromtimestamp(wall_ms // 1_000, JST):%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError, OSError):
        return str(wall_ms)


def _table(header: Sequence[Text], rows: Iterator[tuple[str, ...]], lang: Lang) -> Table:
    return Table(
        header=tuple(text.says(lang) for text in header),
        rows=tuple(tuple(Cell(word) for word in row) for row in rows),
        widths=(1,) * len(header),
    )
