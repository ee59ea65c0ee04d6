"""The demonstration: it shows, attacks, verifies and ends; with --stay commands come by hand."""

import asyncio
import io
import re
import shlex
import sys
from dataclasses import replace
from typing import Any

import pytest
from typing_extensions import override

from sekisho.codec.asked import For
from sekisho.codec.command import Product, Setpoint
from sekisho.lab.attacks.catalogue import BY_NUMBER
from sekisho.lab.attacks.finding import Finding, Result, Verdict
from sekisho.present.linebreak import columns
from sekisho.shell.cli import demo, demo_screen
from sekisho.shell.cli.asking import load_desk
from sekisho.shell.cli.demo import Show
from sekisho.shell.cli.demo_end import Played, closing, failures
from sekisho.shell.cli.demo_end import told as told_of
from sekisho.shell.cli.demo_screen import Screen, Seen, filled, middle
from sekisho.shell.cli.main import main
from sekisho.shell.mqtt.head_end import Sent, head_end
from sekisho.terms.quantity import Watts
from sekisho.terms.texts import Lang, same
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


RESULT = Result(
    attack=BY_NUMBER[11],
    finding=Finding(tried=same("-"), did=same("-"), verdict=Verdict.REFUSED),
)


def played(**changes):
    whole = Played(asked=6, answered=6, witnessed=True, results=[RESULT], holds=True)
    return replace(whole, **changes)


def ended(verdict):
    return replace(RESULT, finding=replace(RESULT.finding, verdict=verdict))


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
    assert told.splitlines()[-1] == closing(played()).says(Lang(lang))


@pytest.mark.parametrize(
    ("changes", "failed", "last"),
    [
        ({}, False, "○ The gate held: no attack succeeded, and the journal holds."),
        (
            {"results": [RESULT, ended(Verdict.SUCCEEDED)]},
            True,
            '× The gate did not hold: attack "11 tampering with the journal" succeeded',
        ),
        ({"holds": False}, True, "× The gate did not hold: the journal could not be verified"),
        (
            {
                "results": [RESULT, ended(Verdict.NOT_TESTED)],
                "answered": 4,
                "witnessed": False,
            },
            False,
            (
                "○ The gate held, but this was not shown: attack "
                '"11 tampering with the journal" was not tested, commands without an answer: 2, '
                "the last entries without a witness"
            ),
        ),
        (
            {"results": [ended(Verdict.NOT_TESTED)]},
            False,
            '? No attack was tried: attack "11 tampering with the journal" was not tested',
        ),
    ],
)
def test_the_last_line_says_whether_it_held_and_what_did_not(changes, failed, last):
    assert closing(played(**changes)).en == last
    assert bool(failures(played(**changes))) is failed


def test_a_checkpoint_that_did_not_come_is_told():
    assert "no witness" in told_of(played(witnessed=False), Lang.EN)
    assert "no witness" not in told_of(played(), Lang.EN)


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


def test_the_papers_end_with_a_count_of_each_verdict_and_a_line_for_each_sample(
    monkeypatch, capsys
):
    monkeypatch.setenv("SEKISHO_LANG", "en")
    monkeypatch.setattr(make_demo, "sekisho", lambda words: main(words) if "json" in words else 0)
    make_demo.main()
    last = capsys.readouterr().out.splitlines()[-len(make_demo.SAMPLES) - 2 :]
    assert last[0] == (
        "Papers: 12 samples: met 3, broken 3, undetermined 5, not applicable 1. Reports are in out/demo."
    )
    assert all(name in row for name, row in zip(make_demo.SAMPLES, last[1:], strict=False))
    assert (
        "  × broken          overseas-pcs               rules: met 1, broken 1, not applicable 11"
        in last
    )
    assert all(columns(line) <= 100 for line in last)
    assert last[-1] == "○ The demo held: the papers were judged, and the gate held."


def test_what_failed_is_in_the_last_line(monkeypatch, capsys):
    monkeypatch.setenv("SEKISHO_LANG", "en")

    def gate_fails(words):
        return main(words) if "json" in words else int(words == ["demo"])

    monkeypatch.setattr(make_demo, "sekisho", gate_fails)
    assert make_demo.main() == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("× The demo failed: the gate (")


def test_a_long_command_line_is_folded_at_its_options():
    words = ["report", "a" * 30, "--known-at", "2026-11-22", "--format", "html", "--out", "b c"]
    assert make_demo.typed(words, 200) == f"$ sekisho {shlex.join(words)}"
    lines = make_demo.typed(words, 74).splitlines()
    assert lines[0].endswith("aaa --known-at 2026-11-22 \\")
    assert lines[1:] == ["    --format html --out 'b c'"]
    assert all(columns(line) <= 74 for line in lines)
    assert shlex.split(" ".join(line.rstrip("\\") for line in lines))[2:] == words


@pytest.mark.parametrize("lang", Lang)
def test_the_makers_words_of_make_demo_are_in_the_readers_language(monkeypatch, capsys, lang):
    monkeypatch.setenv("SEKISHO_LANG", lang.value)
    monkeypatch.setattr(make_demo, "sekisho", lambda words: main(words) if "json" in words else 0)
    assert make_demo.main() == 0
    lines = capsys.readouterr().out.splitlines()
    told = [one for one in lines if one[:1] not in {"", "$"} and not one.startswith("    ")]
    assert len(told) == 2 * len(make_demo.SAMPLES) + 6 - 1
    japanese = [bool(re.search("[ぁ-ん一-龠ァ-ヴ]", line)) for line in told]
    assert set(japanese) == {lang is Lang.JA}
