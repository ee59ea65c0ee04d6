"""The evidence pack, and that nothing of the gate's tables reaches any output."""

import hashlib
import io
import json
import shutil
import zipfile

import pypdf
import pytest
from python_calamine import CalamineWorkbook

from sekisho.shell.cli.main import main
from tests.plants import EXAMPLES

CANARY = "10.99.88.77"
GATE_TABLES = f"""
[north]
broker = "{CANARY}"

[[south]]
device = "pcs-1"
address = "{CANARY}"

[fallback]
note = "{CANARY}"

[trip]
note = "{CANARY}"

[authority]
note = "{CANARY}"
"""
KNOWN = ["--known-at", "2026-11-22", "--register", str(EXAMPLES / "made-up-list.csv")]


@pytest.fixture
def plant(tmp_path):
    folder = tmp_path / "plant"
    folder.mkdir()
    text = (EXAMPLES / "auction-bms" / "site.toml").read_text(encoding="utf-8")
    (folder / "site.toml").write_text(text + GATE_TABLES, encoding="utf-8")
    return folder


def packed(plant, tmp_path, lang="ja"):
    place = tmp_path / f"{lang}.zip"
    code = main(["pack", str(plant), *KNOWN, "--lang", lang, "--out", str(place)])
    assert code == 1
    return place


def members(place):
    with zipfile.ZipFile(place) as archive:
        return {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}


def words(name, content):
    """Everything that a person or a program can read in one member."""
    if name.endswith(".pdf"):
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "".join(book.read(n).decode() for n in book.namelist())
    return content.decode()


def test_the_pack_holds_labels_diagram_findings_sources_and_hashes(plant, tmp_path):
    files = members(packed(plant, tmp_path))
    assert set(files) == {
        "1-labels.xlsx", "2-diagram.svg", "2-diagram.pdf", "3-office.pdf", "4-findings.pdf",
        "5-assessment.json", "SHA256SUMS",
    }  # fmt: skip
    sums = dict(line.split("  ")[::-1] for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name != "SHA256SUMS"
    }
    assert json.loads(files["5-assessment.json"])["verdict"] == "broken"


def test_the_workbook_has_the_label_numbers_non_ip_devices_findings_and_sources(plant, tmp_path):
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(members(packed(plant, tmp_path, "en"))["1-labels.xlsx"])
    )
    cells = {
        name: [str(c) for row in book.get_sheet_by_name(name).to_python() for c in row]
        for name in book.sheet_names
    }
    everything = [c for sheet in cells.values() for c in sheet]
    for number in ("MADE-UP-0001", "MADE-UP-0003", "MADE-UP-0004"):
        assert any(number in c for c in everything)
    assert any("bms-serial" in c for c in cells["Devices without IP"])
    assert any(c.startswith("https://") for c in cells["Sources"])
    assert any("LTDA-1" in c for c in cells["Findings"])


def test_the_same_question_gives_the_same_bytes(plant, tmp_path):
    first = packed(plant, tmp_path).read_bytes()
    shutil.move(tmp_path / "ja.zip", tmp_path / "old.zip")
    assert packed(plant, tmp_path).read_bytes() == first


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_no_member_of_the_pack_shows_a_gate_table(plant, tmp_path, lang):
    for name, content in members(packed(plant, tmp_path, lang)).items():
        assert CANARY not in words(name, content)
        assert CANARY.encode() not in content


@pytest.mark.parametrize(
    "command",
    [
        ["assess"],
        ["assess", "--format", "json"],
        ["timeline"],
        ["timeline", "--format", "json"],
        ["what-if", "--move", "contract_application=2027-03-31"],
        ["letter"],
        ["letter", "--to", "aggregator"],
        ["portfolio"],
        ["portfolio", "--format", "json"],
        ["site", "check"],
    ],
)
def test_no_command_prints_a_gate_table(plant, capsys, command):
    known = [] if command[0] == "site" else KNOWN
    main([*command, str(plant), *known])
    shown = capsys.readouterr()
    assert shown.out
    assert CANARY not in shown.out + shown.err


@pytest.mark.parametrize("suffix", [".html", ".pdf", ".svg", ".txt"])
def test_no_written_file_shows_a_gate_table(plant, tmp_path, suffix):
    place = tmp_path / f"timeline{suffix}"
    assert main(["timeline", str(plant), *KNOWN, "--out", str(place)]) == 0
    assert CANARY not in words(place.name, place.read_bytes())
    if suffix in {".html", ".pdf"}:
        main(["report", str(plant), *KNOWN, "--format", suffix[1:], "--out", str(tmp_path / "r")])
        for report in (tmp_path / "r").iterdir():
            assert CANARY not in words(report.name, report.read_bytes())
    main(["site", "draw", str(plant), *KNOWN, "--out", str(tmp_path / "d.svg")])
    assert CANARY not in (tmp_path / "d.svg").read_text(encoding="utf-8")


def test_the_canary_is_really_in_the_site_file(plant):
    assert (plant / "site.toml").read_text(encoding="utf-8").count(CANARY) == 5
