"""The gate probed and judged as any device is: a fresh one, its pages, real sockets. JSON on standard output.

    python -m tools.self_assessment [--bundle FILE]

Sixteen rows `{"id", "verdict", "how", "reason"}`. Self-assessed against JST-CR-01-01-2024R1, not labelled, no
application stated. Exit 0 where nothing is broken, 1 where something is. Plant, broker and authority are
the laboratory's; gate and pages are the processes that a site runs, in a network of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.evidence.bundle import opened, sealed
from sekisho.proof.criteria import CRITERIA
from sekisho.proof.evidence import Product, evidence_of
from sekisho.proof.finding import How
from sekisho.proof.judging import judged
from sekisho.scheme.criteria import STAR_1
from sekisho.shell.clock import today_in_japan
from sekisho.shell.keys import new_key
from sekisho.shell.package_data import load_criteria
from sekisho.shell.probe.profile import profile_of, shipped_probe
from sekisho.shell.probe.run import probe
from sekisho.terms.texts import Lang
from sekisho.terms.verdict import Verdict
from tools import own_network
from tools.self_assessment_papers import papers
from tools.self_assessment_update import Updates
from tools.self_assessment_wipe import with_deletion
from tools.whole_product import PROGRAM, WholeProduct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.evidence.observation_words import Cut
    from sekisho.proof.judging import Judgement
    from sekisho.proof.plan_lasting import HandTable
    from sekisho.shell.probe.run import Visited

ADDRESS = "127.0.0.5"
"""The gate's address in its network; what plant and broker of the laboratory open is at another."""
PORT = 8443
PROFILE = "sekisho-gate"
NOTICE = "Self-assessed against JST-CR-01-01-2024R1, not labelled, no application stated."
_AGREED = """
[agreed]
by = "the project, for a gate of its own that was made for this assessment"
tries = 18
acts = ["set-up", "guess", "change", "update", "power-cycle"]

[pace]
per_second = 50000
timeout_s = 10.0
"""
_BILL = """
[[report]]
form = "cyclonedx"
file = "bill.json"
"""


class ProductHands:
    """Kills both processes at once and starts them again: the machine keeps its power, and it is told so."""

    def __init__(self, product: WholeProduct, updates: Updates) -> None:
        self._product, self._updates = product, updates

    async def do(self, how: HandTable, what: Cut | None) -> bool:
        """See `shell.probe.hands.Hands`."""
        if what is None or not how.only_restart:
            return False
        for name in tuple(self._product.processes):
            await self._product.end(name, signal.SIGKILL)
        await self._product.start_gate()
        await self._product.start_pages()
        return True

    async def installs(self, how: HandTable) -> bool | None:  # noqa: ARG002 - it knows how
        """See `shell.probe.hands.Hands`."""
        return await self._updates.taken(self._product)


def _bill(path: Path) -> None:
    """The bill of materials of what really runs."""
    words = [str(PROGRAM), "gate", "sbom", "--out", str(path)]
    subprocess.run(words, check=True, capture_output=True)


async def visited(folder: Path) -> Visited:
    """A fresh gate, probed by the profile that ships."""
    product = WholeProduct(folder)
    product.host, product.port = ADDRESS, PORT
    updates = await asyncio.to_thread(Updates, folder)
    product.updates = updates.drop
    async with product:
        await updates.install_first(product)
        os.environ["SEKISHO_SETUP_CODE"] = product.code
        os.environ["SEKISHO_PASSWORD"] = secrets.token_urlsafe(15)
        os.environ["SEKISHO_NEW_PASSWORD"] = secrets.token_urlsafe(15)
        text = shipped_probe(PROFILE).replace(
            "back_s = 300\n", "back_s = 60\nonly_restart = true\n"
        )
        await asyncio.to_thread(_bill, folder / "bill.json")
        text += _AGREED + _BILL + updates.tables() + papers(folder)
        profile = profile_of(text, PROFILE, folder)
        allowed = [ip_address(ADDRESS)]
        hands = ProductHands(product, updates)
        found = await probe(profile, ADDRESS, allowed=allowed, hands=hands)
        login = profile.document.login
        return found if login is None else await with_deletion(found, product, login)


def judgement_of(found: Visited, folder: Path, bundle: Path | None) -> Judgement:
    """What the bundle alone says, signed and opened again."""
    signer = new_key(folder / "auditor.key")
    data = sealed(found.bundle, found.blobs, signer)
    if bundle is not None:
        bundle.write_bytes(data)
    records = ((r, True) for r in opened(data, [signer.public]).bundle.records)
    evidence = evidence_of(records, today_in_japan(), Product(own_gate=True, hardware=""))
    return judged(evidence, CRITERIA, load_criteria(), STAR_1.document, found.bundle.target)


def rows(judgement: Judgement) -> list[Mapping[str, str]]:
    """Sixteen: what was found, on what it rests, and why."""
    found: list[Mapping[str, str]] = []
    for result in judgement.criteria:
        # an undetermined row names what is missing, not what was found besides
        told = result.deciding() or result.findings
        reasons = " ".join(f"{f.item}: {f.reason.says(Lang.EN)}" for f in told)
        how = How.DEVICE if any(f.how is How.DEVICE for f in result.findings) else How.DOCUMENT
        if all(f.how is How.NOTHING for f in result.findings):
            how = How.NOTHING
        found.append(
            {
                "id": str(result.statement.id),
                "verdict": result.verdict.value,
                "how": how.value,
                "reason": reasons,
            }
        )
    return found


def main() -> int:
    """The tool."""
    parser = argparse.ArgumentParser(prog="python -m tools.self_assessment")
    parser.add_argument("--bundle", type=Path, help="keep the evidence there")
    parser.add_argument("--here", action="store_true", help="in the network of the machine")
    asked = parser.parse_args()
    if not asked.here and own_network.possible():
        return own_network.run("tools.self_assessment", *sys.argv[1:], "--here")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = asyncio.run(visited(folder))
        judgement = judgement_of(found, folder, asked.bundle)
    told = {"notice": NOTICE, "edition": judgement.edition, "criteria": rows(judgement)}
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    return 1 if any(r.verdict is Verdict.BROKEN for r in judgement.criteria) else 0


if __name__ == "__main__":
    sys.exit(main())
