"""Every class against a gate of its own; with `prove` also against one without the defence."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from sekisho.lab import sample
from sekisho.lab.attacks import fleet, weaker
from sekisho.lab.attacks.finding import Finding, Result, Verdict
from sekisho.shell.lab.attacks import commands, journal, plant, powers, surroundings
from sekisho.shell.lab.attacks.scene import Scene, Weakness
from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Container, Sequence

    from sekisho.lab.attacks.catalogue import Attack

Try: TypeAlias = Callable[[Scene], Awaitable[Finding]]

UPDATE, FLEET = 10, 15
"""Classes that need no stage."""
AT_ONCE = 3
"""Classes that run beside one another: most of an attack is waiting."""

_NOT_UP = Text("時間内に準備が整いません({why})。", "It is not ready in time ({why}).")
_AGAIN = Text("もう一度実行してください。", "Run it again.")
_UNTRIED = Text("何も試していません。", "Nothing was tried.")
_NO_PART = Text(
    "更新の部品(pip install 'sekisho[update]')が入っていないため、試していません。",
    "Not tested: the parts for updates are not installed (pip install 'sekisho[update]').",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """How a class is played."""

    attack: Try
    strong: Weakness = field(default_factory=Weakness)
    weak: Weakness | None = None
    """Without its one defence; None: what the attack itself leaves out (`weak_attack`)."""
    weak_attack: Try | None = None


def plays() -> dict[int, Play]:
    """The classes that are played on a stage, by their numbers."""
    few = replace(sample.PLENTY, reversals_per_hour=powers.REVERSALS)
    endless = replace(sample.PLENTY, reversals_per_hour=1_000)
    return {
        1: Play(attack=commands.replayed, weak=Weakness(checks=weaker.without("session_sequence"))),
        2: Play(attack=commands.elsewhere, weak=Weakness(checks=weaker.without("site"))),
        3: Play(attack=commands.untimely, weak=Weakness(checks=weaker.without("time"))),
        4: Play(attack=powers.too_fast, weak=Weakness(unread_bounds=weaker.no_ramps)),
        5: Play(
            attack=powers.to_and_fro,
            strong=Weakness(budget=few, bounds=weaker.brisk),
            weak=Weakness(budget=endless, bounds=weaker.brisk, checks=weaker.without("budget")),
        ),
        6: Play(attack=commands.unsigned, weak=Weakness(checks=weaker.without("signature"))),
        7: Play(
            attack=surroundings.false_broker,
            strong=Weakness(settings=weaker.impatient),
            weak_attack=surroundings.believed_broker,
        ),
        12: Play(
            attack=surroundings.everything_lost,
            strong=Weakness(settings=weaker.impatient),
            weak_attack=surroundings.power_lost,
        ),
        8: Play(
            attack=plant.rogue_master,
            strong=Weakness(lapses=True),
            weak=Weakness(settings=weaker.blind_readback, lapses=True),
        ),
        9: Play(
            attack=plant.side_channel,
            strong=Weakness(lapses=True),
            weak=Weakness(settings=weaker.blind_meter, lapses=True),
        ),
        11: Play(attack=journal.tampered, weak_attack=journal.unwitnessed),
        14: Play(
            attack=plant.forged_battery,
            strong=Weakness(bounds=weaker.eager),
            weak=Weakness(unread_bounds=weaker.no_ramps),
        ),
        13: Play(attack=commands.against_curtailment, weak=Weakness(checks=weaker.forgetful())),
    }


async def attacked(
    chosen: Sequence[Attack], *, prove: Container[int], at_once: int = AT_ONCE
) -> AsyncIterator[Result]:
    """The results, in the order of their numbers, each as soon as it and those before are known.

    Args:
        chosen: the classes.
        prove: numbers of the classes that are also played without their one defence.
        at_once: how many stages stand beside one another.

    Raises:
        WorldError: the broker cannot be started.
    """
    gates = asyncio.Semaphore(at_once)
    with tempfile.TemporaryDirectory(prefix="sekisho-attack-") as folder:
        tasks = [
            asyncio.create_task(_one(attack, Path(folder), gates, prove=attack.number in prove))
            for attack in chosen
        ]
        try:
            for task in tasks:
                yield await task
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _one(attack: Attack, folder: Path, gates: asyncio.Semaphore, *, prove: bool) -> Result:
    if attack.number == FLEET:
        return await _fleet(attack, prove=prove)
    place = folder / str(attack.number)
    if attack.number == UPDATE:
        return await _update(attack, place, prove=prove)
    play = plays()[attack.number]
    finding = await _played(play.attack, play.strong, place / "strong", gates)
    proof = None
    if prove:
        bare = play.weak_attack or play.attack
        proof = await _played(bare, play.weak or play.strong, place / "weak", gates)
    return Result(attack=attack, finding=finding, proof=proof)


async def _fleet(attack: Attack, *, prove: bool) -> Result:
    """Virtual time needs no stage."""
    finding = await asyncio.to_thread(fleet.attacked)
    proof = await asyncio.to_thread(fleet.attacked, guarded=False) if prove else None
    return Result(attack=attack, finding=finding, proof=proof)


async def _update(attack: Attack, place: Path, *, prove: bool) -> Result:
    """A machine with its updater, and nothing of the plant."""
    try:
        from sekisho.shell.lab.attacks import downgrade  # noqa: PLC0415 - needs the extra
    except ImportError as error:
        if (error.name or "").startswith("sekisho"):
            raise
        return Result(attack=attack, finding=untested())
    finding = await asyncio.to_thread(downgrade.refused, place / "strong")
    proof = await asyncio.to_thread(downgrade.forgotten, place / "weak") if prove else None
    return Result(attack=attack, finding=finding, proof=proof)


async def _played(
    attack: Try, weakness: Weakness, folder: Path, gates: asyncio.Semaphore
) -> Finding:
    try:
        async with gates, Scene(folder, weakness) as scene:
            return await attack(scene)
    except TimeoutError as error:
        what = _NOT_UP.fill(why=str(error) or type(error).__name__)
        raise WorldError(Problem(f"attack {folder.parent.name}", what, _AGAIN)) from error


def untested() -> Finding:
    """What is said of a class whose parts are not installed."""
    return Finding(tried=_UNTRIED, did=_NO_PART, verdict=Verdict.NOT_TESTED)
