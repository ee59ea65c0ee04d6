"""The picture of `gate top`: everything in it, nothing too wide, nothing of a file's making."""

from dataclasses import fields, replace

import pytest

from sekisho.gate.attention import what_calls
from sekisho.gate.renewal import Renewal
from sekisho.gate.status import (
    BmsStatus,
    DecisionStatus,
    JournalStatus,
    MeterStatus,
    NorthStatus,
    OrderStatus,
    PcsStatus,
    Status,
)
from sekisho.present.linebreak import columns
from sekisho.shell.cli.gate_top_frame import View, frame
from sekisho.shell.cli.gate_top_plot import plot
from sekisho.shell.cli.gate_top_words import LABELS
from sekisho.terms.texts import Lang

LANGS = pytest.mark.parametrize("lang", list(Lang))
PCS = PcsStatus(
    device="pcs-1",
    link="up",
    power=401_000,
    setpoint=402_000,
    asked=403_000,
    watchdog="waived",
    no_watchdog="蓄電池の側で止まる",
    stopped_locally=True,
    faulted=True,
)
STATUS = Status(
    program="9.8.7",
    site="kushiro-1",
    digest="d" * 64,
    commissioned=False,
    at=1_764_000_000_000,
    boot=5,
    time_sure=False,
    time_error_ms=1_234,
    session="5e55" * 8,
    trust_version=71,
    bounds_version=72,
    rated=2_000_000,
    power=501_000,
    setpoint=502_000,
    dispatch=503_000,
    droop=-1_000,
    frequency=49.985,
    frequency_doubt=None,
    soc=0.512,
    soc_min=0.1,
    soc_max=0.9,
    nominal=50.0,
    pcs=[PCS],
    bms=[
        BmsStatus(
            device="bms-1",
            link="lost",
            soc=0.523,
            charge_limit=611_000,
            discharge_limit=612_000,
            temperature_min=21.5,
            temperature_max=28.5,
            faulted=True,
        )
    ],
    meters=[MeterStatus(device="meter-1", link="up", power=504_000)],
    north=NorthStatus(connected=False, since=1_764_000_000_000, waiting=77, certificate_ends=None),
    journal=JournalStatus(entries=8_765, head="abcd" * 16, behind_ms=4_321, free_bytes=5 * 10**9),
    orders=[
        OrderStatus(
            kind="setpoint", command="c-1", issuer="agg-1", rank=2, power=505_000, ends=10**12
        ),
        OrderStatus(
            kind="curtail",
            command="c-2",
            issuer="tso-1",
            rank=3,
            power=None,
            export_max=506_000,
            import_max=507_000,
            ends=10**12,
        ),
    ],
    latches=["mismatch"],
    alarms=["foreign-writer"],
    failures=["one-pcs"],
    decisions=[
        DecisionStatus(
            at=1_764_000_000_000,
            command="c-3",
            kid="key-1",
            outcome="refused",
            reason="budget",
            power=508_000,
            limits=["export_max"],
            entry=4_567,
        )
    ],
)
SHOWN = (
    *("9.8.7", "kushiro-1", "d" * 12, "1,234", "5e55", "71", "72", "2,000", "+501.0", "+502.0"),
    *("+503.0", "-1.0", "49.985", "-0.015", "51.2 %", "10.0 %", "90.0 %", "pcs-1", "+401.0"),
    *("+402.0", "+403.0", "蓄電池の側で止まる", "bms-1", "52.3 %", "611.0", "612.0", "21.5"),
    *("28.5", "meter-1", "+504.0", "77", "8,765", "abcdabcdabcd", "4,321", "5.0 GB", "c-1"),
    *("agg-1", "+505.0", "c-2", "tso-1", "+506.0", "-507.0", "mismatch", "foreign-writer"),
    *("one-pcs", "c-3", "key-1", "+508.0", "export_max", "4567", "2025-11-25 01:00:00 JST"),
)
SAID = {
    Lang.EN: (
        "RUNNING",
        "LOCAL STOP",
        "FAULT",
        "LOST",
        "NOT SURE",
        "NOT COMMISSIONED",
        "balancing",
    ),
    Lang.JA: ("運転中", "現地で停止", "機器の故障", "切断", "不確か", "試運転が済んで", "需給調整"),
}


def view(status=STATUS, *, running=True, age=500, samples=()):
    return View(status=status, age_ms=age, running=running, samples=samples)


def joined(lines):
    """As read by a person, who does not mind where a line was broken."""
    return "".join("".join(lines).split())


def bare(text):
    return "".join(text.split())


@LANGS
@pytest.mark.parametrize("width", [80, 120])
def test_every_field_of_the_status_is_shown(lang, width):
    lines = frame(view(), lang, width=width)
    said = joined(lines)
    assert [one for one in (*SHOWN, *SAID[lang]) if bare(one) not in said] == []
    assert [line for line in lines if columns(line) > width] == []


@LANGS
@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (80, 12), (200, 60)])
def test_a_full_gate_fits_the_terminal(lang, width, height):
    many = replace(
        STATUS,
        pcs=[replace(PCS, device=f"pcs-{n}", no_watchdog="理由" * 30) for n in range(40)],
        orders=STATUS.orders * 20,
        decisions=STATUS.decisions * 20,
    )
    for status in (STATUS, many):
        lines = frame(view(status, samples=[(1, 2)] * 900), lang, width=width, height=height)
        assert len(lines) <= height
        assert [line for line in lines if columns(line) > width] == []


@LANGS
def test_a_pcs_without_watchdog_stays_on_the_smallest_screen(lang):
    lines = frame(view(), lang, width=80, height=24)
    assert "蓄電池の側で止まる" in joined(lines)


@LANGS
def test_what_a_file_says_moves_no_cursor(lang):
    evil = "\x1b[2J\r\n\u202eevil\x07"

    def hostile(one):
        if isinstance(one, str):
            return evil
        if isinstance(one, list):
            return [hostile(item) for item in one]
        if hasattr(one, "__dataclass_fields__"):
            return replace(one, **{f.name: hostile(getattr(one, f.name)) for f in fields(one)})
        return one

    for height in (None, 24):
        text = "".join(frame(view(hostile(STATUS)), lang, width=80, height=height))
        assert text.isprintable()
        assert "[U+001B]" in text


def test_a_gate_that_stopped_is_not_shown_as_live():
    lines = frame(view(running=False, age=61_000), Lang.EN, width=80)
    assert "STOPPED" in lines[0]
    assert "61 s old" in joined(lines).replace("61sold", "61 s old")
    assert "RUNNING" not in joined(lines)
    calm = replace(STATUS, latches=[], alarms=[], failures=[])
    assert "Nothingcalls" in joined(frame(view(calm), Lang.EN, width=80))
    assert "Nothingcalls" not in joined(frame(view(calm, running=False), Lang.EN, width=80))


@LANGS
@pytest.mark.parametrize("step", list(Renewal))
def test_what_is_not_calm_is_never_said_to_be(lang, step):
    quiet = replace(STATUS, latches=[], alarms=[], failures=[])
    status = replace(quiet, north=replace(STATUS.north, renewal=step.value))
    seen = joined(frame(view(status), lang, width=100))
    nobody = "".join(LABELS["calm"].says(lang).split())
    assert (nobody in seen) is status.calm
    said = [one.says(lang) for one in what_calls([], [], [], step.value)]
    assert ["".join(one.split()) in seen for one in said] == [True] * (not status.calm)


@LANGS
def test_a_narrow_terminal_is_told(lang):
    lines = frame(view(), lang, width=60, height=24)
    assert "80" in joined(lines)
    assert [line for line in lines if columns(line) > 60] == []


def test_a_frequency_that_cannot_be_used_says_why():
    doubted = replace(STATUS, frequency=None, frequency_doubt="frozen")
    assert "doesnotmove" in joined(frame(view(doubted), Lang.EN, width=80))


def test_the_plot_tells_power_from_set_point_without_colour():
    lines = plot([(None, 0), (1_000, 1_000), (-1_000, 1_000)], 2_000, 20, 5)
    assert lines == [
        "       +1         @=",
        "                    ",
        "        0 .......=..",
        "                    ",
        "       -1          o",
    ]
