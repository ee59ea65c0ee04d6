"""Attacks on the journal's file: an entry changed, the tail cut off, the whole chained anew."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from sekisho.evidence.chain import GENESIS, chained, check
from sekisho.evidence.checkpoint import make, opened_each
from sekisho.lab import sample
from sekisho.lab.attacks.finding import Finding, Verdict
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.journal_file import opened_journal
from sekisho.shell.gate.own_key import own_signer
from sekisho.shell.gate.state_folder import open_state
from sekisho.shell.lab.observer import Observer
from sekisho.shell.lab.stage import now_ms
from sekisho.terms.quantity import WallMs
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sekisho.codec.jws import Signer
    from sekisho.shell.lab.attacks.scene import Scene

CUT = 5
"""Entries that are cut off the tail."""

_TAMPERED = Text(
    "止めたゲートのジャーナルの写しで、決定の 1 件を書き換え、末尾の {cut} 件を消し、ゲートの鍵を盗んで"
    "全体をつなぎ直しました。",
    "On copies of the journal of a gate that was stopped: changed one decision, cut the last {cut} "
    "entries off, chained the whole anew with the gate's stolen key.",
)
_FOUND = Text(
    "3 つとも見つかりました。つなぎ直しは外の証人だけが見つけました。",
    "All three were found; the new chain by the witness alone.",
)
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
    scene.watch()
    async with Observer(stage) as observer:
        await scene.settled(100_000)
        await observer.witnessed(stage, stage.folder / "witness")
        seen = tuple(observer.checkpoints) if witnessed else ()
    decisions = [n for n, entry in await scene.entries() if entry.kind.value == "decision"]
    await stage.stop_gate()
    return await asyncio.to_thread(_judged, stage.state_path, seen, decisions[0])


def _judged(state: Path, witness: tuple[bytes, ...], number: int) -> Finding:
    signer = own_signer(open_state(state))
    acts: tuple[tuple[Text, Callable[[sqlite3.Connection], None]], ...] = (
        (_CHANGED, lambda base: _change(base, number)),
        (_TAIL, _cut),
        (_ANEW, lambda base: _chain_anew(base, number, signer)),
    )
    missed = [
        what
        for place, (what, act) in enumerate(acts)
        if _holds(_copied(state, f"copy-{place}.db", act), witness, signer.public)
    ]
    did = _FOUND if not missed else _UNFOUND.fill(what=_listed(missed))
    return Finding(
        tried=_TAMPERED.fill(cut=CUT),
        did=did,
        verdict=Verdict.SUCCEEDED if missed else Verdict.REFUSED,
        entries=(number,),
    )


def _listed(missed: list[Text]) -> Text:
    return Text("、".join(one.ja for one in missed), ", ".join(one.en for one in missed))


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


def _cut(base: sqlite3.Connection) -> None:
    (last,) = base.execute("SELECT max(n) FROM journal").fetchone()
    first_own = base.execute("SELECT max(count) FROM checkpoint").fetchone()[0] or last
    base.execute("DELETE FROM journal WHERE n > ?", (min(last, first_own) - CUT,))
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
