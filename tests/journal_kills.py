"""A store whose process is killed again and again, in a process of its own that forks the victims.

`python -m tests.journal_kills FOLDER ROUNDS SEED` prints what it found as JSON. Half of the victims
kill themselves at a named point of a commit, the others are killed from outside at some moment.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from typing_extensions import override

from sekisho.evidence.chain import GENESIS, Tip, check, link_digest
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.gate.journal.log import row_of
from sekisho.shell.gate.journal_file import opened_journal
from sekisho.shell.gate.state_folder import STORE
from sekisho.shell.gate.store import Point, Store, Submitted
from sekisho.shell.gate.store_file import opened_for_writing
from sekisho.terms.quantity import BootMs, WallMs

LONGEST_S = 0.02
"""Victims that are killed from outside live at most so long after their store is open."""


class Doomed(Store):
    """A store that kills its process when a point is reached for the nth time."""

    def __init__(self, folder: Path, at: Point | None, turn: int) -> None:
        self._at, self._turns = at, turn
        super().__init__(folder)

    @override
    def _reached(self, point: Point) -> None:
        if point is self._at:
            self._turns -= 1
            if self._turns == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def live(folder: Path, told: int, chance: random.Random) -> None:
    """Be a gate that writes until it is killed."""
    at = chance.choice([*Point, *Point, *[None] * 4])
    store = Doomed(folder, at, chance.randint(1, 4))
    os.write(told, b"open\n")

    def tell(number: int) -> None:
        os.write(told, f"{number}\n".encode())

    for turn in range(10_000):
        count = chance.randint(1, 4)
        entries = [
            Entry(
                kind=chance.choice(list(EntryKind)),
                wall=WallMs(1_800_000_000_000 + turn),
                boot=BootMs(turn),
                body={"turn": turn, "what": "x" * chance.randint(0, 400)},
            )
            for _ in range(count)
        ]
        last = store.next_number - 1 + count
        sent = store.submit(entries, str(last).encode(), BootMs(turn))
        assert isinstance(sent, Submitted)
        sent.done.add_done_callback(lambda done: tell(done.result()))
        if chance.random() < 0.5:
            sent.done.result()


def victim(folder: Path, chance: random.Random) -> int:
    """One life and its end; the last entry that it was told to be safe."""
    seed = chance.getrandbits(32)
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        try:
            live(folder, write, random.Random(seed))
        finally:
            os._exit(3)
    os.close(write)
    with os.fdopen(read, "rb") as stream:
        opened = stream.readline()
        time.sleep(chance.random() * LONGEST_S)
        os.kill(pid, signal.SIGKILL)
        told = stream.read()
    _, status = os.waitpid(pid, 0)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        raise SystemExit(f"the victim ended with {status}, not by the kill")
    whole = [line for line in told.split(b"\n")[:-1] if line]
    assert opened in {b"open\n", b""}
    return max((int(line) for line in whole), default=0)


def looked(folder: Path, since: Tip) -> Tip:
    """The last entry of the store, its links since `since` followed; its durable state must fit.

    Raises:
        SystemExit: a link is broken, or entries and durable state are not of the same commit.
    """
    connection = opened_for_writing(folder / STORE, create=True)
    rows = connection.execute(
        "SELECT n, entry, digest FROM journal WHERE n > ? ORDER BY n", (since.number,)
    ).fetchall()
    durable = connection.execute("SELECT state FROM durable").fetchone()
    connection.close()
    for number, entry, digest in rows:
        row = row_of(number, entry, digest)
        if number != since.number + 1 or digest != link_digest(number, since.digest, row.leaf):
            raise SystemExit(f"the chain is broken at {number}")
        since = Tip(number, digest)
    if (durable is not None or since.number) and int(durable[0]) != since.number:
        raise SystemExit(f"durable state of {durable}, entries up to {since.number}")
    return since


def run(folder: Path, rounds: int, seed: int) -> dict[str, int]:
    """Kill so many, looking after each."""
    chance = random.Random(seed)
    tip, lost = GENESIS, 0
    for _ in range(rounds):
        told = victim(folder, chance)
        tip = looked(folder, tip)
        lost += max(0, told - tip.number)
    with opened_journal(folder / STORE) as log:
        found = check((row.link for row in log.rows(1, log.last)), (), base=log.base)
    return {
        "kills": rounds,
        "entries": found.entries,
        "lost": lost,
        "faults": len(found.findings) + found.unsaid,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
