"""A made-up journal for the documentation: an hour of an invented plant, signed with a public key."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sekisho.codec.jws import Signer
from sekisho.evidence.chain import GENESIS, Tip, chained
from sekisho.evidence.checkpoint import make
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.gate.journal.extract import extract
from sekisho.gate.journal.form import entry_bytes
from sekisho.gate.journal.log import Log, Row, row_of
from sekisho.shell.keys import public_pem
from sekisho.terms.dates import JST
from sekisho.terms.ids import SiteId
from sekisho.terms.quantity import BootMs, WallMs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.evidence.checkpoint import Checkpoint
    from sekisho.gate.journal.entries import Body, Plain

FOLDER = "examples/journal"
SIGNER = Signer(b"made-up key of an invented gate!")
"""Everybody knows this key; it is for the sample alone."""
SITE = SiteId("invented-1")
_START = round(datetime(2027, 5, 10, 13, 0, tzinfo=JST).timestamp() * 1000)
_CONFIGURATION = "5d" * 32


def story() -> list[tuple[int, EntryKind, Body, bool]]:
    """Second, kind, body, and whether it was written behind."""
    kind = EntryKind
    command: dict[str, Plain] = {
        "command": "k-20270510-1305",
        "issuer": "aggregator-1",
        "asked": "setpoint",
        "product": "jepx-spot",
        "sequence": 41,
    }
    late: dict[str, Plain] = {
        "command": "k-20270510-1330",
        "issuer": "aggregator-1",
        "asked": "setpoint",
    }
    return [
        (0, kind.START, {"digest": _CONFIGURATION, "version": "0.1.0"}, False),
        (0, kind.SESSION, {"session": "9f" * 16, "why": "init"}, False),
        (0, kind.TRUST, {"version": 3, "keys": 4}, False),
        (0, kind.BOUNDS, {"version": 2}, False),
        (2, kind.WATCHDOG, {"device": "pcs-1", "state": "armed"}, False),
        (
            300,
            kind.DECISION,
            {
                **command,
                "outcome": "limited",
                "asked_power": 60_000_000,
                "power": 50_000_000,
                "limits": ("export_max 50000000 (bounds.json version 2)",),
            },
            False,
        ),
        (
            300,
            kind.GOAL,
            {"command": "k-20270510-1305", "power": 50_000_000, "pace": "dispatch"},
            True,
        ),
        (420, kind.SETPOINT, {"power": 50_000_000, "dispatch": 50_000_000, "droop": 0}, True),
        (900, kind.FAILED, {"what": "cloud"}, False),
        (960, kind.COUNTED, {"count": 212, "reason": "signature"}, False),
        (1_020, kind.RECOVERED, {"what": "cloud"}, False),
        (
            1_500,
            kind.FOREIGN,
            {"device": "pcs-1", "asked": 50_000_000, "found": -50_000_000},
            False,
        ),
        (1_500, kind.ALARM, {"what": "foreign-writer"}, False),
        (
            1_800,
            kind.DECISION,
            {**late, "outcome": "refused", "reason": "foreign-writer", "power": None},
            False,
        ),
        (
            1_920,
            kind.DECISION,
            {"command": "stop-7", "issuer": "owner", "asked": "stop", "outcome": "accepted"},
            True,
        ),
        (1_920, kind.LATCHED, {"what": "remote-stop", "command": "stop-7"}, True),
        (1_980, kind.SETPOINT, {"power": 0, "dispatch": 0, "droop": 0}, True),
        (2_700, kind.CLEARED, {"what": "foreign-writer"}, False),
        (3_000, kind.RELEASED, {"what": "remote-stop", "by": "owner"}, False),
        (3_600, kind.END, {}, False),
    ]


def journal() -> tuple[Log, list[Checkpoint]]:
    """The journal, and the checkpoints that its head-end has seen."""
    rows: list[Row] = []
    marks: list[Checkpoint] = []
    tip: Tip = GENESIS
    for second, kind, body, behind in story():
        entry = Entry(
            kind=kind,
            wall=WallMs(_START + second * 1000),
            boot=BootMs(60_000 + second * 1000),
            body=body,
            behind=behind,
        )
        data = entry_bytes(entry)
        tip = chained(tip, data)
        rows.append(row_of(tip.number, data, tip.digest))
        if tip.number in {8, 13, 17, 20}:
            marks.append(make(tip, WallMs(entry.wall + 30_000), SITE, SIGNER.sign))
    log = Log(
        name="gate.db",
        base=GENESIS,
        last=tip.number,
        tokens=tuple(mark.token for mark in marks),
        whole=True,
        rows=lambda first, to: (row for row in rows if first <= row.number <= to),
    )
    return log, marks


def files() -> Mapping[str, str]:
    """The extract, the witness's checkpoints and the public key."""
    log, marks = journal()
    lines = b"".join(extract(log, 1, log.last, marks))
    witness = b"".join(mark.token + b"\n" for mark in marks[:3])
    return {
        f"{FOLDER}/hour.jsonl": lines.decode(),
        f"{FOLDER}/witness.txt": witness.decode(),
        f"{FOLDER}/gate.pub": public_pem(SIGNER.public).decode(),
    }
