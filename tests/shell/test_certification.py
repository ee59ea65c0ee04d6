"""The gate's certificate: what is taken, what is refused, and how the next one takes its place."""

import asyncio
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from sekisho.gate.journal.entries import EntryKind
from sekisho.gate.renewal import Renewal, is_due
from sekisho.gate.status import read_status
from sekisho.shell.certificates import (
    Term,
    called,
    common_name,
    leaf,
    new_certificate_key,
    pem,
    root,
    spki,
)
from sekisho.shell.certifying import OperatorAuthority
from sekisho.shell.cli.main import main
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.certification import Papers
from sekisho.shell.gate.configuration import load_configuration
from sekisho.shell.gate.state_folder import NORTH_REQUEST, open_state
from sekisho.shell.lab.stage import Stage
from sekisho.shell.sealing import read_kept, write_sealed
from sekisho.terms.errors import InputError
from sekisho.terms.quantity import WallMs
from tests.file_kills import killed_everywhere

DAY = 86_400_000
NOW = datetime.now(UTC)


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A site, a gate's folder after `gate init`, and an operator's authority."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(Path(__file__).parents[2] / "examples/demo-site", "site")
    words = ["gate", "init", "site", "--state", "state", "--authority", "site/authority.pem"]
    assert main(words) == 0
    return OperatorAuthority.new(tmp_path / "ca", "Example operator")


def _papers(tmp_path):
    return Papers(open_state(tmp_path / "state"), load_configuration(tmp_path / "site").settings)


def _issued(authority, tmp_path, name="demo-1"):
    asked = open_state(tmp_path / "state").read(NORTH_REQUEST)
    return authority.certify(asked, name, 60)


def _enrol(*words):
    shared = ["site", "--state", "state", "--ca", "ca/ca.pem", *words]
    return main(["gate", "enrol", "a.pem", *shared])


def test_the_first_certificate_is_in_force_at_once_with_its_authority(made, tmp_path, capsys):
    (tmp_path / "a.pem").write_bytes(pem(_issued(made, tmp_path)))
    capsys.readouterr()
    assert _enrol("--format", "json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["certificate"], shown["in_force"]) == ("north.pem", True)
    folder = open_state(tmp_path / "state")
    assert folder.read("north-ca.pem") == made.ca.read_bytes()
    assert _papers(tmp_path).key_in_force() == read_kept(folder, "north.key")


def test_a_later_certificate_waits_until_it_has_connected(made, tmp_path, capsys):
    first = _issued(made, tmp_path)
    (tmp_path / "a.pem").write_bytes(pem(first))
    assert _enrol() == 0
    assert main(["gate", "request", "site", "--state", "state", "--format", "json"]) == 0
    assert main(["gate", "request", "site", "--state", "state", "--format", "json"]) == 0
    said = [json.loads("{" + part) for part in capsys.readouterr().out.split("{")[1:]]
    assert [one["fresh"] for one in said] == [True, False]
    second = _issued(made, tmp_path)
    assert spki(second) != spki(first)
    (tmp_path / "a.pem").write_bytes(pem(second))
    old = read_kept(open_state(tmp_path / "state"), "north.key")
    assert _enrol() == 0
    papers = _papers(tmp_path)
    assert papers.key_in_force() == old
    assert papers.next_key_kept() != old
    papers.promote()
    folder = open_state(tmp_path / "state")
    assert x509.load_pem_x509_certificate(folder.read("north.pem")) == second
    assert papers.key_in_force() != old
    assert not any(folder.has(f"{n}.next") for n in ("north.key", "north.pem"))
    with pytest.raises(InputError, match="not for a key of this gate"):
        papers.check(pem(first), made.ca.read_bytes(), datetime.now(UTC), "a.pem")


def _other(authority, tmp_path, **changes):
    """A certificate that is right but for one thing."""
    folder = open_state(tmp_path / "state")
    public = x509.load_pem_x509_csr(folder.read(NORTH_REQUEST)).public_key()
    issuer = authority._issuer
    term = Term(start=NOW - timedelta(days=1), end=NOW + timedelta(days=30))
    wanted = {"public": public, "name": "demo-1", "term": term, "hosts": ()} | changes
    return pem(leaf(issuer, wanted["public"], wanted["name"], wanted["term"], wanted["hosts"]))


def _bare(authority, tmp_path, *, purposes, ca=False):
    folder = open_state(tmp_path / "state")
    public = x509.load_pem_x509_csr(folder.read(NORTH_REQUEST)).public_key()
    issuer = authority._issuer
    draft = (
        x509.CertificateBuilder()
        .subject_name(called("demo-1"))
        .issuer_name(issuer.certificate.subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=30))
    )
    if purposes is not None:
        draft = draft.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    if ca:
        draft = draft.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return pem(draft.sign(issuer.key, hashes.SHA256()))


_CLIENT = [ExtendedKeyUsageOID.CLIENT_AUTH]


@pytest.mark.parametrize(
    ("give", "said"),
    [
        (lambda a, t: b"no certificate", "no certificate"),
        (
            lambda a, t: _other(a, t, public=new_certificate_key().public_key()),
            "not for a key of this gate",
        ),
        (lambda a, t: _other(a, t, name="another"), "for the name another"),
        (lambda a, t: _other(a, t, hosts=("localhost",)), "not for a client"),
        (
            lambda a, t: _other(
                a, t, term=Term(start=NOW - timedelta(days=9), end=NOW - timedelta(days=1))
            ),
            "does not vouch",
        ),
        (
            lambda a, t: _other(
                a, t, term=Term(start=NOW + timedelta(days=1), end=NOW + timedelta(days=9))
            ),
            "does not vouch",
        ),
        (lambda a, t: _bare(a, t, purposes=_CLIENT), "lacks keyUsage"),
        (lambda a, t: _bare(a, t, purposes=None), "lacks keyUsage"),
    ],
)
def test_a_certificate_that_is_wrong_is_refused_and_nothing_is_written(
    made, tmp_path, capsys, give, said
):
    (tmp_path / "a.pem").write_bytes(give(made, tmp_path))
    before = {p.name: p.read_bytes() for p in (tmp_path / "state").iterdir()}
    assert _enrol() == 2
    assert said in capsys.readouterr().err
    assert {p.name: p.read_bytes() for p in (tmp_path / "state").iterdir()} == before


def test_another_authority_does_not_vouch_for_it_even_with_the_same_name(made, tmp_path, capsys):
    (tmp_path / "a.pem").write_bytes(pem(_issued(made, tmp_path)))
    key = new_certificate_key()
    term = Term(start=NOW - timedelta(days=1), end=NOW + timedelta(days=30))
    (tmp_path / "ca/ca.pem").write_bytes(pem(root(key, "Example operator", term)))
    assert _enrol() == 2
    assert "does not vouch" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("life", "rest", "due"),
    [
        (365, 31, False),
        (365, 30, True),
        (60, 21, False),
        (60, 20, True),
        (60, 0, True),
        (3, 1, True),
        (3, 2, False),
    ],
)
def test_the_next_certificate_is_asked_for_after_two_thirds_and_30_days_at_most_before_the_end(
    life, rest, due
):
    start, end = WallMs(0), WallMs(life * DAY)
    assert is_due(start, end, WallMs(end - rest * DAY)) is due


def test_a_change_of_certificates_survives_a_kill_at_every_write_point(made, tmp_path):
    (tmp_path / "a.pem").write_bytes(pem(_issued(made, tmp_path)))
    assert _enrol() == 0
    settings = load_configuration(tmp_path / "site").settings
    papers = _papers(tmp_path)
    papers.ask()
    second = _issued(made, tmp_path)
    papers.put(papers.check(pem(second), made.ca.read_bytes(), datetime.now(UTC), "a.pem"))

    def look(place):
        found = Papers(open_state(place), settings)
        shown = x509.load_pem_x509_certificate(open_state(place).read("north.pem"))
        pair = load_pem_private_key(found.key_in_force(), password=None)
        assert pair.public_key() == shown.public_key()
        if found.answered():
            found.promote()
        assert x509.load_pem_x509_certificate(open_state(place).read("north.pem")) == second
        assert not found.asked()

    kills = killed_everywhere(
        tmp_path / "state",
        tmp_path / "victim",
        lambda place: Papers(open_state(place), settings).promote(),
        look,
    )
    assert kills > 8


def test_an_unfinished_request_is_finished_with_the_key_that_is_there(made, tmp_path):
    papers = _papers(tmp_path)
    folder = open_state(tmp_path / "state")
    key = papers.ask() and read_kept(folder, "north.key.next")
    folder.write(NORTH_REQUEST, b"half")
    assert not papers.ask()
    assert read_kept(folder, "north.key.next") == key
    asked = x509.load_pem_x509_csr(folder.read(NORTH_REQUEST))
    assert common_name(asked.subject) == "demo-1"
    assert asked.is_signature_valid


# ---- a running gate --------------------------------------------------------------------------


async def _until(true, wait_s=15.0):
    end = asyncio.get_running_loop().time() + wait_s
    while not true():
        assert asyncio.get_running_loop().time() < end, "it did not come about in time"
        await asyncio.sleep(0.05)


def _steps(stage):
    with closing(sqlite3.connect(stage.state_path / names.STORE)) as base:
        rows = base.execute("SELECT entry FROM journal ORDER BY n").fetchall()
    entries = [json.loads(row[0]) for row in rows]
    return [e["body"]["step"] for e in entries if e["kind"] == EntryKind.CERTIFICATE]


@pytest.mark.asyncio
async def test_a_running_gate_asks_in_time_changes_over_and_destroys_the_old_key(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("sekisho.shell.gate.renewal.TRY_S", 3.0)
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.stop_gate()
        folder = open_state(stage.state_path)
        brief = stage.authority.client("gate", life=timedelta(days=1))
        folder.write("north.pem", brief.certificate.read_bytes())
        write_sealed(folder, "north.key", brief.key.read_bytes())
        stage.start_gate()
        await _until(lambda: stage.running.north is not None and stage.running.north.line.up)
        renewer, north = stage.running.renewer, stage.running.north
        assert renewer is not None
        assert north is not None
        line = north.line
        with monkeypatch.context() as late:
            late.setattr(renewer, "_now", lambda: WallMs(line.certificate_ends or 0))
            await _until(lambda: renewer.state is Renewal.ASKED)
        await _until(lambda: (s := _status(stage)) is not None and s.north.renewal == "asked")
        assert not _status(stage).calm
        asked = x509.load_pem_x509_csr(folder.read(NORTH_REQUEST)).public_key()
        assert isinstance(asked, ec.EllipticCurvePublicKey)
        term = Term(start=NOW - timedelta(days=1), end=NOW + timedelta(days=60))
        fresh = leaf(stage.authority._issuer, asked, "lab-1", term)
        # The broker of the stage knows the name "gate" alone: this one it refuses.
        folder.write("north.pem.next", pem(fresh))
        await _until(lambda: renewer.state is Renewal.REFUSED, 40)
        assert line.up
        assert line.counts.connects == 1
        known = leaf(stage.authority._issuer, asked, "gate", term)
        folder.write("north.pem.next", pem(known))
        await _until(lambda: renewer.state is None)
        await _until(lambda: line.counts.connects == 2)
        assert x509.load_pem_x509_certificate(folder.read("north.pem")) == known
        assert read_kept(folder, "north.key") != brief.key.read_bytes()
        assert not folder.has("north.key.next")
        await stage.ready()
        assert (line.certificate_ends or 0) > NOW.timestamp() * 1000 + 50 * DAY
        await _until(lambda: _steps(stage) == ["asked", "refused", "installed"])


def _status(stage):
    try:
        return read_status((stage.state_path / names.STATUS).read_bytes())
    except (ValueError, FileNotFoundError):
        return None
