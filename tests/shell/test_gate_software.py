"""`sekisho gate sbom` and `gate vulnerabilities`, on what is really installed here."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path

import jsonschema
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from sekisho import __version__
from sekisho.shell.cli.main import main
from tests.made_up_advisories import advisory, write_copy

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
FRESH = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
HERE = ("introduced", "0")


@pytest.fixture(scope="module")
def bill():
    done = subprocess.run(
        [sys.executable, "-c", "from sekisho.shell.cli.main import run; run()", "gate", "sbom"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def valid(text):
    return JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_the_bill_is_cyclonedx_by_the_librarys_schema(bill):
    assert valid(bill)
    assert not valid(bill.replace('"bomFormat": "CycloneDX"', '"bomFormat": "other"'))


def test_the_bill_names_us_the_interpreter_and_its_openssl(bill):
    read = json.loads(bill)
    own = read["metadata"]["component"]
    assert (own["name"], own["version"]) == ("sekisho", __version__)
    [python] = [c for c in read["components"] if c["type"] == "platform"]
    assert python["version"] == ".".join(map(str, sys.version_info[:3]))
    assert {c["name"] for c in python["components"]} >= {"openssl", "sqlite", "zlib"}


def test_compiled_files_carry_the_digest_that_their_distribution_states(bill):
    [cryptography] = [c for c in json.loads(bill)["components"] if c["name"] == "cryptography"]
    compiled = [c for c in cryptography["components"] if c["type"] == "file"]
    assert compiled
    assert all(len(c["hashes"][0]["content"]) == 64 for c in compiled)
    assert any(c["name"] == "openssl" for c in cryptography["components"])


EVERYTHING = """
import importlib, json, pkgutil, sys, sekisho
for found in pkgutil.walk_packages(sekisho.__path__, "sekisho."):
    importlib.import_module(found.name)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_every_distribution_that_the_program_imports_is_in_the_bill(bill):
    done = subprocess.run(
        [sys.executable, "-c", EVERYTHING], capture_output=True, text=True, check=True
    )
    owners = metadata.packages_distributions()
    modules = json.loads(done.stdout.splitlines()[-1])
    used = {owner for name in modules for owner in owners.get(name, ())}
    assert len(used) > 20
    listed = {c.get("purl", "").partition("@")[0] for c in json.loads(bill)["components"]}
    listed.add("pkg:pypi/sekisho")
    normal = {f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}" for name in used}
    assert normal <= listed


def asked(capsys, *words):
    code = main(["gate", "vulnerabilities", "--format", "json", *map(str, words)])
    out = capsys.readouterr().out
    found = json.loads(out)
    schema = json.loads((SCHEMAS / "gate-vulnerabilities.schema.json").read_text())
    jsonschema.validate(found, schema)
    return code, found


def test_a_whole_and_fresh_copy_knows_nothing_against_what_is_installed(tmp_path, capsys):
    copy = write_copy(tmp_path / "all.zip", [], filler=1_000, modified=FRESH)
    code, found = asked(capsys, "--osv", copy)
    assert (code, found["verdict"], found["copy"]["age_days"] <= 2) == (0, "none-known", True)
    assert found["asked"] > 50
    assert any(name.startswith("openssl") for name in found["not_asked"])


def test_an_installed_package_is_hit_and_a_statement_settles_it(tmp_path, capsys):
    """The package is a real one; the advisory against it is made up."""
    document = advisory(1, "Jinja2", HERE, modified=FRESH)
    copy = write_copy(tmp_path / "all.zip", [document], filler=1_000, modified=FRESH)
    vex = tmp_path / "vex.json"
    code, found = asked(capsys, "--osv", copy, "--write-vex", vex)
    assert (code, [h["id"] for h in found["hits"]]) == (1, ["MADE-UP-1"])
    text = vex.read_text()
    assert valid(text)
    written = json.loads(text)
    assert written["vulnerabilities"][0]["analysis"] == {"state": "in_triage"}
    assert asked(capsys, "--osv", copy, "--vex", vex)[0] == 1
    analysis = {"state": "not_affected", "detail": "Made up for a test."}
    written["vulnerabilities"][0]["analysis"] = analysis
    vex.write_text(json.dumps(written))
    assert asked(capsys, "--osv", copy, "--vex", vex)[0] == 1, "no justification"
    analysis["justification"] = "code_not_reachable"
    vex.write_text(json.dumps(written))
    again = tmp_path / "again.json"
    code, found = asked(capsys, "--osv", copy, "--vex", vex, "--write-vex", again)
    assert (code, found["verdict"]) == (0, "none-known")
    assert "code_not_reachable" in found["hits"][0]["statement"]
    assert valid(again.read_text())
    assert json.loads(again.read_text())["vulnerabilities"][0]["analysis"] == analysis


def test_a_bill_from_a_file_is_asked_about_instead(tmp_path, capsys, bill):
    place = tmp_path / "bom.json"
    place.write_text(bill)
    copy = write_copy(
        tmp_path / "all.zip",
        [advisory(1, "jinja2", HERE, modified=FRESH)],
        filler=1_000,
        modified=FRESH,
    )
    code, found = asked(capsys, "--osv", copy, "--sbom", place)
    assert (code, len(found["hits"])) == (1, 1)


def test_a_stale_or_an_empty_copy_does_not_say_none_known(tmp_path, capsys):
    old = write_copy(tmp_path / "old.zip", [], filler=1_000, modified="2024-01-01T00:00:00Z")
    code, found = asked(capsys, "--osv", old)
    assert (code, found["doubts"]) == (3, ["stale"])
    empty = tmp_path / "empty"
    empty.mkdir()
    code, found = asked(capsys, "--osv", empty)
    assert (code, found["doubts"]) == (3, ["empty"])
    (empty / "odd.json").write_text("{")
    code, found = asked(capsys, "--osv", empty)
    assert (code, found["copy"]["unread"]) == (3, ["odd.json"])


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_answer_for_people_says_the_copys_age(tmp_path, capsys, lang):
    copy = write_copy(tmp_path / "all.zip", [], filler=3, modified="2024-01-01T00:00:00Z")
    assert main(["gate", "vulnerabilities", "--osv", str(copy), "--lang", lang]) == 3
    assert "2024-01-01" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 half of one"])
def test_what_is_no_copy_is_an_input_error(tmp_path, capsys, content):
    odd = tmp_path / "all.zip"
    odd.write_bytes(content)
    assert main(["gate", "vulnerabilities", "--osv", str(odd)]) == 2
    assert main(["gate", "vulnerabilities", "--osv", str(tmp_path / "absent")]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "{}", '{"bomFormat": "CycloneDX"}', "[1]", "{" * 9_999])
def test_what_is_no_bill_is_an_input_error(tmp_path, capsys, content):
    copy = write_copy(tmp_path / "all.zip", [])
    odd = tmp_path / "bom.json"
    odd.write_text(content)
    assert main(["gate", "vulnerabilities", "--osv", str(copy), "--sbom", str(odd)]) == 2
    assert "Traceback" not in capsys.readouterr().err
