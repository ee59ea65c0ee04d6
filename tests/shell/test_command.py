"""`sekisho command`: what is sent, what is shown, what it ends with."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest

from sekisho.codec.command import Curtail, Product, Release, Schedule, Setpoint, Stop
from sekisho.codec.jws import Signer
from sekisho.shell.cli.asking import load_desk
from sekisho.shell.cli.command import ProductWord
from sekisho.shell.cli.main import main
from sekisho.shell.keys import new_key, public_pem
from sekisho.shell.lab.broker import Nats, free_port
from sekisho.shell.mqtt.head_end import head_end
from tests.orders import SITE
from tests.shell.answering import GATE, Answering
from tests.shell.brokers import Yard

if TYPE_CHECKING:
    from sekisho.shell.mqtt.line import Incoming


@pytest.fixture(scope="module")
def yard(tmp_path_factory):
    made = Yard(tmp_path_factory.mktemp("yard"), Nats)
    yield made
    made.broker.stop()


@pytest.fixture(scope="module")
def gate(yard):
    with Answering(yard.as_seen_by(yard.gate)) as answering:
        yield answering


@pytest.fixture
def file(yard, tmp_path, monkeypatch):
    """The head-end's file, in a folder that is the current one."""
    monkeypatch.setenv("SEKISHO_LANG", "en")
    monkeypatch.chdir(tmp_path)
    new_key(tmp_path / "agg.key")
    (tmp_path / "gate.pub").write_bytes(public_pem(GATE.public))
    lines = [
        f'site = "{SITE}"',
        'issuer = "agg"',
        'host = "127.0.0.1"',
        f"port = {yard.broker.port}",
        f'ca = "{yard.authority.ca}"',
        f'certificate = "{yard.head_end.certificate}"',
        f'key = "{yard.head_end.key}"',
        'signing_key = "agg.key"',
        'gate_key = "gate.pub"',
    ]
    path = tmp_path / "head-end.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_an_accepted_set_point_ends_with_0_and_is_shown(gate, file, capsys):
    assert main(["command", "setpoint", "--power", "-1.5MW", "--product", "fcr"]) == 0
    shown = capsys.readouterr().out
    assert "○ accepted: It was accepted." in shown
    assert "journal entry:" in shown
    assert "not verified" not in shown
    heard = gate.heard[-1]
    assert isinstance(heard, Setpoint)
    assert heard.power == -1_500_000
    assert heard.envelope.life_ms == 600_000


def test_a_limited_set_point_ends_with_0_and_names_the_bound(gate, file, capsys):
    assert main(["command", "setpoint", "--power", "20MW", "--product", "capacity"]) == 0
    shown = capsys.readouterr().out
    assert "△ limited" in shown
    assert "granted: 10,000,000 W" in shown
    assert "bound export_max = 10,000,000 (bounds.json version 3)" in shown


def test_a_refused_set_point_ends_with_1_and_says_why(gate, file, capsys):
    words = ["command", "setpoint", "--power", "60MW", "--product", "local", "--format", "json"]
    assert main(words) == 1
    shown = json.loads(capsys.readouterr().out)
    assert shown["outcome"] == "refused"
    assert shown["reason"] == "not-permitted"
    assert shown["verified"] is True


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["curtail", "--export-max", "10MW", "--import-max", "0"], Curtail),
        (["stop"], Stop),
        (["release"], Release),
        (["schedule", "--product", "jepx-spot", "--powers", "0,1MW,-500kW"], Schedule),
    ],
)
def test_every_kind_arrives(gate, file, words, kind):
    assert main(["command", *words]) == 0
    assert isinstance(gate.heard[-1], kind)


def test_a_schedule_comes_from_a_csv_of_half_hours(gate, file, tmp_path):
    rows = ["start,power"]
    rows += [f"2030-01-02T{n // 2:02}:{n % 2 * 30:02}+09:00,{n}00kW" for n in range(48)]
    (tmp_path / "plan.csv").write_text("\n".join(rows), encoding="utf-8")
    assert main(["command", "schedule", "plan.csv", "--product", "jepx-spot"]) == 0
    heard = gate.heard[-1]
    assert heard.powers == tuple(n * 100_000 for n in range(48))
    assert heard.envelope.expires_at == heard.end


def test_a_schedule_comes_from_toml(gate, file, tmp_path, capsys):
    plan = tmp_path / "plan.toml"
    plan.write_text('start = "2030-01-02T00:00+09:00"\npowers = ["0", "1MW"]', encoding="utf-8")
    assert main(["command", "schedule", "plan.toml", "--product", "local"]) == 0
    assert gate.heard[-1].powers == (0, 1_000_000)
    plan.write_text('starts = "2030-01-02T00:00+09:00"\npowers = [1]', encoding="utf-8")
    assert main(["command", "schedule", "plan.toml", "--product", "local"]) == 2
    said = capsys.readouterr().err
    assert "plan.toml:1: There is no member" in said
    assert "plan.toml:2: powers is not written as it must be" in said


def test_a_plan_with_a_gap_is_refused_with_its_line(gate, file, tmp_path, capsys):
    rows = "start,power\n2030-01-02T00:00Z,1\n2030-01-02T01:00Z,1\n"
    (tmp_path / "plan.csv").write_text(rows, encoding="utf-8")
    assert main(["command", "schedule", "plan.csv", "--product", "local"]) == 2
    assert "plan.csv:3: The half-hours do not follow one another." in capsys.readouterr().err


def test_sequences_rise_for_each_class_alone_and_are_its_owners(gate, file, tmp_path):
    for words in (["stop"], ["release"], ["setpoint", "--power", "1", "--product", "fcr"]):
        assert main(["command", *words]) == 0
    assert [command.envelope.sequence for command in gate.heard[-3:]] == [1, 2, 1]
    assert stat.S_IMODE((tmp_path / "sequences.json").stat().st_mode) == 0o600
    assert main(["command", "stop", "--sequence", "500"]) == 0
    assert main(["command", "stop"]) == 0
    assert [command.envelope.sequence for command in gate.heard[-2:]] == [500, 501]


def test_a_record_of_sequences_that_is_damaged_sends_nothing(gate, file, tmp_path, capsys):
    record = tmp_path / "sequences.json"
    record.write_text('{"a": -1}', encoding="utf-8")
    record.chmod(0o600)
    before = len(gate.heard)
    assert main(["command", "stop"]) == 2
    assert "--sequence" in capsys.readouterr().err
    assert len(gate.heard) == before


def test_without_the_gates_key_the_answer_is_shown_as_not_verified(gate, file, capsys):
    change(file, 'gate_key = "gate.pub"', "")
    assert main(["command", "stop"]) == 0
    assert "was not verified" in capsys.readouterr().out


def test_a_session_of_another_gate_is_not_believed(gate, file, tmp_path, capsys):
    (tmp_path / "gate.pub").write_bytes(public_pem(Signer(bytes(32)).public))
    before = len(gate.heard)
    assert main(["command", "stop", "--wait", "1"]) == 2
    assert "not signed by this gate" in capsys.readouterr().err
    assert len(gate.heard) == before


@pytest.mark.asyncio
async def test_a_session_that_the_broker_left_out_is_asked_for_again(gate, file, monkeypatch):
    async with head_end(load_desk(file)) as north:
        lost: list[Incoming] = []
        take = north._take

        def take_the_second(incoming):
            if lost:
                take(incoming)
            else:
                lost.append(incoming)

        monkeypatch.setattr(north, "_take", take_the_second)
        assert (await north.session(5)).site == SITE
        assert lost[0].retained


def test_a_site_without_a_gate_is_told(gate, file, capsys):
    change(file, f'site = "{SITE}"', 'site = "elsewhere"')
    assert main(["command", "stop", "--wait", "1"]) == 2
    assert "elsewhere" in capsys.readouterr().err


def test_a_broker_that_is_not_there_is_told(file, yard, capsys):
    change(file, f"port = {yard.broker.port}", f"port = {free_port()}")
    assert main(["command", "stop", "--wait", "3"]) == 2
    assert "Nobody listens at this port." in capsys.readouterr().err


def test_no_answer_in_time_is_undetermined(file, tmp_path, capsys):
    silent = Yard(tmp_path / "silent", Nats)
    lines = file.read_text(encoding="utf-8").splitlines()[:2]
    lines += [
        'host = "127.0.0.1"',
        f"port = {silent.broker.port}",
        f'ca = "{silent.authority.ca}"',
        f'certificate = "{silent.head_end.certificate}"',
        f'key = "{silent.head_end.key}"',
        'signing_key = "agg.key"',
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    try:
        with Answering(silent.as_seen_by(silent.gate), answers=False) as gate:
            assert main(["command", "stop", "--wait", "0.7"]) == 3
            assert len(gate.heard) == 1
    finally:
        silent.broker.stop()
    assert "No answer came in time" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["setpoint", "--power", "lots", "--product", "fcr"], "no power"),
        (["setpoint", "--power", "0.0001kW", "--product", "fcr"], "no power"),
        (["setpoint", "--power", "1MW", "--product", "fcr", "--for", "soon"], "length of time"),
        (["setpoint", "--power", "1MW", "--product", "negawatt"], "negawatt"),
        (["curtail", "--export-max", "-1MW", "--import-max", "0"], "no power"),
        (["schedule", "--product", "fcr"], "PLAN or --powers"),
        (["schedule", "none.csv", "--product", "fcr"], "none.csv"),
        (
            ["schedule", "--product", "fcr", "--powers", "1MW", "--start", "2030-01-01T00:10Z"],
            "bound",
        ),
        (
            ["schedule", "--product", "fcr", "--powers", "1MW", "--start", "2030-01-01T00:00"],
            "offset",
        ),
        (["schedule", "--product", "fcr", "--powers", ",".join(["0"] * 97)], "97 half-hours"),
        (["schedule", "--product", "fcr", "--powers", "0", "--start", "2025-01-01T00:00Z"], "over"),
        (["stop", "--head-end", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_what_cannot_be_asked_is_told(file, words, said, capsys):
    assert main(["command", *words]) == 2
    assert said in capsys.readouterr().err


def test_all_faults_of_the_head_ends_file_are_told_with_their_lines(file, capsys):
    change(file, 'issuer = "agg"', 'issuer = "a b"')
    change(file, 'signing_key = "agg.key"', 'signing_keys = "agg.key"')
    assert main(["command", "stop"]) == 2
    said = capsys.readouterr().err
    assert "head-end.toml:2: issuer" in said
    assert "head-end.toml:8: " in said
    assert "signing_key is missing" in said


def test_a_signing_key_that_others_can_read_is_refused(file, tmp_path, capsys):
    (tmp_path / "agg.key").chmod(0o644)
    assert main(["command", "stop"]) == 2
    assert "chmod 600" in capsys.readouterr().err


def test_the_products_of_the_command_line_are_those_of_the_codec():
    assert [word.value for word in ProductWord] == [product.value for product in Product]
