"""The systemd units: what they forbid, and that gate and pages run under it."""

import asyncio
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import typer.main

from sekisho.gate.settings import SerialEnd
from sekisho.gate.surface import Carrier, surface
from sekisho.gate.units import Installed, units_of
from sekisho.shell.cli.main import app, main
from sekisho.shell.lab.stage import Stage
from sekisho.shell.surface.unit_files import shipped_units
from tests.facts.gate import scene
from tests.units import allowed_calls, read_unit

GATE, ADMIN = "sekisho-gate.service", "sekisho-admin.service"
UPDATE, RESUME = "sekisho-update.service", "sekisho-update-resume.service"
TRIAL = "sekisho-trial@.service"
EVERY = (GATE, ADMIN, UPDATE, RESUME, TRIAL)
PLACES = Installed(
    program=sys.executable,
    site="/etc/sekisho/site.toml",
    listen="127.0.0.1:8443",
    updater="/opt/sekisho",
)
SETTINGS = replace(scene.SETTINGS, north=replace(scene.SETTINGS.north, host="192.0.2.1"))
HELD = {
    "NoNewPrivileges": ["yes"],
    "CapabilityBoundingSet": [""],
    "AmbientCapabilities": [""],
    "ProtectSystem": ["strict"],
    "ProtectHome": ["yes"],
    "PrivateTmp": ["yes"],
    "ProtectProc": ["invisible"],
    "ProtectKernelTunables": ["yes"],
    "ProtectKernelModules": ["yes"],
    "ProtectKernelLogs": ["yes"],
    "ProtectControlGroups": ["yes"],
    "ProtectHostname": ["yes"],
    "RestrictNamespaces": ["yes"],
    "RestrictRealtime": ["yes"],
    "RestrictSUIDSGID": ["yes"],
    "LockPersonality": ["yes"],
    "MemoryDenyWriteExecute": ["yes"],
    "KeyringMode": ["private"],
    "SystemCallArchitectures": ["native"],
    "DevicePolicy": ["closed"],
    "LimitCORE": ["0"],
    "IPAddressDeny": ["any"],
}
"""What every unit of ours forbids, whatever else it says."""


def made(settings=SETTINGS):
    return units_of(shipped_units(), settings, PLACES)


def service(name, settings=SETTINGS):
    return read_unit(made(settings)[name])["Service"]


@pytest.mark.parametrize("name", EVERY)
def test_no_process_has_a_privilege(name):
    found = service(name)
    assert {key: found.get(key) for key in HELD} == HELD
    assert found["User"] != ["root"]


def test_gate_pages_and_updater_are_three_users_and_none_writes_where_another_does():
    users = [service(name)["User"][0] for name in (GATE, ADMIN, UPDATE)]
    assert len(set(users)) == 3
    assert service(GATE)["StateDirectory"] != service(ADMIN)["StateDirectory"]
    assert {service(name)["StateDirectoryMode"][0] for name in (GATE, ADMIN)} == {"0700"}
    assert {service(name)["UMask"][0] for name in (GATE, ADMIN, TRIAL)} == {"0077"}
    assert service(ADMIN)["ReadWritePaths"] == ["/opt/sekisho/update.d"]
    assert service(UPDATE)["ReadWritePaths"] == ["/opt/sekisho"]
    assert "ReadWritePaths" not in service(GATE)


def test_a_gate_whose_cycle_turns_no_more_is_ended_and_started_again():
    found = service(GATE)
    assert found["Type"] == ["notify"]
    assert found["NotifyAccess"] == ["main"]
    assert found["WatchdogSec"] == ["10"]
    assert found["Restart"] == ["always"]
    assert read_unit(made()[GATE])["Unit"]["StartLimitIntervalSec"] == ["0"]
    for name in (ADMIN, UPDATE, RESUME, TRIAL):  # they tell nothing
        assert service(name)["Type"] != ["notify"]
        assert "WatchdogSec" not in service(name)


def test_the_updater_and_the_trial_have_no_network():
    for name in (UPDATE, RESUME, TRIAL):
        assert service(name)["RestrictAddressFamilies"] == ["AF_UNIX"]
        assert "IPAddressAllow" not in service(name)
    for name in (GATE, ADMIN):
        assert service(name)["RestrictAddressFamilies"] == ["AF_INET AF_INET6 AF_UNIX"]


def test_without_an_updater_nothing_of_it_is_left():
    alone = units_of(shipped_units(), SETTINGS, replace(PLACES, updater=None))
    assert set(alone) == {GATE, ADMIN, "sekisho.sysusers"}
    assert "/update.d" not in alone[ADMIN]


def test_the_gate_may_reach_what_its_table_names_and_nothing_else():
    addresses = {p.place for p in surface(SETTINGS) if p.about.carrier is Carrier.TCP}
    assert set(service(GATE)["IPAddressAllow"][0].split()) == addresses
    with_metrics = service(GATE, replace(SETTINGS, metrics_port=9_464))
    assert set(with_metrics["IPAddressAllow"][0].split()) == addresses | {"localhost"}


def test_a_broker_with_a_name_is_said_to_leave_addresses_open():
    named = replace(SETTINGS, north=replace(SETTINGS.north, host="broker.example.jp"))
    assert "IPAddressDeny" not in service(GATE, named)
    assert "IPAddressDeny is left out" in made(named)[GATE]


def test_a_serial_line_is_the_only_device():
    assert service(GATE)["PrivateDevices"] == ["yes"]
    line = SerialEnd(path="/dev/ttyS0", baud=19_200, parity="E")
    first, *others = SETTINGS.south
    found = service(GATE, replace(SETTINGS, south=(replace(first, end=line), *others)))
    assert found["DeviceAllow"] == ["/dev/ttyS0 rw"]
    assert "PrivateDevices" not in found


def test_nothing_is_left_to_fill_in():
    assert [n for n, text in made().items() if re.search(r"@[A-Z]+@", text)] == []


@pytest.mark.parametrize("name", EVERY)
def test_what_a_unit_starts_is_a_command_of_ours(name):
    words = shlex.split(service(name)["ExecStart"][0])
    command = typer.main.get_command(app)
    for word in words[1:3]:
        command = getattr(command, "commands", {})[word]
    options = {name for parameter in command.params for name in parameter.opts}
    assert {w for w in words if w.startswith("--")} <= options


def test_units_are_written_into_a_folder(tmp_path, capsys):
    words = ["gate", "units", "examples/demo-site", "--updater", "/opt/sekisho"]
    assert main([*words, "--out", str(tmp_path)]) == 0
    assert {p.name for p in tmp_path.iterdir()} == set(shipped_units())
    assert main(["gate", "units", "examples/demo-site", "--at", "/a b"]) == 2
    assert "a b" in capsys.readouterr().err


def test_the_reader_refuses_what_is_no_unit():
    for odd in ("Key=value", "[A]\nkey=value", "[A]\n[A]", "[A]\nwords"):
        with pytest.raises(AssertionError):
            read_unit(odd)


def systemd(*words):
    """What systemd-analyze says; skipped without it, unless SEKISHO_REQUIRE_SYSTEMD is set."""
    if shutil.which("systemd-analyze") is None and not os.environ.get("SEKISHO_REQUIRE_SYSTEMD"):
        pytest.skip("systemd-analyze is not installed")
    done = subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def laid(folder, units):
    for name, text in units.items():
        (folder / name).write_text(text)
    return [str(folder / name) for name in units if name.endswith(".service")]


@pytest.mark.systemd
def test_systemd_takes_the_units_without_a_word(tmp_path):
    files = laid(tmp_path, made())
    files = [file for file in files if not file.endswith(TRIAL)]  # its program is not there yet
    assert systemd("verify", "--man=no", *files) == (0, "")
    laid(tmp_path, {GATE: made()[GATE].replace("UMask=0077", "UMaks=0077")})
    assert "UMaks" in systemd("verify", "--man=no", *files)[1]


@pytest.mark.systemd
@pytest.mark.parametrize("name", EVERY)
def test_systemd_finds_little_exposure(tmp_path, name):
    laid(tmp_path, made())
    words = ("security", "--offline=true", "--threshold=20", str(tmp_path / name))
    code, said = systemd(*words)
    assert code == 0, said
    laid(tmp_path, {name: made()[name].replace("CapabilityBoundingSet=\n", "")})
    assert systemd(*words)[0] != 0


MDWE = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(65, 1, 0, 0, 0) != 0:  # PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN: inherited by what is run
    sys.exit(77)
os.execv(sys.executable, [sys.executable, "-c", sys.argv[1]])
"""
EVERYTHING = """
import importlib, mmap, pkgutil, sekisho
for found in pkgutil.walk_packages(sekisho.__path__, "sekisho."):
    importlib.import_module(found.name)
from sekisho.shell.gate.kernel_time import KernelClock
KernelClock()()
try:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
except PermissionError:
    print("refused, and everything loads")
"""


def test_everything_loads_where_no_memory_may_become_code():
    words = [sys.executable, "-c", MDWE, EVERYTHING]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode == 77:
        pytest.skip("this kernel cannot refuse it (before 6.3)")
    assert done.stdout.strip() == "refused, and everything loads", done.stderr


@pytest.mark.systemd
@pytest.mark.asyncio
async def test_a_running_gate_asks_the_kernel_only_what_its_unit_allows(tmp_path):
    if shutil.which("strace") is None and not os.environ.get("SEKISHO_REQUIRE_SYSTEMD"):
        pytest.skip("strace is not installed")
    systemd("--version")
    allowed = allowed_calls(service(GATE)["SystemCallFilter"])
    assert {"adjtimex", "clock_adjtime"} <= allowed
    assert not {"clock_settime", "mount", "ptrace", "reboot", "kexec_load"} & allowed
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.stop_gate()
        trace = tmp_path / "trace"
        program = Path(sys.executable).with_name("sekisho")
        gate = await asyncio.create_subprocess_exec(
            *("strace", "-f", "-qq", "-o", str(trace), str(program), "gate", "run"),
            *(str(stage.site_file), "--state", str(stage.state_path)),
            *("--admin", str(tmp_path / "admin.sock"), "--log"),
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "SEKISHO_LANG": "en"},
        )
        assert gate.stderr is not None
        await asyncio.wait_for(gate.stderr.readline(), 60)
        answer = await _until_obeyed(stage)
        pid = int((stage.state_path / "gate.lock").read_text())
        os.kill(pid, signal.SIGTERM)
        await asyncio.wait_for(gate.communicate(), 60)
    called = set(re.findall(r"^\d+ +(\w+)\(", trace.read_text(), re.MULTILINE))
    assert answer
    assert {"connect", "fdatasync"} & called
    assert called - allowed <= EXECUTED | (BY_ROOT if os.geteuid() == 0 else set())


EXECUTED = {"execve", "arch_prctl"}
"""How the program itself is started, which systemd does before the filter counts or allows."""

BY_ROOT = {"fchown"}
"""SQLite's, where the user is root: our users are not."""


async def _until_obeyed(stage):
    """Whether the traced gate came up whole: every device seen, and a stop answered."""
    for _ in range(300):
        status = stage.state_path / "status.json"
        if status.exists() and b'"connected": true' in status.read_bytes():
            return True
        await asyncio.sleep(0.1)
    return False
