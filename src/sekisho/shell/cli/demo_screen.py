"""The demonstration's display: one block that is drawn anew on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.terms.texts import Lang

BAR = 32
WIDEST = 100
PLAIN_EVERY_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is shown of one moment; powers in W, export positive."""

    second: float
    rated: float
    setpoint: float | None
    limit: float | None
    """A standing curtailment."""
    power: float | None
    soc: float | None
    hertz: float | None


class Screen:
    """Shows one moment after another."""

    def __init__(self, lang: Lang) -> None:
        self._lang = lang
        self._live = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._drawn = 0
        self._plain_at = -PLAIN_EVERY_S

    def say(self, text: Text, *, whole: bool = False) -> None:
        """A line that stays; broken at the terminal's width, unless somebody is to copy it."""
        from sekisho.present.linebreak import wrapped

        self._drawn = 0
        width = min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns)
        if whole:
            sys.stdout.write(text.says(self._lang) + "\n")
            return
        sys.stdout.write("\n".join(wrapped(text.says(self._lang), width)) + "\n")

    def show(self, seen: Seen) -> None:
        """The newest moment."""
        if not self._live:
            if seen.second - self._plain_at >= PLAIN_EVERY_S:
                self._plain_at = seen.second
                sys.stdout.write(_plain(seen).says(self._lang) + "\n")
            return
        lines = [line.says(self._lang) for line in _block(seen)]
        up = f"\x1b[{self._drawn}A" if self._drawn else ""
        sys.stdout.write(up + "".join(f"\r{line}\x1b[K\n" for line in lines))
        self._drawn = len(lines)


def _plain(seen: Seen) -> Text:
    return _LINE.fill(
        second=f"{seen.second:4.0f}",
        power=_kw(seen.power),
        setpoint=_kw(seen.setpoint),
        soc=_share(seen.soc),
        hertz=_hertz(seen.hertz),
    )


def _block(seen: Seen) -> tuple[Text, ...]:
    around = (seen.hertz - 50.0) / 0.5 if seen.hertz is not None else 0.0
    limit = _NONE if seen.limit is None else _WITHIN.fill(limit=f"{seen.limit / 1000:,.0f}")
    return (
        _TOP.fill(second=f"{seen.second:4.0f}", setpoint=_kw(seen.setpoint), limit=limit),
        _POWER.fill(bar=middle((seen.power or 0.0) / seen.rated), power=_kw(seen.power)),
        _CHARGE.fill(bar=filled(seen.soc or 0.0), soc=_share(seen.soc)),
        _FREQUENCY.fill(bar=middle(around), hertz=_hertz(seen.hertz)),
    )


def middle(share: float) -> str:
    """A bar that grows from its middle, for a share of -1 to 1."""
    half = BAR // 2
    size = round(min(1.0, abs(share)) * half)
    if share >= 0:
        return "." * half + "|" + "#" * size + "." * (half - size)
    return "." * (half - size) + "#" * size + "|" + "." * half


def filled(share: float) -> str:
    """A bar that grows from its left, for a share of 0 to 1."""
    size = round(min(1.0, max(0.0, share)) * (BAR + 1))
    return "#" * size + "." * (BAR + 1 - size)


def _kw(power: float | None) -> str:
    return f"{'?' if power is None else f'{power / 1000:+,.0f}':>7}"


def _share(soc: float | None) -> str:
    return f"{'?' if soc is None else f'{100 * soc:.1f}':>7}"


def _hertz(hertz: float | None) -> str:
    return f"{'?' if hertz is None else f'{hertz:.3f}':>7}"


_LINE = Text(
    "  {second} 秒  出力{power} kW  設定値{setpoint} kW  充電率{soc} %  周波数{hertz} Hz",
    "  {second} s  power {power} kW  set-point {setpoint} kW  charge {soc} %  {hertz} Hz",
)
_TOP = Text(
    "  {second} 秒   設定値 {setpoint} kW   抑制 {limit}",
    "  {second} s   set-point {setpoint} kW   curtailment {limit}",
)
_NONE = Text("なし", "none")
_WITHIN = Text("±{limit} kW", "±{limit} kW")
_POWER = Text(
    "  出力   [{bar}] {power} kW(所内の消費を含む)", "  power      [{bar}] {power} kW with own load"
)
_CHARGE = Text("  充電率 [{bar}] {soc} %", "  charge     [{bar}] {soc} %")
_FREQUENCY = Text("  周波数 [{bar}] {hertz} Hz", "  frequency  [{bar}] {hertz} Hz")
