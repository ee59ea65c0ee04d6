"""What a reading can do while the plant is commissioned, and what to do about it."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from sekisho.terms.texts import Text


class Finding(StrEnum):
    """What a reading did, the best first."""

    RIGHT = "right"
    UNSEEN = "unseen"
    """There was no reading."""
    NOISY = "noisy"
    """It moves by itself as much as the step."""
    STILL = "still"
    """It did not move."""
    OFF = "off"
    """It moved the right way, but not by the step."""
    STRAY = "stray"
    """It moved though another was asked."""
    REVERSED = "reversed"
    """It moved the wrong way."""


UNDECIDED = frozenset({Finding.UNSEEN, Finding.NOISY})
"""Findings that ask for another try rather than for a screwdriver."""


def said(finding: Finding) -> Text:
    """The sentence of a finding, with `asked` and `moved` to be filled in."""
    match finding:
        case Finding.RIGHT:
            return Text(
                "指令 {asked} W に対し {moved} W 動きました。",
                "It moved by {moved} W when {asked} W was asked.",
            )
        case Finding.UNSEEN:
            return Text(
                "値を読めませんでした。接続とプロファイルを確かめ、もう一度試してください。",
                "There was no reading: check connection and profile, then try again.",
            )
        case Finding.NOISY:
            return Text(
                "所内負荷の揺れが {asked} W の変化より大きく、判定できません。静かなときにもう一度"
                "試してください。",
                "The plant's own load moves by more than the step of {asked} W: try again when it "
                "is quiet.",
            )
        case Finding.STILL:
            return Text(
                "指令 {asked} W に対し動きませんでした({moved} W)。機器の運転状態と接続先を確かめて"
                "ください。",
                "It did not move ({moved} W) when {asked} W was asked: check that it runs and is "
                "the device meant.",
            )
        case Finding.OFF:
            return Text(
                "指令 {asked} W に対し {moved} W 動きました。倍率(kW と W など)を確かめてください。",
                "It moved by {moved} W when {asked} W was asked: check the scale (kW for W?).",
            )
        case Finding.STRAY:
            return Text(
                "ほかの機器への指令で {moved} W 動きました。接続先の取り違えを確かめてください。",
                "It moved by {moved} W though another was asked: check which device is which.",
            )
        case Finding.REVERSED:
            return Text(
                "指令 {asked} W に対し逆向きに {moved} W 動きました。符号を直してください。",
                "It moved the wrong way ({moved} W) when {asked} W was asked: mend the sign.",
            )
        case _:
            assert_never(finding)
