"""The commands about updates as people and programs type them; a version of wheels; over HTTPS."""

import base64
import functools
import hashlib
import http.server
import io
import json
import re
import ssl
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import jsonschema
import pytest
from typing_extensions import override

from sekisho.gate.update.reasons import SAID, Reason, Refused
from sekisho.gate.update.version import Version
from sekisho.shell.cli.main import main
from sekisho.shell.gate import kernel_time
from sekisho.shell.lab.authority import Authority
from sekisho.shell.lab.maker import MODEL
from sekisho.shell.release.archive import About, of_wheels
from sekisho.shell.update import machine as machines
from tests.releases import LATER, Maker, SureTime, machine

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def scene(tmp_path, monkeypatch):
    """A maker, a machine whose clock is sure and whose gate is looked at often."""
    time = SureTime()
    monkeypatch.setattr(kernel_time, "KernelClock", lambda: time)
    monkeypatch.setattr(machines, "LOOK_S", 0.03)
    maker = Maker(tmp_path / "maker")
    site = machine(tmp_path / "site", maker.root)
    yield maker, site, time
    site.stop()


def asked(capsys, *words, code, schema="update"):
    """The JSON that a command prints, held against its schema."""
    assert main(["update", *map(str, words), "--format", "json"]) == code
    told = json.loads(capsys.readouterr().out)
    form = json.loads((ROOT / f"schemas/{schema}.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(told, form)
    return told


def test_the_whole_life_of_an_update_is_told_to_programs(scene, capsys):
    maker, site, time = scene
    there = ("--folder", site.place.path)
    maker.offer("1.0.0")
    told = asked(capsys, "check", maker.published, *there, code=0)
    assert (told["outcome"], told["old"], told["new"]) == ("offered", None, "1.0.0")
    assert asked(capsys, "apply", maker.published, *there, code=0)["outcome"] == "new"
    again = asked(capsys, "apply", maker.published, *there, code=0)
    assert (again["outcome"], again["reason"]) == ("refused", "installed")
    status = asked(capsys, "status", *there, code=0, schema="update-status")
    assert (status["current"], status["running"], status["change"]) == ("1.0.0", "1.0.0", None)
    maker.offer("1.1.0")
    assert asked(capsys, "apply", maker.published, *there, code=0)["old"] == "1.0.0"
    assert asked(capsys, "rollback", *there, code=0)["reason"] == "asked"
    assert asked(capsys, "rollback", *there, code=1)["reason"] == "no-previous"
    assert asked(capsys, "status", *there, code=0, schema="update-status")["current"] == "1.0.0"
    maker.offer("1.2.0", runs=False)
    assert asked(capsys, "apply", maker.published, *there, code=1)["outcome"] == "old"
    status = asked(capsys, "status", *there, code=1, schema="update-status")
    assert (status["current"], status["highest"]) == ("1.0.0", "1.2.0")
    assert asked(capsys, "apply", *there, code=0)["outcome"] == "nothing"
    assert asked(capsys, "resume", *there, code=0)["outcome"] == "nothing"
    time.synchronised = False
    assert asked(capsys, "check", maker.published, *there, code=3)["reason"] == "time-unsure"


def test_people_are_told_in_both_languages(scene, capsys):
    maker, site, _ = scene
    there = ("--folder", str(site.place.path))
    maker.offer("1.0.0")
    for lang, words in (
        ("ja", "入れられます: なし → 1.0.0"),
        ("en", "may be installed: none → 1.0.0"),
    ):
        assert main(["update", "check", str(maker.published), *there, "--lang", lang]) == 0
        assert words in capsys.readouterr().out
    assert main(["update", "apply", str(maker.published), *there, "--lang", "ja"]) == 0
    assert "更新しました: なし → 1.0.0" in capsys.readouterr().out
    maker.withdraw(Version(1, 0, 0))
    for lang in ("ja", "en"):
        assert main(["update", "check", str(maker.published), *there, "--lang", lang]) == 1
        assert getattr(SAID[Reason.NOTHING], lang) in capsys.readouterr().out
    assert main(["update", "status", *there, "--lang", "ja"]) == 0
    assert "入っている版 1.0.0" in capsys.readouterr().out


def test_a_switch_that_has_not_ended_is_told_and_ended(scene, capsys):
    maker, site, _ = scene
    maker.offer("1.0.0")
    there = ("--folder", site.place.path)

    class Stops(machines.Machine):
        @override
        def act(self, change):
            if change.phase.value == "watch":
                raise KeyboardInterrupt
            super().act(change)

    with pytest.raises(KeyboardInterrupt):
        site.apply(maker.published, make=Stops)
    status = asked(capsys, "status", *there, code=3, schema="update-status")
    assert status["change"] == {"phase": "watch", "old": None, "new": "1.0.0", "why": None}
    assert main(["update", "apply", str(maker.published), "--folder", str(site.place.path)]) == 2
    assert "resume" in capsys.readouterr().err
    assert asked(capsys, "resume", *there, code=0)["outcome"] == "new"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "model"),
        (
            'model = "m"\n[gate]\nbeat = "b"\nstop = "rm -rf"\nstart = ["s"]\ntrial = []\n',
            "gate.stop",
        ),
        (
            'model = "m"\nfloors = []\n[gate]\nbeat = "b"\nstop = ["s"]\nstart = ["s"]\ntrial = []\n',
            "floors",
        ),
        ("[", "update.toml"),
    ],
)
def test_wrong_settings_are_told_with_their_place(scene, capsys, text, where):
    _, site, _ = scene
    settings = site.place.path / "update.toml"
    whole = settings.read_text()
    settings.write_text(text)
    assert main(["update", "status", "--folder", str(site.place.path)]) == 2
    assert where in capsys.readouterr().err
    settings.write_text(whole)


def test_a_root_that_is_none_makes_no_folder(tmp_path, capsys):
    maker = Maker(tmp_path / "maker")
    for name in ("timestamp.json", "1.targets.json"):
        path = maker.published / "metadata" / name
        words = ["update", "init", "--folder", str(tmp_path / "f"), "--root", str(path)]
        assert main(words) == 2
        assert not (tmp_path / "f").exists()
    half = json.loads(maker.root.read_text())
    half["signatures"] = half["signatures"][:1]
    (tmp_path / "half.json").write_text(json.dumps(half))
    words = [
        "update",
        "init",
        "--folder",
        str(tmp_path / "f"),
        "--root",
        str(tmp_path / "half.json"),
    ]
    assert main(words) == 2
    assert "root" in capsys.readouterr().err


def test_a_private_part_that_is_open_to_others_is_not_used(scene, capsys):
    _, site, _ = scene
    folder = site.place.path
    (folder / "private").chmod(0o755)
    assert main(["update", "status", "--folder", str(folder), "--lang", "en"]) == 2
    assert "open to others" in capsys.readouterr().err
    (folder / "private").chmod(0o700)


# ---- the maker's side ------------------------------------------------------------------------------


def test_a_key_is_its_owners_alone_and_its_passphrase_is_asked(tmp_path, capsys, monkeypatch):
    key = tmp_path / "k.pem"
    monkeypatch.setattr(sys, "stdin", io.StringIO("a passphrase of some length\n"))
    assert main(["release", "new-key", str(key), "--passphrase"]) == 0
    assert oct(key.stat().st_mode)[-3:] == "600"
    assert b"ENCRYPTED" in key.read_bytes()
    assert main(["release", "new-key", str(key)]) == 2  # never overwritten
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    assert main(["release", "new-key", str(tmp_path / "s.pem"), "--passphrase"]) == 2
    assert not (tmp_path / "s.pem").exists()
    capsys.readouterr()
    maker = Maker(tmp_path / "maker")
    for said in ("another passphrase\n", "\n"):
        monkeypatch.setattr(sys, "stdin", io.StringIO(said))
        words = ["release", "sign", str(maker.repository.path), "--key", str(key), "--lang", "en"]
        assert main(words) == 2
        assert "passphrase is wrong" in capsys.readouterr().err
    key.chmod(0o644)
    assert main(["release", "sign", str(maker.repository.path), "--key", str(key)]) == 2


def test_too_few_holders_or_one_key_for_two_offices_is_refused(tmp_path, capsys):
    maker = Maker(tmp_path / "maker")
    pub = lambda name: str(maker.folder / f"{name}.pub")  # noqa: E731 - one line says it
    both = ["--targets-key", pub("targets-1"), "--targets-key", pub("targets-2")]
    for roots, online, why in (
        (["root-1"], "online", "fewer than 2"),
        (["root-1", "root-1"], "online", "fewer than 2"),
        (["root-1", "root-2"], "root-1", "online key"),
    ):
        keys = [word for name in roots for word in ("--root-key", pub(name))]
        words = ["release", "init", str(tmp_path / "r"), *keys, *both, "--online-key", pub(online)]
        assert main([*words, "--lang", "en"]) == 2
        assert why in capsys.readouterr().err
        assert not (tmp_path / "r").exists()
    words = ["release", "init", str(tmp_path / "r"), "--root-key", pub("root-1"), *both]
    assert main([*words, "--online-key", pub("online"), "--threshold", "1"]) == 2


def test_the_same_steps_give_the_same_bytes(tmp_path):
    first = Maker(tmp_path / "first")
    second = Maker.__new__(Maker)
    second.folder, second.model, second.expires = first.folder, first.model, first.expires
    second.repository = type(first.repository)(tmp_path / "second")
    second.repository.init(second.holders(), first.expires, first.expires)
    second.sign("targets-2", "root-2", "root-1", "targets-1")  # in another order
    second.publish()
    archives = []
    for maker in (first, second):
        maker.offer("1.0.0")
        maker.repository.archive(tmp_path / "all.zip")
        archives.append((tmp_path / "all.zip").read_bytes())
    assert archives[0] == archives[1]


def test_verify_reads_as_a_machine_would(tmp_path, capsys):
    maker = Maker(tmp_path / "maker")
    maker.offer("1.0.0")
    words = ["release", "verify", str(maker.published), "--root", str(maker.root), "--model", MODEL]
    assert main([*words, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["new"] == "1.0.0"
    (target,) = (maker.published / "targets").iterdir()
    target.write_bytes(target.read_bytes() + b"x")
    assert main([*words, "--lang", "en"]) == 1
    assert "does not hold" in capsys.readouterr().out


# ---- wheels ----------------------------------------------------------------------------------------


def wheel(folder, version, *, needs=""):
    """A made-up package whose command is `sekisho`."""
    code = f"def run():\n    print({version!r})\n"
    needed = f"Requires-Dist: {needs}\n" if needs else ""
    info = f"made_up_gate-{version}.dist-info"
    files = {
        "made_up_gate.py": code,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: made-up-gate\nVersion: {version}\n{needed}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\nsekisho = made_up_gate:run\n",
    }
    rows = []
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).rstrip(b"=")
        rows.append(f"{name},sha256={digest.decode()},{len(content)}")
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,", ""])
    path = folder / f"made_up_gate-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return path


def test_a_version_of_wheels_gets_an_environment_of_its_own_offline(scene, tmp_path):
    maker, site, _ = scene
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    wheel(wheels, "1.0.0")
    about = About(model=MODEL, version=Version(1, 0, 0), minimum=Version(0, 0, 0), beat_s=5)
    content = of_wheels(wheels, about)
    assert content == of_wheels(wheels, about)
    settings = site.place.path / "update.toml"
    settings.write_text(re.sub(r"trial = .*", "trial = []", settings.read_text()))
    with site.updating() as updater:
        updater.gate.start = lambda: "not started here"
        applied = updater.apply(str(maker.offer("1.0.0", content)), by_hand=True)
    assert applied.detail == "start: not started here"  # built, tried, pointed at; then taken back
    with site.updating() as updater:
        updater.gate.start = lambda: None
        updater.machine.tidy = lambda: None
        updater.apply(str(maker.published), by_hand=True)
    program = site.place.program(Version(1, 0, 0))
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    assert said.stdout == "1.0.0\n"
    first = program.read_text().splitlines()[0]
    assert first.startswith(f"#!{site.place.version(Version(1, 0, 0))}/bin/python")


def test_wheels_that_lack_a_part_are_not_fetched_from_anywhere(scene, tmp_path):
    maker, site, _ = scene
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    wheel(wheels, "1.0.0", needs="absent-part")
    about = About(model=MODEL, version=Version(1, 0, 0), minimum=Version(0, 0, 0), beat_s=5)
    applied = site.apply(maker.offer("1.0.0", of_wheels(wheels, about)))
    assert (applied.end.value, applied.why) == ("unchanged", Reason.BUILD)
    assert site.current() is None
    assert site.place.versions() == []


# ---- HTTPS -----------------------------------------------------------------------------------------


class Quiet(http.server.SimpleHTTPRequestHandler):
    @override
    def log_message(self, *_):
        pass


@pytest.fixture
def served(scene, tmp_path, monkeypatch):
    """The maker's repository behind HTTPS on loopback, under an authority of its own."""
    maker, site, _ = scene
    authority = Authority(tmp_path / "authority")
    identity = authority.server("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity.certificate, identity.key)
    handler = functools.partial(Quiet, directory=str(maker.published))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield maker, site, f"https://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_same_update_comes_over_https(served):
    maker, site, address = served
    maker.offer("1.0.0")
    assert site.apply(address).end.value == "new"
    maker.offer("1.1.0", expires=LATER)
    with site.updating() as updater:
        assert str(updater.check(address, by_hand=True).offer.manifest.version) == "1.1.0"
    (maker.published / "metadata" / "timestamp.json").unlink()
    with pytest.raises(Refused, match="incomplete"):
        site.apply(address)


def test_a_server_of_another_authority_is_not_read(served, tmp_path, monkeypatch):
    maker, site, address = served
    maker.offer("1.0.0")
    monkeypatch.setenv("SSL_CERT_FILE", str(Authority(tmp_path / "other").ca))
    with pytest.raises(Refused, match="unreadable"):
        site.apply(address)
    assert site.current() is None


def test_plain_http_is_no_source(scene, capsys):
    _, site, _ = scene
    words = ["update", "check", "http://127.0.0.1:1/", "--folder", str(site.place.path)]
    assert main(words) == 2
    assert "https://" in capsys.readouterr().err
