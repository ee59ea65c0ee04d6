"""Attacks on the journal's file: an entry changed, the tail cut off, the whole chained anew."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from sekisho.evidence.chain import GENESIS, chained, check
from sekisho.evidence.checkpoint import make, opened_each
from sekisho.gate.journal.entries import EntryKind
from sekisho.lab import sample
from sekisho.lab.attacks.finding import Finding, Verdict
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.journal_file import opened_journal
from sekisho.shell.gate.own_key import own_signer
from sekisho.shell.gate.state_folder import open_state
from sekisho.shell.lab.observer import Observer
from sekisho.shell.lab.stage import now_ms
from sekisho.terms.quantity import WallMs
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sekisho.codec.jws import Signer
    from sekisho.shell.lab.attacks.scene import Scene

CUT = 5
"""Entries cut off the tail of those that the witness covers, beside whatever it has not seen."""
PLATES_S = 10.0
"""How long the nameplates of the devices may take to stand in the journal."""

_TAMPERED = Text(
    "止めたゲートのジャーナルの写しで、決定の 1 件を書き換え、証人の見た最後の {cut} 件から後を消し、"
    "ゲートの鍵を盗んで全体をつなぎ直しました。",
    "On copies of the journal of a gate that was stopped: changed one decision, cut the tail off "
    "with the last {cut} entries that a witness has seen, chained the whole anew with the gate's stolen key.",
)
_FOUND = Text(
    "3 つとも見つかりました。つなぎ直しは外の証人だけが見つけました。",
    "All three were found; the new chain by the witness alone.",
)
_UNWITNESSED = Text(
    "決定を含む新しいチェックポイントが、時間内に証人に届きませんでした。",
    "No new checkpoint that covers a decision reached the witness in time.",
)
_UNTRIED = Text("何も試していません。", "Nothing was tried.")
_UNFOUND = Text("見つからなかったもの: {what}", "Not found: {what}")
_CHANGED = Text("書換え", "the changed entry")
_TAIL = Text("末尾の削除", "the cut tail")
_ANEW = Text("つなぎ直し", "the new chain")


async def tampered(scene: Scene) -> Finding:
    """Class 11: judged with a witness elsewhere."""
    return await _tampered(scene, witnessed=True)


async def unwitnessed(scene: Scene) -> Finding:
    """Class 11 where nobody else has seen the journal."""
    return await _tampered(scene, witnessed=False)


async def _tampered(scene: Scene, *, witnessed: bool) -> Finding:
    stage = scene.stage
    async with Observer(stage) as observer:
        await scene.settled(100_000)
        await _plates_noted(scene)
        decisions = [n for n, entry in await scene.entries() if entry.kind is EntryKind.DECISION]
        newest = await observer.witnessed(stage, stage.folder / "witness")
        seen = tuple(observer.checkpoints) if witnessed else ()
    number = next((n for n in decisions if newest is not None and n <= newest), None)
    if newest is None or number is None:
        return Finding(tried=_UNTRIED, did=_UNWITNESSED, verdict=Verdict.NOT_TESTED)
    await stage.stop_gate()
    return await asyncio.to_thread(_judged, stage.state_path, seen, number, newest)


async def _plates_noted(scene: Scene) -> None:
    """Until every nameplate stands in the journal, so that few entries follow the checkpoint."""
    workers = scene.stage.running.workers.values()
    stated = sum(one.described is not None and one.described.common is not None for one in workers)
    end = asyncio.get_running_loop().time() + PLATES_S
    while asyncio.get_running_loop().time() < end:
        entries = await asyncio.to_thread(scene.read)
        if sum(entry.kind is EntryKind.IDENTITY for _, entry in entries) >= stated:
            return
        await asyncio.sleep(0.1)


def _judged(state: Path, witness: tuple[bytes, ...], number: int, newest: int) -> Finding:
    """What is found of the three acts.

    Args:
        state: of a gate that was stopped.
        witness: the checkpoints that its journal is held against.
        number: of the decision that is changed.
        newest: how many entries a witness has seen. What follows them nobody outside can miss, and a
            gate goes on writing after every checkpoint.
    """
    signer = own_signer(open_state(state))
    acts: tuple[tuple[Text, Callable[[sqlite3.Connection], None]], ...] = (
        (_CHANGED, lambda base: _change(base, number)),
        (_TAIL, lambda base: _cut(base, newest - CUT)),
        (_ANEW, lambda base: _chain_anew(base, number, signer)),
    )
    missed = [
        what
        for place, (what, act) in enumerate(acts)
        if _holds(_copied(state, f"copy-{place}.db", act), witness, signer.public)
    ]
    did = _FOUND if not missed else _UNFOUND.fill(what=listed(missed))
    return Finding(
        tried=_TAMPERED.fill(cut=CUT),
        did=did,
        verdict=Verdict.SUCCEEDED if missed else Verdict.REFUSED,
        entries=(number,),
    )


def _copied(state: Path, name: str, act: Callable[[sqlite3.Connection], None]) -> Path:
    copy = state.parent / name
    for end in ("", "-wal", "-shm"):
        source = state / f"{names.STORE}{end}"
        if source.exists():
            shutil.copyfile(source, copy.with_name(f"{name}{end}"))
    with closing(sqlite3.connect(copy)) as base:
        for (trigger,) in base.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            base.execute(f"DROP TRIGGER {trigger}")
        act(base)
        base.commit()
    return copy


def _change(base: sqlite3.Connection, number: int) -> None:
    (entry,) = base.execute("SELECT entry FROM journal WHERE n = ?", (number,)).fetchone()
    base.execute("UPDATE journal SET entry = ? WHERE n = ?", (_other(entry), number))


def _other(entry: bytes) -> bytes:
    """The same decision about another power."""
    return entry.replace(b'"asked_power":', b'"asked_power":9', 1)


def _cut(base: sqlite3.Connection, last: int) -> None:
    base.execute("DELETE FROM journal WHERE n > ?", (last,))
    base.execute("DELETE FROM checkpoint")


def _chain_anew(base: sqlite3.Connection, number: int, thief: Signer) -> None:
    """Whoever has the file and the gate's key makes everything fit again, checkpoints too."""
    _change(base, number)
    tip = GENESIS
    for n, entry in base.execute("SELECT n, entry FROM journal ORDER BY n").fetchall():
        tip = chained(tip, entry)
        base.execute("UPDATE journal SET digest = ? WHERE n = ?", (tip.digest, n))
    base.execute("DELETE FROM checkpoint")
    forged = make(tip, WallMs(now_ms()), sample.SITE, thief.sign)
    base.execute("INSERT INTO checkpoint VALUES (?, 0, ?)", (tip.number, forged.token))


def _holds(copy: Path, witness: tuple[bytes, ...], public: bytes) -> bool:
    """Whether nobody would see that it was tampered with."""
    with opened_journal(copy) as log:
        checked = check(
            (row.link for row in log.rows(1, log.last)),
            opened_each(log.tokens, public),
            opened_each(witness, public),
            base=log.base,
        )
    return not checked.findings
