"""A visit is polite, keeps secrets, and does what was agreed and nothing else: on real servers."""

import asyncio
import json
import re
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest

from sekisho.evidence.bundle import KnownSigner, opened, sealed
from sekisho.evidence.observation_function import (
    CredentialChanged,
    DefaultCredentials,
    Deletion,
    FirstUse,
    Guessing,
    PowerCycle,
    UpdateOffered,
)
from sekisho.evidence.observation_network import OpenModbus, OpenPorts, Routes, TlsOffer
from sekisho.evidence.observation_paper import DocumentSeen, NotDone
from sekisho.evidence.observation_words import Tried, WhyNot
from sekisho.proof.evidence import day_of
from sekisho.shell.cli.main import main
from sekisho.shell.keys import new_key
from sekisho.shell.lab.product.stage import HTTPS, MODBUS, ProductStage
from sekisho.shell.lab.product.visits import StageHands
from sekisho.shell.probe.hands import OwnHands
from sekisho.shell.probe.profile import load_probe_profile
from sekisho.shell.probe.run import probe
from sekisho.shell.probe.wire import Pace, Wire
from sekisho.terms.errors import InputError

FEW_PORTS = 'tcp = ["2000-2300", "5020", "8080", "8443"]'
NMAP = Path(__file__).resolve().parents[1] / "cases" / "foreign_reports" / "nmap-7.93.xml"
PACE = Pace(per_second=1000, connect_s=1.0, timeout_s=1.0)


def changed_profile(stage, *changes):
    """The stage's profile with fewer ports, and with these changes."""
    text = stage.profile.read_text(encoding="utf-8").replace('tcp = ["1-65535"]', FEW_PORTS)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    stage.profile.write_text(text, encoding="utf-8")


def nothing_agreed(text):
    return re.sub(r"\[agreed\].*?\]\n\n", "", text, flags=re.DOTALL)


def ask(stage, **options):
    return probe(
        load_probe_profile(str(stage.profile)),
        stage.address,
        allowed=[ip_address(stage.address)],
        hands=StageHands(stage),
        **options,
    )


def of(visited, kind):
    return [r.observed for r in visited.bundle.records if isinstance(r.observed, kind)]


@pytest.mark.asyncio
async def test_one_connection_at_a_time_each_closed_in_order(tmp_path, monkeypatch):
    opened_now, most = 0, 0
    real = asyncio.open_connection

    async def counting(*words, **named):
        nonlocal opened_now, most
        reader, writer = await real(*words, **named)
        opened_now, most = opened_now + 1, max(most, opened_now + 1)
        close = writer.close

        def closing():
            nonlocal opened_now
            opened_now -= 1
            close()

        monkeypatch.setattr(writer, "close", closing)
        return reader, writer

    monkeypatch.setattr(asyncio, "open_connection", counting)
    async with ProductStage(tmp_path / "p") as stage:
        changed_profile(stage)
        seen = stage.modbus.seen
        await ask(stage)
        assert seen.most_connections == 1
        assert seen.resets == 0
    assert (most, opened_now) == (1, 0)


@pytest.mark.asyncio
async def test_without_agreement_nothing_of_the_device_changes_and_no_password_is_tried(tmp_path):
    async with ProductStage(tmp_path / "p") as stage:
        text = nothing_agreed(stage.profile.read_text(encoding="utf-8"))
        stage.profile.write_text(text, encoding="utf-8")
        changed_profile(stage)
        kept = stage.product.kept
        visited = await ask(stage)
        assert (stage.product.kept, stage.product.wrong) == (kept, 0)
    for kind in (
        DefaultCredentials,
        Guessing,
        FirstUse,
        CredentialChanged,
        UpdateOffered,
        PowerCycle,
        Deletion,
    ):
        assert of(visited, kind) == []
    assert {one.why for one in of(visited, NotDone)} <= {WhyNot.NOT_ALLOWED, WhyNot.FAILED}
    (modbus,) = of(visited, OpenModbus)
    assert (modbus.read, modbus.write) == (True, Tried.NOT_TRIED)
    assert of(visited, Routes)


@pytest.mark.asyncio
async def test_no_more_passwords_are_tried_than_the_budget_says(tmp_path):
    async with ProductStage(tmp_path / "p", frozenset()) as stage:
        changed_profile(stage)
        visited = await ask(stage, budget=3)
    (defaults,), (guessing,) = of(visited, DefaultCredentials), of(visited, Guessing)
    assert (defaults.tried, defaults.agreed) == (1, 1)
    assert (guessing.made, guessing.agreed) == (2, 2)


@pytest.mark.asyncio
async def test_secrets_stand_in_no_record_and_no_transcript(tmp_path):
    async with ProductStage(tmp_path / "p") as stage:
        changed_profile(stage)
        visited = await ask(stage)
        secrets = [
            (stage.folder / name).read_text(encoding="utf-8").strip()
            for name in ("code.txt", "password.txt", "new-password.txt")
        ]
    signer = new_key(tmp_path / "auditor.key")
    data = sealed(visited.bundle, visited.blobs, signer)
    found = opened(data, [signer.public])
    assert found.signature == KnownSigner(signer.kid)
    told = b"".join(found.blobs.values()) + repr(found.bundle).encode()
    assert b"POST /login" in told
    assert b"fields user, password" in told
    assert [s for s in secrets if s.encode() in told] == []
    assert b"session=" not in told


@pytest.mark.asyncio
async def test_every_record_has_a_time_a_program_a_method_and_what_was_exchanged(tmp_path):
    async with ProductStage(tmp_path / "p") as stage:
        changed_profile(stage)
        visited = await ask(stage)
    records = [r for r in visited.bundle.records if not isinstance(r.observed, NotDone)]
    reported = {"cyclonedx", "cyclonedx-vex"}  # of the time that they bear
    assert all(
        visited.bundle.began <= r.at <= visited.bundle.ended
        for r in records
        if r.method not in reported
    )
    assert all(r.program.startswith("sekisho ") and r.method for r in records)
    without = {type(r.observed).__name__ for r in records if r.transcript is None}
    assert without == {"LoginFunctions"}


@pytest.mark.asyncio
async def test_old_tls_is_told_as_accepted_and_what_closes_the_connection_as_refused(tmp_path):
    async with ProductStage(tmp_path / "p") as stage:
        changed_profile(stage)
        visited = await ask(stage)
    (offer,) = of(visited, TlsOffer)
    assert offer.port == HTTPS
    assert offer.accepted_versions == ("tls-1.2", "tls-1.3")
    assert offer.refused_versions == ("ssl-3", "tls-1.0", "tls-1.1")
    assert "TLS_RSA_WITH_AES_128_CBC_SHA" in offer.refused_suites
    assert offer.certificate is not None
    assert offer.certificate.key == "EC secp256r1"


@pytest.mark.asyncio
async def test_a_silent_port_is_neither_open_nor_closed(tmp_path):
    wire = Wire(
        ip_address("192.0.2.1"),
        [ip_address("192.0.2.1")],
        Pace(per_second=1000, connect_s=0.05, timeout_s=0.1),
    )
    assert await wire.scan([80]) in ({80: None}, {80: False})


@pytest.mark.parametrize("target", ["localhost", "127.0.0.1", "::1"])
@pytest.mark.asyncio
async def test_an_address_that_is_not_allowed_is_refused_before_anything_is_sent(tmp_path, target):
    async with ProductStage(tmp_path / "p") as stage:
        profile = load_probe_profile(str(stage.profile))
        with pytest.raises(InputError) as caught:
            await probe(profile, target, allowed=[ip_address("192.0.2.9")], hands=StageHands(stage))
    assert "--allow" in caught.value.problems[0].remedy.en


def test_a_wire_leads_nowhere_else():
    with pytest.raises(InputError):
        Wire(ip_address("192.0.2.1"), [ip_address("192.0.2.2")], PACE)


@asynccontextmanager
async def redirecting(address, elsewhere):
    """A server on HTTP that sends everybody to another machine."""

    async def talk(reader, writer):
        await reader.read(1000)
        writer.write(
            f"HTTP/1.1 302 Found\r\nLocation: http://{elsewhere}/\r\nContent-Length: 0\r\n\r\n".encode()
        )
        writer.close()

    server = await asyncio.start_server(talk, address, 8080)
    try:
        yield
    finally:
        server.close()
        await server.wait_closed()


@pytest.mark.asyncio
async def test_a_redirect_is_written_down_and_not_followed(tmp_path):
    followed = []

    async def elsewhere(reader, writer):
        followed.append(writer.get_extra_info("peername"))
        writer.close()

    other = await asyncio.start_server(elsewhere, "127.0.0.1", 0)
    there = other.sockets[0].getsockname()
    profile = tmp_path / "probe.toml"
    profile.write_text(
        '[product]\ntitle = "x"\nmaker = "x"\nmodel = "x"\n[scan]\ntcp = ["8080"]\nudp = false\n',
        encoding="utf-8",
    )
    async with redirecting("127.91.2.3", f"{there[0]}:{there[1]}"):
        visited = await probe(
            load_probe_profile(str(profile)), "127.91.2.3",
            allowed=[ip_address("127.91.2.3")], hands=OwnHands(tmp_path, None),
        )  # fmt: skip
    other.close()
    await other.wait_closed()
    assert followed == []
    assert any(there[0].encode() in blob for blob in visited.blobs)
    (ports,) = of(visited, OpenPorts)
    assert [(p.port, p.service) for p in ports.ports] == [(8080, "http")]


@pytest.mark.asyncio
async def test_a_certificate_of_another_authority_gets_no_secret(tmp_path):
    async with ProductStage(tmp_path / "p") as stage, ProductStage(tmp_path / "q") as other:
        changed_profile(stage)
        (stage.folder / "ca.pem").write_bytes((other.folder / "ca.pem").read_bytes())
        visited = await ask(stage)
        assert stage.product.wrong == 0
        assert stage.product.kept.password is None
    assert of(visited, FirstUse) == []


@pytest.mark.asyncio
async def test_a_document_that_is_not_there_has_no_hash(tmp_path):
    async with ProductStage(tmp_path / "p") as stage:
        changed_profile(stage)
        (stage.folder / "documents" / "support.md").unlink()
        visited = await ask(stage)
    hashes = {d.file: d.sha256 for d in of(visited, DocumentSeen)}
    assert hashes.pop("support.md") is None
    assert None not in hashes.values()


@pytest.mark.asyncio
async def test_a_report_about_another_host_is_not_taken(tmp_path):
    async with ProductStage(tmp_path / "p") as stage:
        changed_profile(stage)
        with stage.profile.open("a", encoding="utf-8") as profile:
            profile.write('\n[[report]]\nform = "nmap-xml"\nfile = "nmap.xml"\n')
        (stage.folder / "nmap.xml").write_bytes(NMAP.read_bytes())
        visited = await ask(stage)
    assert [n.detail for n in of(visited, NotDone) if "nmap.xml" in n.detail] == [
        "nmap.xml is about 127.77.77.7"
    ]


@pytest.mark.asyncio
async def test_a_report_counts_from_the_time_that_it_bears(tmp_path):
    async with ProductStage(tmp_path / "p") as stage:
        changed_profile(stage)
        stage.profile.write_text(nothing_agreed(stage.profile.read_text()), encoding="utf-8")
        bill = stage.folder / "reports" / "sbom.json"
        told = json.loads(bill.read_text(encoding="utf-8"))
        told["metadata"]["timestamp"] = "2019-01-01T00:00:00Z"
        bill.write_text(json.dumps(told), encoding="utf-8")
        vex = stage.folder / "reports" / "vex.json"
        told["metadata"]["timestamp"] = "2900-01-01T00:00:00Z"
        vex.write_text(json.dumps(told | {"vulnerabilities": []}), encoding="utf-8")
        visited = await ask(stage)
    assert [day_of(r).year for r in visited.bundle.records if r.method == "cyclonedx"] == [2019]
    assert any("a time that is to come" in n.detail for n in of(visited, NotDone))


@pytest.mark.asyncio
async def test_after_a_cut_no_password_is_tried_that_was_not_agreed(tmp_path):
    async with ProductStage(tmp_path / "p") as stage:
        changed_profile(stage, ('"guess", "change", ', ""))
        visited = await ask(stage)
    cuts = of(visited, PowerCycle)
    assert cuts
    assert {cut.default_returned for cut in cuts} == {None}


@pytest.mark.asyncio
async def test_where_the_owner_cannot_log_in_no_update_counts_as_refused(tmp_path):
    async with ProductStage(tmp_path / "p") as stage:
        changed_profile(stage, ('"set-up", ', ""))
        visited = await ask(stage)
    assert of(visited, UpdateOffered) == []
    left = {n.what: n.detail for n in of(visited, NotDone)}
    assert left["update-offered"] == "the owner cannot log in"


# ---- the profile and the command -----------------------------------------------------------------


def test_a_profile_that_names_a_program_and_that_others_can_write_is_refused(tmp_path):
    path = tmp_path / "probe.toml"
    path.write_text(
        '[product]\ntitle = "x"\nmaker = "x"\nmodel = "x"\n[power]\ncommand = ["./relay"]\n',
        encoding="utf-8",
    )
    path.chmod(0o666)
    with pytest.raises(InputError) as caught:
        load_probe_profile(str(path))
    assert "chmod 600" in caught.value.problems[0].remedy.en
    path.chmod(0o600)
    assert load_probe_profile(str(path)).document.power is not None


def test_a_password_that_others_can_read_is_refused(tmp_path):
    stage = ProductStage(tmp_path / "p")
    (stage.folder / "password.txt").chmod(0o644)
    with pytest.raises(InputError) as caught:
        load_probe_profile(str(stage.profile))
    assert "chmod 600" in caught.value.problems[0].remedy.en


def test_dry_run_sends_nothing_needs_no_secret_and_shows_every_class(tmp_path, capsys):
    stage = ProductStage(tmp_path / "p")  # it has no power
    (stage.folder / "password.txt").unlink()
    words = ["probe", "host.invalid", "--profile", str(stage.profile), "--dry-run"]
    assert main([*words, "--format", "json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["tries"] == 18
    assert {p["changes"] for p in plan["packets"]} == {
        None, "set-up", "guess", "change", "setting", "update", "power-cycle", "network-cut",
        "delete", "modbus-write",
    }  # fmt: skip
    assert main([*words, "--lang", "ja"]) == 0
    assert "まだ何も送っていません" in capsys.readouterr().out


@pytest.mark.asyncio
async def test_the_command_writes_a_signed_bundle_and_says_what_was_left(tmp_path, capsys):
    async with ProductStage(tmp_path / "p") as stage:
        changed_profile(stage)
        new_key(tmp_path / "auditor.key")
        words = [
            "probe", stage.address, "--profile", str(stage.profile), "--allow", stage.address,
            "--key", str(tmp_path / "auditor.key"), "--out", str(tmp_path / "b"), "--format", "json",
        ]  # fmt: skip
        code = await asyncio.to_thread(main, words)
    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert {(n["what"], n["why"]) for n in told["not_done"]} == {("power-cycle", "not-allowed")}
    found = opened((tmp_path / "b").read_bytes(), [])
    assert found.sha256 == told["sha256"]
    assert found.bundle.target == stage.address


@pytest.mark.asyncio
async def test_without_a_key_nothing_is_sent(tmp_path, capsys):
    async with ProductStage(tmp_path / "p") as stage:
        words = ["probe", stage.address, "--profile", str(stage.profile), "--allow", stage.address]
        assert await asyncio.to_thread(main, words) == 2
        assert stage.modbus.seen.connections_ever == 0
    assert "--key" in capsys.readouterr().err


def test_the_modbus_port_of_the_stage_is_where_the_profile_says(tmp_path):
    stage = ProductStage(tmp_path / "p")
    modbus = load_probe_profile(str(stage.profile)).document.modbus
    assert modbus is not None
    assert modbus.port == MODBUS
