"""What a plant was promised, reckoned anew from the commands that passed: the judge of the gate.

Nothing here asks the gate what it remembers. An order is known from the answer to the message that
carried it; a crash takes back what was not on the disk.
"""

from collections import deque
from dataclasses import dataclass, field, replace
from typing import Any

from sekisho.codec.command import HALF_HOUR_MS, Curtail, Release, Schedule, Setpoint, Stop, rank_of
from sekisho.gate.cycle import pace
from sekisho.gate.journal.entries import EntryKind
from tests.facts.gate import scene
from tests.plant_toy import RATED

SLACK = 3
"""W: set-points are whole W, cut towards zero at each unit."""
LOAD_SLACK = 2 * SLACK
"""W: the meter that shows the plant's own load jitters by 2 W."""
RAMP_DISPATCH = 50_000
RAMP_MAX = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An order or a curtailment that passed; times in ms of the world, not of any clock."""

    order: Any
    kid: str
    begins: int
    ends: int
    wall_end: int
    entry: int
    lifted: int = 0

    def power(self, now, wall):
        """What is asked at this moment; None: nothing."""
        if now < self.begins:
            return None
        if isinstance(self.order, Setpoint):
            return self.order.power
        slot = (wall - self.order.start) // HALF_HOUR_MS
        inside = 0 <= slot < len(self.order.powers)
        return self.order.powers[slot] if inside else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """Everything that may move the plant, and everything that holds it."""

    orders: tuple[Asked, ...] = ()
    limits: tuple[Asked, ...] = ()
    stopped: bool = False
    pressed: bool = False
    """Stopped on the spot, and not reset yet."""

    def after(self, command, kid, now, clock, entry):
        """After a command that passed, as it was narrowed."""
        head = command.envelope
        if clock.sure:
            begins, ends = head.not_before - clock.wall, head.expires_at - clock.wall
        else:
            begins, ends = 0, head.life_ms
        asked = Asked(
            order=command,
            kid=kid,
            begins=now + begins,
            ends=now + ends,
            wall_end=head.expires_at,
            entry=entry,
        )
        match command:
            case Setpoint() | Schedule():
                assert not self.stopped, "no order passes under a stop"
                rank = rank_of(command)
                rest = (one for one in self.orders if rank_of(one.order) is not rank)
                return replace(self, orders=(*rest, asked))
            case Curtail():
                return replace(self, limits=(*self.limits, asked))
            case Stop():
                return replace(self, stopped=True, orders=())
            case Release():
                limits = tuple(
                    replace(one, lifted=one.lifted or entry)
                    if one.order.envelope.issuer == head.issuer
                    else one
                    for one in self.limits
                )
                return replace(self, stopped=False, limits=limits)
            case _:
                raise AssertionError(command)

    def at(self, now, clock, committed):
        """Without what has ended."""

        def lasts(one):
            return now < one.ends and not (clock.sure and clock.wall >= one.wall_end)

        return replace(
            self,
            orders=tuple(one for one in self.orders if lasts(one)),
            limits=tuple(
                one for one in self.limits if lasts(one) and not 0 < one.lifted <= committed
            ),
        )

    def without(self, kid):
        """After the key was revoked."""
        return replace(
            self,
            orders=tuple(one for one in self.orders if one.kid != kid),
            limits=tuple(one for one in self.limits if one.kid != kid),
        )

    def restarted(self, now, clock, *, rebooted):
        """After a start; with unsure time no order of before is left."""
        orders = self.orders if clock.sure else ()
        limits = tuple(one for one in self.limits if not one.lifted)
        if rebooted:
            orders = tuple(
                replace(one, ends=now + one.wall_end - clock.wall, begins=_begins(one, now, clock))
                for one in orders
            )
            limits = tuple(replace(one, ends=10**15) for one in limits)
        limits = tuple(replace(one, begins=min(now, one.begins)) for one in limits)
        return replace(self, orders=orders, limits=limits, pressed=False)

    def asks(self, now, wall, committed):
        """The order that may be headed for; None: there is no permission."""
        if self.stopped or self.pressed:
            return None
        for one in sorted(self.orders, key=lambda one: -rank_of(one.order)):
            if one.entry <= committed and one.power(now, wall) is not None:
                return one
        return None

    def ends(self, now):
        """The powers that curtailments leave, lowest and highest."""
        here = [one.order for one in self.limits if now >= one.begins]
        low = max((min(0, -one.import_max + 5_000) for one in here), default=-(10**9))
        return low, min((one.export_max for one in here), default=10**9)


def _begins(one, now, clock):
    return now + max(0, one.order.envelope.not_before - clock.wall)


def away(before, after):
    """By how much a power moved away from zero."""
    if before * after < 0:
        return abs(after)
    return max(0, abs(after) - abs(before))


@dataclass(slots=True)
class Judge:
    """Looks at the set-points at the PCS after every tick."""

    budget: Any
    """Of all keys together."""
    own: Any
    """Of each key."""
    bounds: Any
    low: float = 0.0
    high: float = 0.0
    """How far beyond zero the bounds let it be: those of now, or on the way in from older ones."""
    moves: deque[tuple[int, float, Any]] = field(default_factory=deque)
    """When, by how many W, and by whose order."""
    forced: deque[tuple[int, float]] = field(default_factory=deque)
    """When safety or a lost disk may have forced a drop, and from what power."""
    reversed_at: list[int] = field(default_factory=list)
    side: int = 0
    noted: int = 0
    noted_at: int = 0
    goal: tuple[Any, int] = (None, 0)
    known: dict[Any, Any] = field(default_factory=dict)
    """Decisions on paper: the entry's number, and the power granted."""
    read: int = 0

    def clone(self):
        """Another one that saw the same."""
        moves, known = deque(self.moves), dict(self.known)
        return replace(
            self,
            moves=moves,
            forced=deque(self.forced),
            known=known,
            reversed_at=list(self.reversed_at),
        )

    # ---- 1: bounds and curtailments ----------------------------------------------------------

    def _ends(self, load):
        """What the bounds leave, with the plant's own load from least to most."""
        least, most = load
        bounds = self.bounds
        low = max(-bounds.import_max, min(0, -bounds.connection_import_max + least))
        return low, min(bounds.export_max, bounds.connection_export_max + most)

    def bounds_hold(self, base, total, load, ms, *, level):
        """Inside, or on its way inside where bounds or the plant's own load have changed."""
        low, high = self._ends(load)
        # Where units must first level out, the sum moves slower than its ramp.
        step = RAMP_MAX * ms / 1000 if level else 0
        self.low = min(low, max(self.low, min(base, 0)) + step)
        self.high = max(high, min(self.high, max(base, 0)) - step)
        assert self.low - LOAD_SLACK <= total <= self.high + LOAD_SLACK, (base, total, load)

    def outside(self, base):
        """Whether the plant is outside its bounds, so that safety forces it inside."""
        low, high = self._ends((scene.SETTINGS.auxiliary_most, scene.SETTINGS.auxiliary))
        return not low <= base <= high

    def bounded(self, bounds):
        """Another bounds.json."""
        self.bounds = bounds

    def curtailed(self, base, total, ends, ms):
        """Inside, or on its way inside at the plant's largest ramp."""
        low, high = ends
        step = RAMP_MAX * ms / 1000
        assert total <= max(high, base - step) + SLACK, (base, total, ends)
        assert total >= min(low, base + step) - SLACK, (base, total, ends)

    def follows(self, plant, limits, before):
        """What a unit could do by itself, at any frequency and with the gate dead, is inside.

        A unit that follows may be anywhere between its ratings; the others between zero, where
        their watchdogs take them, and their set-points. Where one cannot be asked any more, the
        others give way to it.
        """
        mine = [pcs for pcs in plant.pcs.values() if pcs.follows is not None]
        if not mine:
            return
        theirs = [pcs.given for pcs in plant.pcs.values() if pcs.follows is None]
        up = RATED * len(mine) + sum(power for power in theirs if power > 0)
        down = -RATED * len(mine) + sum(power for power in theirs if power < 0)
        settings = scene.SETTINGS
        low, _ = self._ends((settings.auxiliary_most, settings.auxiliary_most))
        _, high = self._ends((settings.auxiliary, settings.auxiliary))
        for one in limits:  # those to come too: the gate may be dead by then
            high = min(high, one.order.export_max)
            low = max(low, min(0, -one.order.import_max + settings.auxiliary_most))
        if all(pcs.able for pcs in mine):
            assert low - SLACK <= down <= up <= high + SLACK, (down, up, low, high)
            return
        for name, pcs in plant.pcs.items():
            if pcs.follows is None and name in before and not low <= down <= up <= high:
                assert away(before[name], pcs.given) <= SLACK, (before, pcs.given)

    # ---- 2: ramps ----------------------------------------------------------------------------

    def ramps(self, base, total, ms, *, calm, forced):
        """Of the plant; and of dispatch where neither primary control nor safety moves it."""
        assert abs(total - base) <= RAMP_MAX * ms / 1000 + SLACK, (base, total)
        if calm:
            moved = away(base, total) if forced else abs(total - base)
            assert moved <= RAMP_DISPATCH * ms / 1000 + SLACK, (base, total)

    def units(self, before, after, ms):
        """No unit moves faster than the whole plant may."""
        for name in before.keys() & after.keys():
            moved = abs(after[name] - before[name])
            assert moved <= RAMP_MAX * ms / 1000 + SLACK, (name, before, after)

    # ---- 3: permission -----------------------------------------------------------------------

    def permitted(self, base, total, power):
        """Between where it was, zero and what is asked; without permission on the way to zero."""
        ends = (base, 0, power or 0)
        assert min(ends) - SLACK <= total <= max(ends) + SLACK, (base, total, power)

    def rests(self, base, total, ms):
        """Without permission at least at the speed at which half a budget refills."""
        least = min(RAMP_DISPATCH / 1000, self.budget.change_per_minute / 2 / 60_000) * ms
        assert abs(base) - abs(total) >= min(abs(base), least) - SLACK, (base, total)

    def holds(self, base, total):
        """A new order that is not on the disk yet moves nothing."""
        assert abs(total - base) <= SLACK, (base, total)

    # ---- 5: the journal ----------------------------------------------------------------------

    def explained(self, entries, now, base, total, committed, *, calm):
        """From what is written alone: why it moved, and where it is."""
        for number in range(self.read, len(entries)):
            self._reads(number + 1, entries[number], committed)
        self.read = len(entries)
        band = 0.001 * scene.SETTINGS.rated
        # What primary control alone moved may wait for a second.
        if self.bounds.droop is None or now - self.noted_at >= 1_000:
            assert abs(total - self.noted) <= band + SLACK, (total, self.noted)
        if calm and away(base, total) > SLACK:
            command, power = self.goal
            assert command is not None, (base, total)
            assert min(base, power) - SLACK <= total <= max(base, power) + SLACK, (base, total)

    def _reads(self, number, entry, committed):
        body = entry.body
        if entry.kind is EntryKind.DECISION and body["outcome"] != "refused":
            powers = (body["power"],) if body["power"] is not None else body.get("powers", ())
            self.known[body["command"]] = (number, powers)
        elif entry.kind is EntryKind.SETPOINT:
            self.noted, self.noted_at = body["power"], entry.boot
        elif entry.kind is EntryKind.GOAL:
            command, power = body["command"], body["power"]
            if command is None:
                assert power == 0
            else:
                accepted, powers = self.known[command]
                assert accepted <= committed, "headed for before it was safe on disk"
                assert power in powers
            self.goal = (command, power)

    def crashed(self, committed):
        """What was not committed was never written; the first tick writes down what it finds."""
        self.known = {name: one for name, one in self.known.items() if one[0] <= committed}
        self.read = min(self.read, committed)
        self.noted_at, self.goal = -(10**9), (None, 0)

    # ---- 6, 7: harm budgets ------------------------------------------------------------------

    def spends(self, now, base, total, *, forced, kid):
        """Any sixty seconds, across restarts: all keys together, and each by itself."""
        if forced and base:
            self.forced.append((now, abs(base)))
        while self.forced and self.forced[0][0] <= now - 120_000:
            self.forced.popleft()
        self.moves.append((now, abs(total - base), kid))
        while self.moves[0][0] <= now - 60_000:
            self.moves.popleft()
        drop = max((power for _, power in self.forced), default=0)
        slack = drop + SLACK * len(self.moves)
        spent = sum(move for _, move, _ in self.moves)
        assert spent <= self.budget.change_per_minute + slack, spent
        if kid is not None:
            spent = sum(move for _, move, whose in self.moves if whose == kid)
            assert spent <= self.own.change_per_minute + slack, (kid, spent)

    def reverses(self, now, total):
        """Any hour, across restarts."""
        edge = pace.REVERSAL_SHARE * scene.SETTINGS.rated
        side = (total > edge + SLACK) - (total < -edge - SLACK)
        if side and side * self.side < 0:
            self.reversed_at.append(now)
        self.side = side or self.side
        lately = [at for at in self.reversed_at if now - at < 3_600_000]
        assert len(lately) <= self.budget.reversals_per_hour, lately
