"""What a hostile device or file gives to a probe: first words of TLS, pages, reports of other programs."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sekisho.codec.tls.hello import HelloReader
from sekisho.lab.product.papers import reports
from sekisho.proof.plan_words import ReportForm
from sekisho.shell.probe.caller import asks_password, hidden_field, word_after
from sekisho.shell.probe.ssh import offer
from sekisho.shell.readers import read_report
from sekisho.terms.errors import InputError
from tools.fuzz import Target

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = Path(__file__).resolve().parents[2] / "tests" / "cases" / "foreign_reports"
_FORMS = tuple(ReportForm)
_PAPERS = reports(frozenset(), "2026-11-28T19:00:00Z")


def tls_answer(data: bytes) -> None:
    """What a server sends after our first words, whole and in two pieces."""
    whole, halves = HelloReader(), HelloReader()
    whole.feed(data)
    halves.feed(data[: len(data) // 2])
    halves.feed(data[len(data) // 2 :])
    if whole.answer != halves.answer:
        raise AssertionError("pieces read otherwise than the whole")


def report(data: bytes) -> None:
    """A report of another program: the first byte is its form."""
    form = _FORMS[data[0] % len(_FORMS)] if data else ReportForm.NMAP
    with contextlib.suppress(InputError):
        read_report(form, data[1:], "report")


def page(data: bytes) -> None:
    """A page of the device, and what a program says of its SSH server."""
    text = data.decode("utf-8", "replace")
    word_after(text, "Model", "not stated")
    hidden_field(text, "token")
    asks_password(text)
    offer(data, 22)


def _started(form: ReportForm, content: bytes) -> bytes:
    return bytes([_FORMS.index(form)]) + content


TARGETS: Final[Mapping[str, Target]] = {
    "tls-answer": Target(
        tls_answer,
        (bytes.fromhex("160303002602000022") + bytes(40), b"\x15\x03\x01\x00\x02\x02\x46"),
        600,
    ),
    "foreign-report": Target(
        report,
        (
            _started(ReportForm.NMAP, (_FOLDER / "nmap-7.93.xml").read_bytes()),
            _started(ReportForm.TESTSSL, (_FOLDER / "testssl-3.0.8.json").read_bytes()),
            _started(ReportForm.CYCLONEDX, _PAPERS["reports/sbom.json"].encode()),
            _started(ReportForm.VEX, _PAPERS["reports/vex.json"].encode()),
        ),
        6_000,
    ),
    "device-page": Target(
        page, (b"<dl><dt>Model</dt><dd>K</dd></dl><input name=token value=x>",), 1_000
    ),
}
