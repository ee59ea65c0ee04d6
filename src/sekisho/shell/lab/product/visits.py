"""Visits to the made-up product: probed as any device is, judged from the bundle alone."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from sekisho.evidence.bundle import opened, sealed
from sekisho.evidence.observation_words import Cut
from sekisho.proof.criteria import CRITERIA
from sekisho.proof.evidence import evidence_of
from sekisho.proof.judging import judged
from sekisho.scheme.criteria import STAR_1
from sekisho.shell.clock import today_in_japan
from sekisho.shell.keys import new_key
from sekisho.shell.lab.product.stage import ProductStage
from sekisho.shell.package_data import load_criteria
from sekisho.shell.probe.profile import load_probe_profile
from sekisho.shell.probe.run import probe

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.lab.product.faults import Fault
    from sekisho.proof.judging import Judgement
    from sekisho.proof.plan_lasting import HandTable
    from sekisho.shell.probe.run import Visited


class StageHands:
    """Whoever stands beside the made-up product."""

    def __init__(self, stage: ProductStage) -> None:
        self._stage = stage

    async def do(self, how: HandTable, what: Cut | None) -> bool:  # noqa: ARG002 - it knows how
        """See `shell.probe.hands.Hands`."""
        if what is Cut.POWER:
            await self._stage.cut_power()
        elif what is Cut.NETWORK:
            await self._stage.cut_network()
        return what is not None

    async def installs(self, how: HandTable) -> bool | None:  # noqa: ARG002 - it installs by itself
        """See `shell.probe.hands.Hands`."""
        return None


async def visited(folder: Path, faults: frozenset[Fault]) -> Visited:
    """A new product with these faults, probed by its own profile."""
    async with ProductStage(folder, faults) as stage:
        return await probe(
            load_probe_profile(str(stage.profile)),
            stage.address,
            allowed=[ip_address(stage.address)],
            hands=StageHands(stage),
        )


async def judged_visit(folder: Path, faults: frozenset[Fault]) -> Judgement:
    """The sixteen verdicts on a new product with these faults."""
    found = await visited(folder / "product", faults)
    signer = new_key(folder / "auditor.key")
    bundle = opened(sealed(found.bundle, found.blobs, signer), [signer.public]).bundle
    evidence = evidence_of(((record, True) for record in bundle.records), today_in_japan())
    return judged(evidence, CRITERIA, load_criteria(), STAR_1.document, bundle.target)
