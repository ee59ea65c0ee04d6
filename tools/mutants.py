"""Planted faults that the promise must not survive: each in turn, against the state machine.

    python -m tools.mutants [--examples 60] [NAME ...]

Each fault is planted in a copy of the package, the tests are run against the copy, and the one that
failed is named. Exit 1 where a fault survived, 2 or a message where a test could not be run.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src/sekisho"
PROMISE = ("tests/properties/test_promise_stories.py", "tests/properties/test_promise.py")
CYCLE = ("tests/facts/gate/test_cycle.py",)
KILLS = ("tests/shell/test_gate_kills.py",)
OWN_DROOP = ("tests/facts/gate/test_own_droop.py",)
OWN_DROOP_WIRE = ("tests/shell/test_own_droop_hand.py", "tests/shell/test_own_droop_gate.py")
TURNS = ("tests/shell/test_worker_turns.py",)
LINGERING = ("tests/facts/gate/test_lingering.py",)
GUARD = ("tests/facts/gate/guard",)
"""For what the guard alone holds: the toy plant's keys may ask everything, and so on."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: in a file of the gate, one piece of text replaced by another."""

    name: str
    file: str
    right: str
    wrong: str
    tests: tuple[str, ...] = PROMISE
    """What must see it: the promise, unless the fault changes nothing at the PCS."""


MUTANTS = (
    Mutant("curtailment skipped", "cycle/window.py",
           "if clock.boot >= curtailment.begins:", "if False:"),
    Mutant("curtailment of export only", "cycle/window.py",
           "low=min(0.0, -float(order.import_max) + auxiliary),", "low=-1e12,"),
    Mutant("export_max ignored", "cycle/window.py",
           "high=float(bounds.export_max),", "high=1e12,"),
    Mutant("connection ignored", "cycle/window.py",
           "low=-float(bounds.connection_import_max) + auxiliary,", "low=-1e12,"),
    Mutant("curtailment begins late", "cycle/window.py",
           "if clock.boot >= curtailment.begins:", "if clock.boot >= curtailment.begins + 3_000:"),
    Mutant("curtailment counts on the own load", "cycle/window.py",
           "high=float(order.export_max),", "high=float(order.export_max) + auxiliary,"),
    Mutant("primary control beyond the window", "cycle/tick.py",
           "wanted = allowed.clamped(dispatch + primary)", "wanted = dispatch + primary"),
    Mutant("power of hidden units given twice", "cycle/share.py",
           "wanted = _filled(total - hidden, workers)", "wanted = _filled(total, workers)"),
    Mutant("lost unit never counted to zero", "cycle/share.py",
           "if stops and now - pcs.since > watchdog_ms:", "if False:"),
    Mutant("lost unit not counted", "cycle/share.py",
           "if unit is not None and unit.asked is not None:\n        return unit.exact\n"
           "    return float(pcs.power.value) if pcs.power is not None else 0.0",
           "return 0.0"),
    Mutant("units jump to their share", "cycle/share.py",
           "part = 1.0 if longest <= most_step or longest == 0 else most_step / longest",
           "part = 1.0"),
    Mutant("returning unit not looked at", "cycle/tick.py",
           "    if not back & run.units.keys():", "    if True:"),
    Mutant("returning unit not written", "cycle/tick.py", "(rewrite | back)", "rewrite"),
    Mutant("late tick moves on", "cycle/tick.py", "LONGEST_MS = 1_000", "LONGEST_MS = 60_000"),
    Mutant("members forgotten", "cycle/tick.py",
           "before = run.dispatch if planned_for else base - (run.total - run.dispatch)",
           "before = run.dispatch"),
    Mutant("total without a ramp", "cycle/tick.py",
           "total = 0.0 if now else base + max(-most, min(most, wanted - base))",
           "total = 0.0 if now else wanted"),
    Mutant("local stop ramps", "cycle/goal.py",
           "return Goal(power=REST, pace=Pace.NOW)", "return Goal(power=REST, pace=Pace.SAFETY)"),
    Mutant("local stop does not latch", "cycle/protect.py", "if stop_pressed(image):", "if False:"),
    # That the goal rests under a remote stop changes nothing by itself: a stop ends all that stands,
    # and nothing new passes. Both of these must be seen without it.
    Mutant("dispatch passes under a remote stop", "guard/checks/interlock.py",
           "    if Latch.REMOTE_STOP in latches:\n        return No(Reason.REMOTE_STOP)\n", ""),
    Mutant("a stop does not latch", "guard/admit.py",
           "latches=durable.latches | {Latch.REMOTE_STOP},", "latches=durable.latches,"),
    Mutant("uncommitted order is headed for", "cycle/goal.py",
           "if unsafe and stays:", "if False:"),
    Mutant("uncommitted order holds for ever", "cycle/goal.py",
           "if unsafe and Failure", "if False and Failure"),
    Mutant("a start does not wait for what it has charged", "cycle/goal.py",
           "max(standing.entry, gate.run.first_entry)", "standing.entry"),
    Mutant("lower rank counts while a higher one waits for the disk", "cycle/goal.py",
           "            return Goal(power=Watts(round(gate.run.dispatch)), pace=Pace.HOLD)",
           "            continue"),
    Mutant("order begins at once", "cycle/goal.py",
           "if clock.boot < standing.begins:", "if False:"),
    Mutant("orders do not expire", "cycle/protect.py",
           "if not s.term.over(clock, boot_id))", "if True)"),
    Mutant("release of a curtailment before its commit", "cycle/protect.py",
           "not 0 < c.lifted <= committed", "not 0 < c.lifted"),
    Mutant("mismatch does not latch", "cycle/protect.py",
           "if off_ms >= meter.REST_MS:", "if False:"),
    Mutant("disputed charge ignored", "cycle/protect.py",
           "if charge.disputed(gate.run.soc_expected, image):", "if False:"),
    Mutant("no ramp of dispatch", "cycle/pace.py",
           "most = min(gate.bounds.ramp_dispatch * seconds, left)",
           "most = min(gate.bounds.ramp_max * seconds, left)"),
    Mutant("rest waits for a budget", "cycle/pace.py",
           "max(sure, room(purses.every))", "room(purses.every)"),
    Mutant("empty budget does not hold", "cycle/pace.py",
           "left = min(room(purses.every), room(purses.own)) if purses.own is not None else 0.0",
           "left = 1e12"),
    Mutant("change not charged", "cycle/pace.py",
           "change = abs(after - before)", "change = 0.0"),
    Mutant("a key's own budget is not asked", "cycle/pace.py",
           "left = min(room(purses.every), room(purses.own)) if", "left = room(purses.every) if"),
    Mutant("change not charged to the key", "cycle/pace.py",
           "own = charged(own, change=change,", "own = charged(own, change=0.0,"),
    Mutant("rest as fast as safety", "cycle/pace.py",
           "most = min(gate.bounds.ramp_dispatch * seconds, max(sure, room(purses.every)))",
           "most = gate.bounds.ramp_max * seconds"),
    Mutant("zero passed without a reversal left", "cycle/pace.py",
           "return -side * edge", "return to"),
    Mutant("reversals not charged", "cycle/pace.py",
           "reversals = int(side * new < 0)", "reversals = 0"),
    Mutant("reduce only grows", "cycle/pace.py", "if goal.reduce_only:", "if False:"),
    Mutant("a purse starts full", "budget.py",
           "minute=budget.change_per_minute / 2,\n        hour",
           "minute=budget.change_per_minute,\n        hour"),
    Mutant("disk not watched", "cycle/failing.py",
           "Failure.DISK: around.disk_failed or around.behind_ms > DISK_MS,",
           "Failure.DISK: False,"),
    Mutant("foreign values stay", "cycle/tick.py",
           "found.append(pcs.device)", "pass"),
    Mutant("a start does not say where it begins", "cycle/tick.py",
           "begins = run.noted_at is None", "begins = False"),
    Mutant("goals not journalled", "cycle/tick.py",
           "        run = replace(run, heading=(cause, heading.power))",
           "        notes.entries.pop()\n        run = replace(run, heading=(cause, heading.power))"),
    Mutant("set-points not journalled", "cycle/tick.py",
           "(moved >= band or arrived or begins)", "(moved >= 100_000 or begins)"),
    Mutant("ranks upside down", "guard/admit.py",
           "key=lambda one: one.rank, reverse=True)", "key=lambda one: one.rank)"),
    Mutant("stop leaves orders standing", "guard/admit.py", "        standing=(),\n", ""),
    Mutant("a release lifts everybody's curtailments", "guard/admit.py",
           "if one.order.envelope.issuer == issuer else one", "if True else one"),
    Mutant("a new curtailment covers every other", "guard/checks/curtailment.py",
           "order.export_max <= one.order.export_max\n"
           "        and order.import_max <= one.order.import_max",
           "True"),
    Mutant("a new curtailment covers other keys'", "guard/checks/curtailment.py",
           "if one.kid != kid or one.lifted or not _covered", "if not _covered"),
    Mutant("high-water mark not kept", "guard/admit.py",
           "durable = _marked(durable, question)", "pass"),
    Mutant("signature not looked at", "guard/checks/signature.py",
           "if not question.verify(question.envelope, key.public):", "if False:"),
    Mutant("any session", "guard/checks/sequence.py",
           "if not of_session(question, command):", "if False:"),
    Mutant("any site", "guard/checks/destination.py",
           "if command.envelope.site != question.gate.settings.site:", "if False:"),
    Mutant("too late passes", "guard/checks/freshness.py", "if late > head.expires_at:", "if False:"),
    Mutant("too early passes", "guard/checks/freshness.py",
           "if head.not_before > early:", "if False:"),
    Mutant("revoked keys' orders stay", "guard/changes.py",
           "if key is None or key.revoked or", "if key is None or"),
    Mutant("the session stays after a change of trust", "guard/changes.py",
           "session=session,\n        trust_version", "trust_version"),
    Mutant("orders end by the wall clock alone", "clock.py",
           "return clock.boot >= self.boot or (clock.sure and clock.wall >= self.wall)",
           "return clock.sure and clock.wall >= self.wall"),
    Mutant("unsure time ends a curtailment after a boot", "clock.py",
           "            return clock.sure and clock.wall >= self.wall\n        return self.over(",
           "            return not clock.sure or clock.wall >= self.wall\n        return self.over("),
    Mutant("restart forgets curtailments", "restart.py",
           "and not one.lifted\n", "and False\n"),
    Mutant("restart gives fresh budgets", "restart.py",
           "every = durable.purse or full(", "every = full("),
    Mutant("restart gives keys fresh budgets", "restart.py",
           "carried(durable.purses[key.kid], key.budget,",
           "carried(full(key.budget, clock, found.boot_id), key.budget,"),
    Mutant("restart forgets the side", "restart.py", "side=durable.side", "side=0"),
    Mutant("restart keeps orders in doubt", "restart.py", "if clock.sure and not one", "if not one"),
    Mutant("uncommitted order is written to the devices", "cycle/goal.py",
           "if unsafe and stays:", "if False:", KILLS),
    Mutant("a commit is said to be safe before it is", "../shell/gate/store.py",
           "        return self._committed\n", "        return self._tip\n",
           KILLS),
    Mutant("what flickers is over at once", "cycle/lingering.py",
           "gone < GONE_MS", "False", LINGERING),
    Mutant("what has gone for good stays", "cycle/lingering.py",
           "one.here and one.flickers and gone", "one.here and gone", LINGERING),
    Mutant("primary control waits for what flickered", "cycle/goal.py",
           "response(gate.run.failing, Activity.DROOP", "response(gate.run.failures, Activity.DROOP",
           LINGERING),
    Mutant("a third foreign value is tolerated", "cycle/goal.py",
           "if len(foreign.remembered(gate.run.foreign, clock.boot)) >= foreign.MOST:", "if False:",
           CYCLE),
    Mutant("a unit without a watchdog is asked", "cycle/share.py",
           "and (pcs.watchdog is WatchdogState.ARMED or pcs.watchdog is WatchdogState.WAIVED)", "",
           CYCLE),
    Mutant("the trip stays closed", "cycle/protect.py",
           "if off_ms >= meter.TRIP_MS and gate.settings.trip is not None:", "if False:", CYCLE),
    Mutant("an uncommissioned plant is dispatched", "guard/checks/interlock.py",
           "if gate.durable.commissioned != gate.settings.digest:", "if False:", GUARD),
    Mutant("any key may ask anything", "guard/checks/permission.py",
           "key is None or not key.permits(command)", "key is None", GUARD),
    Mutant("energy is not looked at", "guard/checks/bounds.py",
           "if power > 0 and moved > gives:", "if False:", GUARD),
    Mutant("a disturbed frequency may be pushed further", "guard/checks/interlock.py",
           "elif _worsens(question, order, run.frequency.hertz):", "elif False:", GUARD),
    Mutant("own droop without room for it", "cycle/own_droop.py",
           "        if why is None and not roomy:", "        if False:"),
    Mutant("own droop looks at export only", "cycle/own_droop.py",
           "return all(low <= down and up <= high for", "return all(up <= high for"),
    Mutant("own droop forgets what others hold", "cycle/own_droop.py",
           "up = rated + spare + max(goes, sum(power for power in held if power > 0))",
           "up = rated + spare + goes", OWN_DROOP),
    Mutant("own droop forgets where others are headed", "cycle/own_droop.py",
           "up = rated + spare + max(goes, sum(", "up = rated + spare + max(0.0, sum("),
    Mutant("own droop counts on the own load", "cycle/own_droop.py",
           "float(bounds.connection_export_max) + least",
           "float(bounds.connection_export_max) + most", OWN_DROOP),
    Mutant("own droop under a curtailment", "cycle/own_droop.py",
           "    for curtailment in gate.durable.curtailments:", "    for curtailment in ():"),
    Mutant("own droop at an empty battery", "cycle/own_droop.py",
           "    if image.bms:\n        found", "    if False:\n        found", OWN_DROOP),
    Mutant("power grows beside own droop", "cycle/own_droop.py",
           "        heading = replace(heading, reduce_only=True)", "        pass", OWN_DROOP),
    Mutant("a lost unit that follows leaves its room", "cycle/own_power.py",
           "        if pcs.own_droop is not OwnDroop.OFF and not able(pcs):", "        if False:"),
    Mutant("own droop is switched on before that is written", "cycle/own_droop.py",
           "after.line if after.entry <= committed else None", "after.line", OWN_DROOP),
    Mutant("own droop is switched on with a failed disk", "cycle/own_droop.py",
           "if not calm or Failure.DISK in gate.run.failures:", "if not calm:", OWN_DROOP),
    Mutant("own droop is switched on at once", "cycle/own_droop.py",
           "calm = now - since >= CALM_MS and", "calm =", OWN_DROOP),
    Mutant("own droop under a latch", "cycle/own_droop.py",
           "if gate.durable.latches or heading.pace in {Pace.NOW, Pace.SAFETY}:",
           "if heading.pace in {Pace.NOW, Pace.SAFETY}:"),
    Mutant("own droop before commissioning", "cycle/own_droop.py",
           "if gate.durable.commissioned != gate.settings.digest:", "if False:", OWN_DROOP),
    Mutant("own droop whatever the table of failures says", "cycle/own_droop.py",
           "    if droop_stays(gate) is not Response.KEEP:", "    if False:", OWN_DROOP),
    Mutant("own droop beyond the reserve", "cycle/own_droop.py",
           "if abs(asked) >= contracted.power_max:", "if False:"),
    Mutant("own droop although the meter disagrees", "cycle/own_droop.py",
           "if Alarm.MISMATCH in run.alarms:", "if False:", OWN_DROOP),
    Mutant("own droop although somebody else set it", "cycle/own_droop.py",
           "    if _lately(pcs.own_droop_foreign, now):\n        return", "    if False:\n        return"),
    Mutant("a device that does not follow is not given up", "cycle/own_droop.py",
           "    return replace(before, unfit_at=now) if late else before", "    return before",
           OWN_DROOP),
    Mutant("own droop goes on with an old line", "cycle/own_droop.py",
           "before.line is not None and before.line != line else None", "False else None", OWN_DROOP),
    Mutant("own droop and the loop do it twice", "cycle/tick.py",
           "to = own_power.left_to_loop(gate, to)", "pass", OWN_DROOP),
    Mutant("own droop is power that nobody ordered", "cycle/tick.py",
           "    total += added(followers)\n", "", OWN_DROOP),
    Mutant("own droop leaves the window as it is", "cycle/own_power.py",
           "low, high = reach.low, reach.high", "low = high = 0.0",
           OWN_DROOP),
    Mutant("own droop is gone when it is off", "cycle/own_power.py",
           "stays = _left(elapsed_ms", "stays = 0.0 * (elapsed_ms", OWN_DROOP),
    Mutant("a unit that cannot be switched off is asked", "cycle/share.py",
           "        and pcs.own_droop is not OwnDroop.FAILED\n", "", OWN_DROOP),
    Mutant("what own droop adds is taken for a set-point", "cycle/share.py",
           "pcs.own_droop is not None and pcs.setpoint is not None", "False", OWN_DROOP),
    Mutant("own droop is not switched off at connection", "../shell/gate/worker.py",
           "            await self._own.connected(described.device_map.droop)\n",
           "            self._own.state = OwnDroop.OFF\n", OWN_DROOP_WIRE),
    Mutant("own droop is not read back", "../shell/gate/own_droop.py",
           "        if droop.holds(held, line):", "        if True:", OWN_DROOP_WIRE),
    Mutant("own droop is enabled with any line", "../shell/gate/own_droop.py",
           "if held is not None and droop.off(held) and droop.lies(held, line):",
           "if held is not None and droop.off(held):", OWN_DROOP_WIRE),
    Mutant("own droop is never verified again", "../shell/gate/own_droop.py",
           "        if not same:", "        if False:", OWN_DROOP_WIRE),
    Mutant("own droop outlives a dead cycle", "../shell/gate/own_droop.py",
           "self._boot() - self._told_at > SILENT_MS", "False", OWN_DROOP_WIRE),
    Mutant("own droop is switched off with a delay", "../shell/gate/own_droop.py",
           "        if news:\n            self._hold_until = BootMs(0)\n", "", OWN_DROOP_WIRE),
    Mutant("own droop is told to be off when nobody knows", "../shell/gate/own_droop.py",
           "        self.state = OwnDroop.FAILED\n        await self._off()",
           "        self.state = OwnDroop.OFF\n        await self._off()", OWN_DROOP_WIRE),
    Mutant("own droop is enabled although off was said", "../shell/gate/own_droop.py",
           "        if self._wanted() != line:\n            return False\n", "", OWN_DROOP_WIRE),
    Mutant("own droop is enabled before anybody knows", "../shell/gate/worker.py",
           "        if self._own is not None:\n            self._droop_seen(self._own)\n        await self._requests.write",
           "        await self._requests.write", TURNS),
    Mutant("own droop goes before a set-point", "../shell/gate/worker.py",
           '        """A set-point that is due goes first."""\n        await self._bring_about()',
           '        """A set-point that is due goes first."""', TURNS),
    Mutant("news are slept over", "../shell/gate/worker.py",
           "            await self._own_droop(self._own, self._own.bring_about)\n            first",
           "            await self._own_droop(self._own, self._own.bring_about)\n"
           "            self._wake.clear()\n            first", TURNS),
    Mutant("a gap in a reading is a foreign writer", "../shell/gate/own_droop.py",
           "        elif whole or held.get(Meaning.DROOP_ENABLE) is None:", "        elif not held:",
           OWN_DROOP_WIRE),
    Mutant("own droop that cannot be verified stays on", "../shell/gate/own_droop.py",
           "            if self._gaps >= MOST_GAPS:\n", "            if False:\n", OWN_DROOP_WIRE),
    Mutant("a connection made again is an unfit device", "cycle/own_droop.py",
           "    if not _same_connection(before, pcs):\n        return before", "    if False:\n        return before",
           OWN_DROOP),
    Mutant("own droop takes its room twice", "cycle/tick.py",
           "own_power.narrowed(everything, image, counted, NOWHERE)", "allowed", OWN_DROOP),
    Mutant("own droop that fades leaves dispatch all", "cycle/window.py",
           "whole.high - max(room, reach.high)", "whole.high - room", OWN_DROOP),
    Mutant("the loop forgets what fades", "cycle/own_power.py",
           "counted_on=adds, on_since=None", "counted_on=0.0, on_since=None", OWN_DROOP),
    Mutant("the loop counts on a unit at once", "cycle/own_power.py",
           "counted_on=goal if over else adds", "counted_on=goal", OWN_DROOP),
    Mutant("the loop never counts on a unit", "cycle/own_power.py",
           "counted_on=goal if over else adds", "counted_on=adds", OWN_DROOP),
    Mutant("the loop works against a unit", "cycle/own_power.py",
           "return max(min(0.0, wanted), min(max(0.0, wanted), rest))", "return rest", OWN_DROOP),
    Mutant("a unit is asked for what it adds", "cycle/tick.py",
           "own_power.loop_parts(gate, image, loop) if gate.settings.followers else {}", "{}", OWN_DROOP),
    Mutant("what one unit cannot give is lost", "cycle/share.py",
           "part = min(1.0, left / room) if room else 0.0", "part = 0.0", OWN_DROOP),
    Mutant("own droop never charges", "../codec/sunspec/droop.py",
           "complete if least is None else (*complete, least)", "complete", OWN_DROOP_WIRE),
)  # fmt: skip


def main() -> int:
    """Plant each fault and run its test."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=60)
    parser.add_argument("--parallel", type=int, default=1)
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    wanted = [m for m in MUTANTS if not asked.names or m.name in asked.names]
    if gone := astray(MUTANTS) or [name for name in asked.names if name not in map(_name, MUTANTS)]:
        print("not in the package, or not in the list:", *gone, sep="\n  ", file=sys.stderr)
        return 2
    begun = time.monotonic()
    survived = 0
    with ThreadPoolExecutor(asked.parallel) as pool:
        for mutant, by in pool.map(lambda m: (m, killer(m, asked.examples)), wanted):
            survived += not by
            print(f"{'killed   ' if by else 'SURVIVED '} {mutant.name:45} {by}", flush=True)
    seconds = time.monotonic() - begun
    print(f"{len(wanted)} faults planted, {survived} survived, {seconds:.0f} s")
    return 1 if survived or not wanted else 0


def _name(mutant: Mutant) -> str:
    return mutant.name


def astray(mutants: Iterable[Mutant]) -> list[str]:
    """Faults whose text is not in the package any more: they would plant nothing."""
    return [m.name for m in mutants if m.right not in (PACKAGE / "gate" / m.file).read_text()]


def killer(mutant: Mutant, examples: int) -> str:
    """The test that fails with this fault in place; empty: none does.

    The fault is planted in a copy of the package, so that nothing else that runs here sees it.
    """
    with tempfile.TemporaryDirectory(prefix="sekisho-mutant-") as folder:
        # What was compiled comes along: a copy keeps the times by which it stays valid.
        shutil.copytree(PACKAGE, Path(folder, "sekisho"))
        path = Path(folder, "sekisho", "gate", mutant.file)
        before = path.read_text()
        path.write_text(before.replace(mutant.right, mutant.wrong, 1))
        environment = {
            **os.environ,
            "PYTHONPATH": folder,
            "SEKISHO_PROMISE_EXAMPLES": str(examples),
        }
        words = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *mutant.tests]
        done = subprocess.run(
            words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
    if done.returncode == 0:
        return ""
    failed = re.search(r"^FAILED (?:.*/)?(\S+)", done.stdout, re.MULTILINE)
    if done.returncode != 1 or failed is None:
        # Whatever cannot be asked is no answer.
        sys.exit(f"{mutant.name}: its test did not run\n{done.stdout[-2_000:]}{done.stderr}")
    return failed[1]


if __name__ == "__main__":
    raise SystemExit(main())
