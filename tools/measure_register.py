"""Figures of the register for `make bench`: matching, and the import of a large list.

Each function returns seconds of processor time of one core, and leaves nothing behind.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.register import normalise
from sekisho.register.match import Index, match
from sekisho.shell.register_store import load_register
from tools.matching_labelled import labelled_kinds
from tools.matching_unlabelled import unlabelled_kinds
from tools.matching_world import World

if TYPE_CHECKING:
    from sekisho.site.model import Identity

STRINGS = 10_000
LABELS = 1_500
"""Two thirds of the labels state five models each: 5,000 models."""
ROWS = 50_000


def matching() -> float:
    """10,000 devices against 5,000 models, with normalising both sides and building the index.

    Every fifth device is a near miss, for which candidates are looked for.
    """
    world = World(labels=LABELS)
    hits = list(labelled_kinds(world).values())
    misses = list(unlabelled_kinds(world).values())[2:8]
    asked: list[Identity] = [
        world.draw.choice(misses if n % 5 == 0 else hits)()[1] for n in range(STRINGS)
    ]
    for key in (
        normalise.number_key,
        normalise.model_key,
        normalise.version_key,
        normalise.product_key,
        normalise.maker_key,
        normalise.maker_keys,
    ):
        key.cache_clear()
    start = time.process_time()
    index = Index(world.register)
    for identity in asked:
        match(identity, index)
    return time.process_time() - start


def large_import() -> float:
    """`sekisho register import` of 50,000 Excel rows, beside the list of the week before.

    The whole process, start-up included.
    """
    today = date(2026, 11, 22)
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "r.sqlite"
        seconds = 0.0
        for day, extended in (("2026-11-08", 0), ("2026-11-15", 500)):
            path = _workbook(Path(folder) / f"{day}.xlsx", extended)
            words = ["register", "import", str(path), "--list-date", day, "--db", str(store)]
            program = "from sekisho.shell.cli.main import run; run()"
            before = _children()
            subprocess.run(
                [sys.executable, "-c", program, *words], check=True, stdout=subprocess.DEVNULL
            )
            seconds = _children() - before
        register = load_register(store, date(9999, 1, 1), today)
        if (len(register.labels), len(register.extended)) != (ROWS, 500):
            raise RuntimeError("the import lost rows")
    return seconds


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _workbook(path: Path, extended: int) -> Path:
    import xlsxwriter  # noqa: PLC0415 - heavy, for one figure

    header = ("登録番号", "事業者名", "製品名", "型番", "レベル", "状態", "発行日", "有効期限")
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, header)
        for n in range(ROWS):
            expires = "2030-05-20" if n < extended else "2028-05-20"
            models = f"MX-{n}A\nMX-{n}B"
            row = (f"MADE-UP-{n}", f"作り物{n % 300}株式会社", f"製品{n // 5}", models)
            sheet.write_row(n + 1, 0, (*row, "★1", "有効", "2026-05-21", expires))
    return path


if __name__ == "__main__":
    print(f"matching {STRINGS:,} devices x 5,000 models: {matching():.2f} s")
    print(f"import of {ROWS:,} Excel rows with history: {large_import():.2f} s")
