"""One picture of a gate's status in lines for a terminal: told width and height, nothing asked.

Signs and words carry everything, there is no colour. What came from a file is made visible first, so
no name can move the cursor. What does not fit in the height is counted, never dropped in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sekisho.gate.attention import what_calls
from sekisho.gate.journal.words import OUTCOMES, REASONS, WORDS
from sekisho.present.escape import visible
from sekisho.present.linebreak import wrapped
from sekisho.shell.cli.gate_top_plot import plot
from sekisho.shell.cli.gate_top_words import DOUBTS, LABELS, LINKS, OWN_DROOPS, RANKS, WATCHDOGS
from sekisho.terms.dates import JST
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sekisho.gate.status import DecisionStatus, OrderStatus, Status
    from sekisho.shell.cli.gate_top_plot import Sample
    from sekisho.terms.texts import Lang

NARROWEST = 80
PLOT_ROWS = 5
BAR = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is shown."""

    status: Status | None
    """None: the gate has never run."""
    age_ms: int | None
    running: bool
    samples: Sequence[Sample] = ()


def frame(view: View, lang: Lang, *, width: int, height: int | None = None) -> list[str]:
    """The picture, each line at most `width` columns.

    Args:
        view: what is shown.
        lang: the language.
        width: columns; fewer than `NARROWEST` are refused in the picture.
        height: lines; None: as many as it takes.
    """
    if width < NARROWEST:
        return wrapped(LABELS["narrow"].fill(least=NARROWEST, width=width).says(lang), width)
    writer = _Writer(lang, width)
    if view.status is None:
        return writer.lines(LABELS["never"])
    head = list(writer.head(view, view.status))
    tail = list(writer.tail(view.status))
    devices = list(writer.devices(view.status))
    lists = [*writer.orders(view.status), *writer.decisions(view.status)]
    if height is None:
        graph = writer.graph(view, PLOT_ROWS)
        return [*head, *graph, *devices, *lists, *tail]
    room = max(1, height) - len(head) - len(tail)
    devices = writer.cut(devices, max(1, room - 1))
    room -= len(devices)
    rows = min(12, max(0, room - min(len(lists), 4) - 1))
    graph = writer.graph(view, rows) if rows >= 3 else []  # noqa: PLR2004 - top, zero, bottom
    lists = writer.cut(lists, room - len(graph))
    return [*head, *graph, *devices, *lists, *tail][:height]


class _Writer:
    """Writes in one language and width."""

    def __init__(self, lang: Lang, width: int) -> None:
        self.lang = lang
        self.width = width

    def lines(self, text: Text | str, most: int = 99) -> list[str]:
        """One statement, wrapped; further lines are indented."""
        said = visible(text if isinstance(text, str) else text.says(self.lang))
        found = wrapped(said, self.width - 4)
        if len(found) > most:
            found = [*found[: most - 1], found[most - 1] + " …"]
        return [line if not n else f"  {line}" for n, line in enumerate(found)]

    def word(self, group: str, word: str) -> str:
        """A word of a closed set, in plain words."""
        said = WORDS[group].get(word)
        return word if said is None else said.says(self.lang)

    def say(self, key: str, **values: object) -> str:
        return LABELS[key].fill(**values).says(self.lang)

    def cut(self, lines: list[str], room: int) -> list[str]:
        """As many as fit, and how many do not."""
        if len(lines) <= room:
            return lines
        if room <= 0:
            return []
        return [*lines[: room - 1], self.say("more", count=len(lines) - room + 1)]

    def head(self, view: View, status: Status) -> Iterator[str]:
        """Who, whether it runs, what calls for a person, power, charge, frequency."""
        state = "live" if view.running else "stopped"
        seconds = f"{(view.age_ms or 0) / 1000:,.0f}"
        yield from self.lines(
            f"sekisho gate top  {status.site}  {moment(status.at)}  {self.say(state, age=seconds)}",
            2,
        )
        yield from self._troubles(status, running=view.running)
        yield from self._waivers(status)
        yield from self.lines(
            self.say(
                "power",
                power=_kw(status.power),
                setpoint=_kw(status.setpoint),
                dispatch=_kw(status.dispatch),
                droop=_kw(status.droop),
                rated=f"{status.rated / 1000:,.0f}",
            )
        )
        if status.own_droop is not None:
            yield from self.lines(self.say("beside", power=_kw(status.own_droop)))
        yield from self.lines(
            self.say(
                "soc",
                soc=_share(status.soc),
                bar=_bar(status.soc, status.soc_min, status.soc_max),
                low=_share(status.soc_min),
                high=_share(status.soc_max),
            )
        )
        yield from self.lines(self._frequency(status))

    def _troubles(self, status: Status, *, running: bool) -> Iterator[str]:
        found = [
            f"{LABELS[kind].says(self.lang)} {self.word('what', name)} ({name})"
            for kind, names in (
                ("latch", status.latches),
                ("alarm", status.alarms),
                ("failure", status.failures),
            )
            for name in names
        ]
        found += [one.says(self.lang) for one in what_calls((), (), (), status.north.renewal)]
        if found:
            yield from self.lines("!! " + " / ".join(found), 4)
        elif running:
            yield from self.lines(LABELS["calm"])

    def _waivers(self, status: Status) -> Iterator[str]:
        waived = [pcs for pcs in status.pcs if pcs.no_watchdog is not None]
        if waived:
            said = " / ".join(f"{pcs.device}: {pcs.no_watchdog}" for pcs in waived)
            yield from self.lines(self.say("waived", count=len(waived), said=said), 3)

    def _frequency(self, status: Status) -> str:
        if status.frequency is None:
            doubt = DOUBTS.get(status.frequency_doubt or "")
            said = status.frequency_doubt or "—" if doubt is None else doubt.says(self.lang)
            return self.say("doubt", doubt=said)
        off = "" if status.nominal is None else f"{status.frequency - status.nominal:+.3f}"
        return self.say(
            "frequency", hertz=f"{status.frequency:.3f}", off=off, nominal=status.nominal or "—"
        )

    def graph(self, view: View, rows: int) -> list[str]:
        """The plot and its legend."""
        if view.status is None or len(view.samples) < 2 or rows < 3:  # noqa: PLR2004 - see frame
            return []
        seen = plot(view.samples, view.status.rated, self.width, rows)
        return [*self.lines(LABELS["legend"]), *seen]

    def _own_droop(self, state: str | None) -> Iterator[str]:
        """Of a PCS that follows the frequency by itself."""
        if state is not None:
            called = OWN_DROOPS.get(state)
            yield self.say("own-droop", said=state if called is None else called.says(self.lang))

    def devices(self, status: Status) -> Iterator[str]:
        """Each device; those that do not answer stand first."""
        rows: list[tuple[str, str]] = []
        for pcs in status.pcs:
            words = [self.say("watchdog", said=_dog(pcs.watchdog, self.lang))]
            words += [*self._own_droop(pcs.own_droop)]
            words += [self.say("local")] if pcs.stopped_locally else []
            words += [self.say("fault")] if pcs.faulted else []
            said = self.say(
                "pcs", power=_kw(pcs.power), setpoint=_kw(pcs.setpoint), asked=_kw(pcs.asked)
            )
            rows.append((pcs.link, self._device(pcs.device, pcs.link, said, words)))
        for bms in status.bms:
            said = self.say(
                "bms",
                soc=_share(bms.soc),
                out=_kw(bms.discharge_limit).lstrip("+"),
                into=_kw(bms.charge_limit).lstrip("+"),
                low=_number(bms.temperature_min),
                high=_number(bms.temperature_max),
            )
            words = [self.say("fault")] if bms.faulted else []
            rows.append((bms.link, self._device(bms.device, bms.link, said, words)))
        for meter in status.meters:
            said = self.say("meter", power=_kw(meter.power))
            rows.append((meter.link, self._device(meter.device, meter.link, said, [])))
        for _, row in sorted(rows, key=lambda one: one[0] == "up"):
            yield from self.lines(row)

    def _device(self, name: str, link: str, said: str, words: Sequence[str]) -> str:
        sign = "+" if link == "up" else "x"
        answers = LINKS[link].says(self.lang) if link in LINKS else link
        return f"{sign} {name} {answers}  " + "  ".join([said, *words])

    def orders(self, status: Status) -> Iterator[str]:
        """What stands."""
        for one in status.orders:
            yield from self.lines(self._order(one), 2)

    def _order(self, one: OrderStatus) -> str:
        power = _kw(one.power)
        if one.export_max is not None or one.import_max is not None:
            power = f"<= {_kw(one.export_max)}, >= -{_kw(one.import_max).lstrip('+')}"
        rank = RANKS[one.rank].says(self.lang) if one.rank in RANKS else str(one.rank)
        return self.say(
            "order",
            kind=self.word("asked", one.kind),
            power=power,
            rank=rank,
            command=one.command,
            issuer=one.issuer,
            ends=moment(one.ends),
        )

    def decisions(self, status: Status) -> Iterator[str]:
        """The last decisions, the newest first."""
        for one in status.decisions:
            yield from self.lines(self._decision(one), 3)

    def _decision(self, one: DecisionStatus) -> str:
        outcome = OUTCOMES.get(one.outcome)
        said = one.outcome if outcome is None else outcome.says(self.lang)
        reason = REASONS.get(one.reason or "")
        why = (one.reason or "") if reason is None else reason.says(self.lang)
        parts = [f"{moment(one.at)[11:19]} {said}", why, *one.limits]
        parts += [] if one.power is None else [f"{_kw(one.power)} kW"]
        parts.append(
            self.say(
                "origin", command=one.command or "—", kid=(one.kid or "—")[:10], entry=one.entry
            )
        )
        return "  ".join(part for part in parts if part)

    def tail(self, status: Status) -> Iterator[str]:
        """Broker, journal, time, configuration."""
        north, journal = status.north, status.journal
        ends = "—" if north.certificate_ends is None else moment(north.certificate_ends)[:10]
        yield from self.lines(
            self.say(
                "north",
                state=LINKS["up" if north.connected else "lost"],
                since=moment(north.since)[:16],
                waiting=f"{north.waiting:,}",
                ends=ends,
            )
        )
        yield from self.lines(
            self.say(
                "journal",
                entries=f"{journal.entries:,}",
                head=journal.head[:12],
                behind=f"{journal.behind_ms:,}",
                free=f"{journal.free_bytes / 1e9:,.1f}",
            )
        )
        yield from self.lines(
            self.say(
                "time",
                sure=LABELS["sure" if status.time_sure else "unsure"],
                error=f"{status.time_error_ms:,}",
                done=LABELS["commissioned" if status.commissioned else "not_commissioned"],
            )
        )
        yield from self.lines(
            self.say(
                "versions",
                digest=status.digest[:12],
                session=status.session[:8],
                trust=status.trust_version,
                bounds=status.bounds_version,
                program=status.program,
            )
        )


def _dog(state: str, lang: Lang) -> str:
    said = WATCHDOGS.get(state)
    return state if said is None else said.says(lang)


def moment(wall_ms: int) -> str:
    """A wall clock in Japan, or the number where it is none."""
    try:
        return datetime.fromtimestamp(wall_ms / 1_000, JST).strftime("%Y-%m-%d %H:%M:%S JST")
    except (ValueError, OverflowError, OSError):
        return str(wall_ms)


def _kw(power: int | None) -> str:
    return "—" if power is None else f"{power / 1000:+,.1f}"


def _share(soc: float | None) -> str:
    return "—" if soc is None else f"{100 * soc:.1f} %"


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"


def _bar(soc: float | None, low: float | None, high: float | None) -> str:
    """Filled to the state of charge; `|` where a bound lies."""
    size = 0 if soc is None else round(min(1.0, max(0.0, soc)) * BAR)
    cells = ["#"] * size + ["."] * (BAR - size)
    for bound in (low, high):
        if bound is not None:
            cells[min(BAR - 1, max(0, int(bound * BAR)))] = "|"
    return "".join(cells)
