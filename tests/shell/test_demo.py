"""The demonstration: it shows, attacks, verifies and ends; with --stay commands come by hand."""

import asyncio
import io
import re
import sys
from typing import Any

import pytest
from typing_extensions import override

from sekisho.codec.asked import For
from sekisho.codec.command import Product, Setpoint
from sekisho.present.linebreak import columns
from sekisho.shell.cli import demo, demo_screen
from sekisho.shell.cli.asking import load_desk
from sekisho.shell.cli.demo import Show
from sekisho.shell.cli.demo_screen import Screen, Seen, filled, middle
from sekisho.shell.cli.main import main
from sekisho.shell.mqtt.head_end import Sent, head_end
from sekisho.terms.quantity import Watts
from sekisho.terms.texts import Lang
from tools import demo as make_demo

SEEN = Seen(
    second=3.0,
    rated=2e6,
    setpoint=1e6,
    limit=500_000,
    power=-250_000,
    soc=0.5,
    hertz=50.012,
)


@pytest.mark.parametrize(("lang", "word"), [("en", "The journal holds."), ("ja", "書かれたまま")])
def test_it_shows_verifies_and_ends_well(monkeypatch, capsys, lang, word):
    async def none(chosen, tell, *, prove):
        return []

    monkeypatch.setattr(demo, "gathered", none)
    monkeypatch.setattr(demo, "PACE", 0.15)
    assert main(["demo", "--lang", lang]) == 0
    told = capsys.readouterr().out
    assert word in told
    assert "1 to" in told if lang == "en" else "まで" in told
    assert len(re.findall("▶", told)) == 6
    assert "\x1b" not in told


def test_with_stay_a_command_is_sent_by_hand(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.StringIO())

    async def by_hand():
        staying = asyncio.create_task(demo._stayed(tmp_path / "stay", Screen(Lang.EN)))
        file = tmp_path / "stay" / "head-end.toml"
        async with asyncio.timeout(20):
            while not file.exists():  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.02)
        async with head_end(load_desk(file)) as north:
            sent = await north.ask(
                lambda e: Setpoint(envelope=e, power=Watts(100_000), product=Product.FRR),
                lasts=For(60_000),
                wait_s=10.0,
            )
        staying.cancel()
        await asyncio.gather(staying, return_exceptions=True)
        return sent

    sent = asyncio.run(by_hand())
    assert sent.answer is not None
    assert sent.answer.verified
    assert sent.answer.message.decision.power == 100_000


@pytest.mark.parametrize("lang", Lang)
def test_a_block_fits_80_columns(lang):
    assert all(columns(line.says(lang)) <= 80 for line in demo_screen._block(SEEN))
    assert columns(demo_screen._plain(SEEN).says(lang)) <= 80


def test_bars_have_one_length():
    assert {len(middle(share / 10)) for share in range(-15, 16)} == {demo_screen.BAR + 1}
    assert {len(filled(share / 10)) for share in range(-5, 16)} == {demo_screen.BAR + 1}


def test_a_terminal_is_drawn_over(monkeypatch):
    class Terminal(io.StringIO):
        @override
        def isatty(self):
            return True

    shown = Terminal()
    monkeypatch.setattr(sys, "stdout", shown)
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen(Lang.EN)
    screen.show(SEEN)
    screen.show(SEEN)
    assert shown.getvalue().count("\x1b[4A") == 1


def test_what_was_not_answered_is_not_counted_as_answered():
    nothing: Any = None

    async def asked():
        show = Show(nothing, nothing, Screen(Lang.EN))
        show._tell(Sent(command=nothing, raw=b"", answer=None))
        return show.asked, show.answered

    assert asyncio.run(asked()) == (1, 0)


@pytest.mark.parametrize("lang", Lang)
def test_the_makers_words_of_make_demo_are_in_the_readers_language(monkeypatch, capsys, lang):
    monkeypatch.setenv("SEKISHO_LANG", lang.value)
    monkeypatch.setattr(make_demo, "sekisho", lambda _words: 0)
    assert make_demo.main() == 0
    told = [line for line in capsys.readouterr().out.splitlines() if line[:1] not in {"", "$"}]
    assert len(told) == len(make_demo.SAMPLES) + 5 - 1
    japanese = [bool(re.search("[ぁ-ん一-龠ァ-ヴ]", line)) for line in told]
    assert set(japanese) == {lang is Lang.JA}
