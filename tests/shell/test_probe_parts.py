"""Parts of a visit: words of a page, fields of a form, programs of the auditor, an answer of ssh-audit."""

import asyncio
import json
import sys
import time
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.evidence.observation_network import LoginFunctions
from sekisho.evidence.observation_paper import NotDone
from sekisho.evidence.observation_words import Severity
from sekisho.proof.plan import read_probe_profile
from sekisho.proof.plan_document import ModbusTable
from sekisho.proof.plan_lasting import HandTable
from sekisho.shell.probe import modbus
from sekisho.shell.probe.caller import Caller, asks_password, hidden_field, word_after
from sekisho.shell.probe.diary import Diary
from sekisho.shell.probe.hands import OwnHands
from sekisho.shell.probe.http import Ask, Reply, exchange
from sekisho.shell.probe.logins import slowed_after
from sekisho.shell.probe.ports import Found
from sekisho.shell.probe.routes import login_functions
from sekisho.shell.probe.ssh import offer
from sekisho.shell.probe.wire import Pace, SilentDeviceError, Wire
from sekisho.terms.errors import WorldError

PAGE = """<html><style>Model hidden</style><dl><dt>Model:</dt><dd>KD-100</dd>
<dt>Software version (gate)</dt><dd>sekisho 2.0.0</dd><dt>Serial</dt><dd>not stated</dd></dl>
<form><input type="hidden" name="csrf" value="abc"><input name="p" type="PASSWORD"></form></html>"""


def test_a_word_is_found_after_its_label():
    assert word_after(PAGE, "Model") == "KD-100"
    assert word_after(PAGE, "Software version (gate) sekisho") == "2.0.0"
    assert word_after(PAGE, "Firmware") == ""


def test_what_stands_for_nothing_is_nothing():
    assert word_after(PAGE, "Serial", "not stated") == ""
    assert word_after(PAGE, "Serial") == "not"


def test_fields_of_a_form_are_seen():
    assert hidden_field(PAGE, "csrf") == "abc"
    assert hidden_field(PAGE, "other") == ""
    assert asks_password(PAGE)
    assert not asks_password("<input name=password>")


@given(st.text(max_size=200), st.text(min_size=1, max_size=20))
def test_no_page_breaks_the_reader(page, label):
    word_after(page, label, "none")
    hidden_field(page, label)
    asks_password(page)


def test_a_secret_is_taken_out_of_every_transcript():
    diary = Diary("x", "y")
    diary.hide("long secret")
    diary.hide("long secret, and more")
    assert diary.clean(b"a long secret, and more, a long secret") == b"a [secret], a [secret]"


@pytest.mark.parametrize(
    "given_back",
    [
        "p%40ss%3Cw%22rd%C3%A9%2B+",
        "p@ss&lt;w&quot;rdé+ ",
        'p@ss<w\\"rd\\u00e9+ ',
        "cEBzczx3InJkw6krIA",
    ],
)
def test_a_secret_that_a_device_gives_back_in_another_spelling_is_taken_out(given_back):
    diary = Diary("x", "y")
    diary.hide('p@ss<w"rdé+ ')
    assert diary.clean(f"value={given_back};".encode()).startswith(b"value=[secret]")


@pytest.mark.parametrize(
    ("times", "after"),
    [
        ([10, 12, 4_000, 11, 10, 12], None),
        ([10, 12, 11, 10, 12, 4_000], None),
        ([10, 12, 11, 1_000, 2_000, 4_000], 3),
        ([], None),
    ],
)
def test_one_late_answer_is_no_hindrance_to_guessing(times, after):
    assert slowed_after(times) == after


@pytest.mark.parametrize("location", ["http://[", "//[::", "http://a]b/"])
def test_a_place_that_cannot_be_read_leads_nowhere(location):
    reply = Reply(
        status=302, headers=(("location", location),), body=b"", certificate=None, transcript=""
    )
    assert reply.leads_to.path == ""


@asynccontextmanager
async def answering(talk):
    done = asyncio.Event()

    async def talked(reader, writer):
        try:
            await talk(reader, writer)
        finally:
            writer.close()
            done.set()

    server = await asyncio.start_server(talked, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.wait_for(done.wait(), 5)


def wire(timeout_s=2.0):
    here = ip_address("127.0.0.1")
    return Wire(here, [here], Pace(per_second=1000, connect_s=1.0, timeout_s=timeout_s))


@pytest.mark.asyncio
async def test_a_cookie_that_is_none_breaks_nothing():
    async def talk(reader, writer):
        await reader.read(4_096)
        writer.write(
            b"HTTP/1.1 200 OK\r\nSet-Cookie: s=\xe9\xff\r\nSet-Cookie: good=1\r\n"
            b"Content-Length: 0\r\nConnection: close\r\n\r\n"
        )
        writer.close()

    async with answering(talk) as port:
        caller = Caller(wire(), port, None, None)
        assert (await caller.get("/")).status == 200
        assert (await caller.get("/")).status == 200


@pytest.mark.asyncio
async def test_a_device_that_drips_is_left():
    async def talk(reader, writer):
        await reader.read(4_096)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        with suppress(OSError):
            for _ in range(40):
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(0.05)

    async with answering(talk) as port:
        began = time.monotonic()
        with pytest.raises(SilentDeviceError, match="in time"):
            await exchange(wire(timeout_s=0.1), port, Ask(path="/"))
        assert time.monotonic() - began < 1.8


@pytest.mark.asyncio
async def test_what_speaks_no_modbus_is_not_told_as_modbus():
    async def talk(reader, writer):
        await reader.read(4_096)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with answering(talk) as port:
        diary = Diary("127.0.0.1", "y")
        await modbus.asked(wire(), diary, ModbusTable(port=port, unit=1, address=0), write=False)
    assert [type(record.observed) for record in diary.records] == [NotDone]


def hand(*command):
    return HandTable(command=command)


@pytest.mark.asyncio
async def test_a_program_of_the_auditor_is_run_without_a_shell(tmp_path):
    hands = OwnHands(tmp_path, None)
    script = "import sys, pathlib; pathlib.Path('seen').write_text(sys.argv[1])"
    assert await hands.do(hand(sys.executable, "-c", script, "$HOME; x"), None)
    assert (tmp_path / "seen").read_text() == "$HOME; x"


@pytest.mark.asyncio
async def test_a_program_that_fails_or_is_not_there_is_told(tmp_path):
    hands = OwnHands(tmp_path, None)
    for command in ((sys.executable, "-c", "raise SystemExit(3)"), ("./missing",)):
        with pytest.raises(WorldError):
            await hands.do(hand(*command), None)


@pytest.mark.asyncio
@pytest.mark.parametrize(("code", "took"), [(0, True), (1, False)])
async def test_what_installs_says_by_its_exit_code_whether_it_did(tmp_path, code, took):
    command = hand(sys.executable, "-c", f"raise SystemExit({code})")
    assert await OwnHands(tmp_path, None).installs(command) is took


@pytest.mark.asyncio
async def test_where_nobody_is_asked_nobody_can(tmp_path):
    prompt = HandTable(prompt="Pull the plug.")
    assert await OwnHands(tmp_path, None).do(prompt, None) is False
    assert await OwnHands(tmp_path, None).installs(prompt) is None
    asked = []

    def person(text):
        asked.append(text)
        return True

    assert await OwnHands(tmp_path, person).do(prompt, None)
    assert asked == ["Pull the plug."]


def test_an_answer_of_ssh_audit_is_read_and_another_is_none():
    report = {
        "banner": {"raw": "SSH-2.0-x"},
        "kex": [{"algorithm": "a", "notes": {"fail": ["broken"], "info": ["old"]}}],
        "key": [{"algorithm": "b", "notes": {}}],
        "enc": [],
        "mac": [],
    }
    found = offer(json.dumps(report).encode(), 22)
    assert found is not None
    assert [(f.severity, f.algorithm) for f in found.findings] == [
        (Severity.HIGH, "a"),
        (Severity.INFO, "a"),
    ]
    for data in (b"", b"{}", b"[]", b'{"banner": null}', b'{"banner": {"raw": 5}}', b"[exception]"):
        assert offer(data, 22) is None


@given(st.binary(max_size=200))
def test_no_output_of_a_program_breaks_the_reader(data):
    offer(data, 22)


@pytest.mark.parametrize("service", ["https", "http", "tls", ""])
def test_a_page_of_which_the_profile_names_no_login_may_have_one(service):
    document = read_probe_profile(
        '[product]\ntitle = "x"\nmaker = "x"\nmodel = "x"\ndated = 2026-11-01\n', "p"
    )
    diary = Diary("x", "y")
    login_functions(diary, document, [Found(port=443, service=service, detail="")])
    told = diary.records[0].observed
    assert isinstance(told, LoginFunctions)
    assert not told.complete
