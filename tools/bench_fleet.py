"""A seeded fleet of invented sites and labels for the figures: one CSV, or one file per site."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sekisho.desk.portfolio.table import read_portfolio
from sekisho.shell.tabular import read_book
from sekisho.site.writer import write_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEED = 20261122
LABELS = 5_000
_ROLES = ("gateway", "local-ems", "pcs", "bms", "protocol-converter")
_HEADER = [
    "site",
    "name",
    "area",
    "resource",
    "voltage",
    "rated_kw",
    "rated_kwh",
    "owner",
    "work",
    "works_class",
    "self_consumption",
    "joins",
    "contract_application",
    "auction_registration",
    "subsidy_application",
    "commissioning",
    "device",
    "role",
    "maker",
    "product",
    "model",
    "version",
    "label",
    "speaks_ip",
    "controls",
    "introduced",
    "bought",
    "connects_to",
    "medium",
    "route",
]
_JOINS = (
    "aggregation",
    "aggregation;long-term-auction-2026",
    "sii-storage-r7-supplement",
    "sii-storage-r7;aggregation",
    "storage-parity-2026",
    "",
)


def write_labels(path: Path) -> None:
    """An invented list of 5,000 labels."""
    rng = random.Random(SEED)  # noqa: S311 - data, not secrets
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["架空のリスト / made-up list, list date 2026-11-01"])
        out.writerow(
            ["登録番号", "事業者名", "製品名", "型番", "レベル", "状態", "発行日", "有効期限"]
        )
        for n in range(LABELS):
            issued = date(2025, 5, 21) + timedelta(days=rng.randrange(520))
            expires = issued + timedelta(days=rng.choice([729, 729, 729, 400]))
            status = rng.choices(
                ["有効", "失効（自主取下げ）", "失効猶予（延長申請中）"], [94, 3, 3]
            )[0]
            out.writerow(
                [f"BENCH-{n:05}", f"架空電機{n % 211}", f"製品{n}", f"BM-{n:05}", "★1", status,
                 issued.isoformat(), expires.isoformat()]
            )  # fmt: skip


def write_fleet(path: Path, sites: int) -> None:
    """An invented portfolio table, five devices a site."""
    rng = random.Random(SEED)  # noqa: S311 - data, not secrets
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.DictWriter(stream, _HEADER)
        out.writeheader()
        for n in range(sites):
            out.writerows(_site(rng, n))


def write_files(table: Path, folder: Path) -> None:
    """The same fleet as one TOML file per site."""
    for site in read_portfolio(read_book(table)):
        (folder / f"{site.id}.toml").write_text(write_site(site), encoding="utf-8")


def _site(rng: random.Random, n: int) -> Iterator[dict[str, str]]:
    apply = date(2026, 10, 1) + timedelta(days=rng.randrange(900))
    head = {
        "site": f"bench-{n:05}",
        "name": f"架空蓄電所{n}",
        "area": rng.choice(["hokkaido", "tohoku", "tokyo", "kyushu"]),
        "resource": rng.choices(["battery", "solar", "wind", "fuel-cell"], [85, 9, 4, 2])[0],
        "voltage": rng.choices(["extra-high", "high", "low"], [30, 60, 10])[0],
        "rated_kw": str(rng.choice([49, 500, 1990, 20000, 50000])),
        "owner": rng.choices(["private", "government"], [97, 3])[0],
        "work": rng.choices(["new", "replacement"], [92, 8])[0],
        "works_class": "business",
        "self_consumption": rng.choice(["true", "false", ""]),
        "joins": rng.choice(_JOINS),
    }
    if rng.random() < 0.8:  # noqa: PLR2004 - the rest does not know its date yet
        head["contract_application"] = apply.isoformat()
        head["commissioning"] = (apply + timedelta(days=500)).isoformat()
    ahead, ahead_ip = "aggregator", "true"
    for at, role in enumerate(_ROLES):
        number = rng.randrange(int(LABELS * 1.2))
        row = {
            "device": f"{role}-1",
            "role": role,
            "maker": f"架空電機{number % 211}",
            "product": f"製品{number}",
            "model": f"BM-{number:05}",
            "speaks_ip": rng.choices(["true", "false", ""], [85, 10, 5])[0] if at else "true",
            "controls": "true",
            "connects_to": ahead,
            "medium": "ip",
            "route": "vpn" if at == 0 else "local",
        }
        if "false" in {row["speaks_ip"], ahead_ip}:
            row["medium"] = "serial"
        ahead_ip = row["speaks_ip"]
        if rng.random() < 0.3:  # noqa: PLR2004 - some, at any share
            row["introduced"] = (apply + timedelta(days=400)).isoformat()
        ahead = row["device"]
        yield {**head, **row} if at == 0 else {"site": head["site"], **row}
