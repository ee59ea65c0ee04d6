"""An outbox whose process is killed again and again, and a head-end that must miss and double nothing.

`python -m tests.outbox_kills FOLDER ROUNDS SEED` prints what it found as JSON. Each victim puts records,
sends live what it may, and is killed at a commit or from outside. What the disk kept is then sent
again; what the head-end holds is acknowledged by the next victim.
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

from sekisho.lab.collector import Collector
from sekisho.shell.gate.outbox import Outbox
from sekisho.shell.gate.outbox_file import opened_outbox, read_records
from sekisho.shell.gate.state_folder import OUTBOX
from sekisho.terms.ids import SessionId
from sekisho.terms.quantity import WallMs

LONGEST_S = 0.02
SESSION = SessionId("0" * 32)
NOW = WallMs(1_000)


class Doomed(Outbox):
    """An outbox that kills its process after so many commits."""

    def __init__(self, folder: Path, commits: int, told: int) -> None:
        self._left, self._told = commits, told
        super().__init__(folder, NOW)

    @override
    def _reached(self) -> None:
        os.write(self._told, f"stored {self._last}\n".encode())
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def live(folder: Path, told: int, held: int, chance: random.Random) -> None:
    """Be a gate that tells until it is killed."""
    outbox = Doomed(folder, chance.choice([1, 2, 3, 10**9]), told)
    if chance.random() < 0.5:
        outbox.acknowledge(held)
    os.write(told, b"open\n")
    for _ in range(5_000):
        body = f"{os.getpid()}:{chance.getrandbits(64)}"
        put = outbox.put(SESSION, body.encode())
        word = "live" if put.sendable and chance.random() < 0.8 else "put"
        os.write(told, f"{word} {put.sequence} {put.gap} {body}\n".encode())
        if chance.random() < 0.05:
            outbox.flush()
            time.sleep(0.001)


def victim(folder: Path, held: int, chance: random.Random) -> list[list[str]]:
    """One life and its end; what it told."""
    seed = chance.getrandbits(32)
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        try:
            live(folder, write, held, random.Random(seed))
        finally:
            os._exit(3)
    os.close(write)
    with os.fdopen(read, "rb") as stream:
        told = [stream.readline()]
        time.sleep(chance.random() * LONGEST_S)
        os.kill(pid, signal.SIGKILL)
        told += stream.read().split(b"\n")[:-1]
    _, status = os.waitpid(pid, 0)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        raise SystemExit(f"the victim ended with {status}, not by the kill")
    return [line.decode().split() for line in told if line.strip()]


def run(folder: Path, rounds: int, seed: int) -> dict[str, int]:
    """Kill so many, looking after each."""
    chance = random.Random(seed)
    collector = Collector()
    bodies: dict[int, str] = {}
    changed = missed = 0

    def take(sequence: int, gap: int, body: str) -> None:
        nonlocal changed
        changed += bodies.setdefault(sequence, body) != body
        collector.take(sequence, gap)

    for _ in range(rounds):
        numbers, stored = [], 0
        for line in victim(folder, collector.holds, chance):
            if line[0] in {"live", "put"}:
                numbers.append(int(line[1]))
            match line:
                case ["live", sequence, gap, body]:
                    take(int(sequence), int(gap), body)
                case ["stored", sequence]:
                    stored = max(stored, int(sequence))
                case _:
                    pass
        connection = opened_outbox(folder / OUTBOX, NOW)
        for one in read_records(connection, 0, 10**6, 10**9):
            take(one.sequence, one.gap, one.body.decode())
        connection.close()
        missed += sum(number <= stored and number not in bodies for number in numbers)
        missed += collector.holds < stored
    return {
        "kills": rounds,
        "records": len(bodies),
        "missed": missed,
        "changed": changed,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
